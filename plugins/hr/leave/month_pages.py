"""Who is away in a month, among those whom the reader sees; why, only for those whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from flask import request, url_for
from sqlalchemy import or_, select

from app.sdk import Context, _
from app.sdk.services import access, as_house
from app.sdk.web import Response, ctx, render, requires

from ..people import employees
from ..people.models import Employee
from . import balance, calendars
from .blueprint import pages
from .choices import ABSENCE, APPROVED, HOLDING
from .models import Absence

MOST = 60


@pages.get("/team")
@requires(f"{ABSENCE}.view")
def team() -> Response:
    """Show the month: a line for each colleague, a cell for each day."""
    asked = ctx()
    today = asked.now.astimezone(asked.zone).date()
    first = _month(request.args.get("month", ""), today)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    after = request.args.get("after", 0, type=int)
    seen = _seen(asked, first, last, after)
    days = [first + timedelta(days=n) for n in range(last.day)]
    shown = seen[:MOST]
    return render(
        "hr/leave/team.html",
        title=_("Who is away"),
        month=format_date(first, "LLLL yyyy", locale=asked.locale),
        days=[
            {"n": d.day, "name": format_date(d, "EEEE d", locale=asked.locale), "today": d == today}
            for d in days
        ],
        lines=_lines(asked, shown, days),
        before=url_for("hr_leave.team", month=(first - timedelta(days=1)).strftime("%Y-%m")),
        next=url_for("hr_leave.team", month=(last + timedelta(days=1)).strftime("%Y-%m")),
        more=url_for("hr_leave.team", month=first.strftime("%Y-%m"), after=shown[-1].id)
        if len(seen) > MOST
        else "",
    )


def _month(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 1990 < found.year < 2200 else today.replace(day=1)


def _seen(asked: Context, first: date, last: date, after: int) -> Sequence[Employee]:
    query = select(Employee).where(
        Employee.started_on <= last.isoformat(),
        or_(Employee.ended_on == "", Employee.ended_on >= first.isoformat()),
        employees.behind(after),
    )
    return asked.session.execute(query.order_by(Employee.name, Employee.id).limit(MOST + 1)).scalars().all()


def _lines(asked: Context, shown: Sequence[Employee], days: Sequence[date]) -> list[dict[str, Any]]:
    hours = calendars.of(asked, shown)
    kinds = {kind.id: kind.name for kind in balance.types(asked)}
    by_employee: dict[int, list[Absence]] = {}
    absences = _absences([e.id for e in shown], days)
    told = access.visible_ids(asked, Absence, [a.id for a in absences])
    for absence in absences:
        if absence.status == APPROVED or absence.id in told:
            by_employee.setdefault(absence.employee_id or 0, []).append(absence)
    return [
        {
            "name": e.name,
            "url": url_for("hr_people.show", record_id=e.id),
            "cells": [_cell(d, hours[e.id], by_employee.get(e.id, ()), told, kinds) for d in days],
        }
        for e in shown
    ]


def _absences(ids: Sequence[int], days: Sequence[date]) -> Sequence[Absence]:
    """Return who of some employees is away: that somebody is, is no secret to who sees the person; why, is."""
    query = select(Absence).where(
        Absence.employee_id.in_(ids),
        Absence.status.in_(HOLDING),
        Absence.last_on >= days[0].isoformat(),
        Absence.first_on <= days[-1].isoformat(),
    )
    with as_house("who of the colleagues is away") as house:
        return house.session.execute(query.order_by(Absence.id).limit(2000)).scalars().all()


def _cell(
    day: date, hours: Any, absences: Sequence[Absence], told: set[int], kinds: dict[int, str]
) -> dict[str, str]:
    iso = day.isoformat()
    found = next((a for a in absences if a.first_on <= iso <= a.last_on), None)
    if found is not None and hours.is_working_day(day):
        words = kinds.get(found.type_id or 0, "") if found.id in told else ""
        return {"is": "away" if found.status == APPROVED else "asked", "label": words or _("Away")}
    if holiday := hours.holiday(day):
        return {"is": "holiday", "label": holiday}
    return {"is": "" if hours.is_working_day(day) else "off", "label": ""}
