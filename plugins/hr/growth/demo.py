"""Made-up goals and a round of reviews for `kith demo`."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import records

from ..people.models import Employee
from . import reviews
from .entities import GOAL
from .models import Goal


def build(ctx: Context) -> None:
    """Make a few; where there are goals already, nothing is added."""
    if ctx.session.execute(select(Goal.id).limit(1)).scalar() is not None:
        return
    today = ctx.now.astimezone(ctx.zone).date()
    days = {"starts_on": f"{today.year}-01-01", "ends_on": f"{today.year}-12-31"}
    staff = list(ctx.session.execute(select(Employee).order_by(Employee.id).limit(5)).scalars())
    for employee in staff[1:]:
        values = {"title": "Talk to 40 customers", "target": Decimal(40), "counts": "interaction"}
        records.create(ctx, GOAL, {**values, **days, "employee_id": employee.id})
        values = {"title": "Learn a new skill", "target": Decimal(1), "current": Decimal(0)}
        records.create(ctx, GOAL, {**values, **days, "employee_id": employee.id})
    questions = ("What went well?", "What was hard?", "What comes next?")
    until = (today + timedelta(days=30)).isoformat()
    reviews.begin(ctx, f"Review {today.year}", questions, (today.isoformat(), until))
