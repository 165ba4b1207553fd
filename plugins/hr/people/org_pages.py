"""The page of the org chart: of today or of a day, the whole house or from a person downwards; it prints as it stands."""

from __future__ import annotations

from datetime import date

from flask import request

from app.sdk import _
from app.sdk.services import records
from app.sdk.web import Response, ctx, render, requires

from . import org
from .blueprint import pages
from .choices import EMPLOYEE


@pages.get("/org")
@requires(f"{EMPLOYEE}.view")
def org_chart() -> Response:
    """Show the org chart."""
    asked = ctx()
    today = asked.now.astimezone(asked.zone).date()
    typed, problem = request.args.get("day", ""), ""
    try:
        day = date.fromisoformat(typed) if typed else today
    except ValueError:
        day, problem = today, _("“%(text)s” is no date.", text=typed[:40])
    top = request.args.get("top", type=int)
    chart = org.of_day(asked, day.isoformat(), top)
    return render(
        "hr/people/org.html",
        status=422 if problem else 200,
        title=_("Org chart"),
        chart=chart,
        day=day.isoformat(),
        today=day == today,
        top=records.get(asked, EMPLOYEE, top) if top is not None else None,
        size=(org.WIDE, org.HIGH),
        problem=problem,
    )
