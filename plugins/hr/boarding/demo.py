"""Made-up checklists for `kith demo`."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk import Context

from ..people.models import Employee
from . import service
from .models import Checklist

LINES = (
    [-7, "hr", "Order the laptop"],
    [0, "manager", "Show the house"],
    [3, "self", "Read the rules of safety"],
)


def build(ctx: Context) -> None:
    """Make one for who comes and one for who goes, the first started for the latest colleague; only once."""
    if ctx.session.execute(select(Checklist.id).limit(1)).scalar() is not None:
        return
    coming = Checklist(name="A new colleague", lines=[*LINES])
    going = Checklist(
        name="Somebody leaves",
        leaving=True,
        lines=[[-3, "manager", "Hand the work over"], [0, "hr", "Take the keys back"]],
    )
    ctx.session.add_all([coming, going])
    ctx.session.flush()
    query = (
        select(Employee.id).where(Employee.started_on != "").order_by(Employee.started_on.desc(), Employee.id)
    )
    if (latest := ctx.session.execute(query.limit(1)).scalar()) is not None:
        service.start(ctx, latest, coming.id)
