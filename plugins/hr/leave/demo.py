"""Made-up kinds of leave and absences for `kith demo`."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.sdk import Context, Refuse
from app.sdk.services import records

from ..people.models import Employee
from .choices import ABSENCE, REQUESTED, TYPE
from .models import LeaveType

TYPES = (
    {
        "name": "Vacation",
        "counted": True,
        "days_a_year": Decimal(28),
        "accrual": "year",
        "carry_days": Decimal(5),
        "carry_until": "03-31",
        "decided": True,
    },
    {"name": "Sick leave", "counted": False, "decided": False},
    {"name": "Special leave", "counted": False, "decided": True},
)
TIMES = (
    (3, -200, 9, 0, ""),
    (3, -20, 2, 1, ""),
    (4, 10, 4, 0, REQUESTED),
    (5, -1, 3, 0, ""),
    (6, 30, 11, 0, REQUESTED),
)
"""Whose (in the order of names), in how many days, for how long, which kind, and what it is if it is not approved."""


def build(ctx: Context) -> None:
    """Make kinds of leave and a few absences; where there are kinds already, nothing is added."""
    if ctx.session.execute(select(LeaveType.id).limit(1)).scalar() is not None:
        return
    kinds = [records.create(ctx, TYPE, values) for values in TYPES]
    staff = list(ctx.session.execute(select(Employee).order_by(Employee.id).limit(7)).scalars())
    today = ctx.now.astimezone(ctx.zone).date()
    for who, days, length, kind, status in TIMES:
        if who >= len(staff):
            continue
        first = today + timedelta(days=days)
        values = {
            "employee_id": staff[who].id,
            "type_id": kinds[kind].id,
            "first_on": first.isoformat(),
            "last_on": (first + timedelta(days=length)).isoformat(),
        }
        try:
            made = records.create(ctx, ABSENCE, values)
        except Refuse:
            continue  # holidays alone
        if status:
            records.update(ctx, ABSENCE, made.id, {"status": status})
