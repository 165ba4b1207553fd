"""How a deal is split between people: the panel beside it and the form behind that."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import render_template, request, url_for

from app.sdk import Context, Invalid, Panel, Refuse, _, _l
from app.sdk.services import people as names
from app.sdk.services import records
from app.sdk.web import Response, ctx, done, render, requires

from ..forecast import links, people
from . import plans
from .blueprint import goals

ROWS = 5


@goals.route("/splits/<int:deal_id>", methods=["GET", "POST"])
@requires(plans.MANAGE)
def splits(deal_id: int) -> Response:
    """Split a deal between people."""
    seen = ctx()
    deal = records.get(seen, "sales.deal", deal_id, "edit")
    problem = ""
    if request.method == "POST":
        try:
            plans.split(seen, deal_id, _shares())
            return done(
                links.deal_url(seen, deal_id) or url_for("sales_goals.commission"), toast=_("Split saved")
            )
        except (Invalid, Refuse) as error:
            problem = str(error)
    kept = [
        (one.user_id, f"{one.percent.normalize():f}")
        for one in plans.splits(seen, [deal_id]).get(deal_id, [])
    ]
    given = [(request.form.get(f"user{n}", ""), request.form.get(f"percent{n}", "")) for n in range(ROWS)]
    shown: list[Any] = given if problem else [*kept, *[("", "")] * (ROWS - len(kept))]
    return render(
        "sales/goals/splits.html",
        status=422 if problem else 200,
        title=_("Error: %(title)s", title=deal.name) if problem else _("Split of %(deal)s", deal=deal.name),
        heading=_("Split of %(deal)s", deal=deal.name),
        deal=deal,
        rows=shown,
        people=[("", "–"), *((str(p.id), p.name) for p in people.within_reach(seen))],
        problem=problem,
        back=links.deal_url(seen, deal_id),
    )


def _shares() -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for n in range(ROWS):
        who, percent = request.form.get(f"user{n}", ""), request.form.get(f"percent{n}", "").strip()
        if not who and not percent:
            continue
        try:
            if int(who) in found:
                raise ValueError
            found[int(who)] = Decimal(percent.rstrip("%").strip())
        except (ValueError, InvalidOperation) as error:
            raise Invalid({"percent": _("Choose each person once, with a percentage like 50.")}) from error
    return found


def panel(seen: Context, deal: Any) -> str | None:
    """Show how a deal is split, to those who may change it or when it is."""
    found = plans.splits(seen, [deal.id]).get(deal.id, [])
    manages = seen.may(plans.MANAGE)
    if not found and not manages:
        return None
    known = names.user_names(seen, {one.user_id for one in found})
    return render_template(
        "sales/goals/split_panel.html",
        shares=[(known.get(one.user_id, "–"), f"{one.percent.normalize():f}") for one in found],
        edit=url_for("sales_goals.splits", deal_id=deal.id) if manages else None,
    )


PANELS = (
    Panel(
        name="split",
        label=_l("Commission split"),
        slot="sales.deal.side",
        view=panel,
        order=80,
        permission="sales.deal.view",
    ),
)
