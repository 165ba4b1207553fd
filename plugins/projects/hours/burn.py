"""What a project has taken, and what it will have taken in the end: by its estimates, or else by its progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context

from ..plan import days, reading
from ..plan.models import Project
from .models import Entry

CENT = Decimal("0.01")
MOST_WEEKS = 104


@dataclass(frozen=True, kw_only=True)
class Burn:
    """Minutes and money: spent, still to come, expected in the end. `guess` tells what the forecast goes by.

    `guess` is "estimates", "progress" or "" where nothing says how much is left; then nothing is expected.
    """

    spent: int
    billable: int
    amount: Decimal
    left: int | None
    guess: str
    unestimated: int
    budget: int | None
    price: Decimal | None
    rate: Decimal | None

    @property
    def expected(self) -> int | None:
        """The minutes that it will have taken in the end."""
        return None if self.left is None else self.spent + self.left

    @property
    def expected_amount(self) -> Decimal | None:
        """What it will have come to: what is worked already, and the rest at the usual price of an hour."""
        if self.left is None or self.rate is None:
            return None
        return (self.amount + self.rate * self.left / 60).quantize(CENT, ROUND_HALF_UP)

    @property
    def over(self) -> bool:
        """Tell whether more hours are expected than there are in the budget."""
        return bool(self.budget) and (self.expected or self.spent) > (self.budget or 0)

    @property
    def over_price(self) -> bool:
        """Tell whether it is expected to come to more than the budget in money."""
        expected = self.amount if self.expected_amount is None else self.expected_amount
        return self.price is not None and expected > self.price


def burn(ctx: Context, plan: reading.Plan) -> Burn:
    """Return what a project has taken and will take, of the hours that the principal sees."""
    project = plan.project
    by_task = _by_task(ctx, project.id)
    spent = sum(row.minutes for row in by_task.values())
    amount = sum((row.amount for row in by_task.values()), Decimal(0))
    billable = sum(row.billable for row in by_task.values())
    left, guess, unestimated = _left(plan, {k: row.minutes for k, row in by_task.items()}, spent)
    rate = project.rate
    if rate is None and billable:
        rate = (amount * 60 / billable).quantize(CENT, ROUND_HALF_UP)
    return Burn(
        spent=spent,
        billable=billable,
        amount=amount,
        left=left,
        guess=guess,
        unestimated=unestimated,
        budget=project.budget_hours * 60 if project.budget_hours is not None else None,
        price=project.budget,
        rate=rate,
    )


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Minutes, those that are billed, and what they come to."""

    minutes: int
    billable: int
    amount: Decimal


def _by_task(ctx: Context, project_id: int) -> dict[int | None, Spent]:
    billed = func.sum(Entry.minutes).filter(Entry.billable.is_(True))
    query = select(Entry.task_id, func.sum(Entry.minutes), billed, func.sum(Entry.amount))
    query = query.where(Entry.project_id == project_id).group_by(Entry.task_id).order_by(Entry.task_id)
    return {
        row[0]: Spent(
            minutes=int(row[1] or 0), billable=int(row[2] or 0), amount=Decimal(row[3] or 0).quantize(CENT)
        )
        for row in ctx.session.execute(query)
    }


def _left(plan: reading.Plan, spent: Mapping[int | None, int], total: int) -> tuple[int | None, str, int]:
    """Return how many minutes are left, by what that is known, and how many open tasks have no estimate."""
    still = [item for item in plan.items if not item.done]
    unestimated = sum(item.estimate is None for item in still)
    if plan.items and not still:
        return 0, "estimates", 0
    if any(item.estimate for item in still):
        left = sum(max((item.estimate or 0) - spent.get(item.id, 0), 0) for item in still)
        return left, "estimates", unestimated
    if plan.percent and total:
        return round(total * (100 - plan.percent) / plan.percent), "progress", unestimated
    return None, "", unestimated


def weeks(ctx: Context, project: Project) -> list[tuple[date, int, int]]:
    """Return the weeks from the first hours to the last: Monday, minutes in it, minutes in all up to its end."""
    query = select(Entry.day, func.sum(Entry.minutes)).where(Entry.project_id == project.id)
    rows = ctx.session.execute(query.group_by(Entry.day).order_by(Entry.day).limit(MOST_WEEKS * 7)).all()
    by_week: dict[date, int] = {}
    for row in rows:
        if (day := days.parsed(row[0])) is not None:
            monday = day - timedelta(days=day.weekday())
            by_week[monday] = by_week.get(monday, 0) + int(row[1])
    if not by_week:
        return []
    found: list[tuple[date, int, int]] = []
    total, monday = 0, min(by_week)
    while monday <= max(by_week) and len(found) < MOST_WEEKS:
        total += by_week.get(monday, 0)
        found.append((monday, by_week.get(monday, 0), total))
        monday += timedelta(days=7)
    return found


def people(ctx: Context, project_id: int) -> Sequence[Any]:
    """Return who worked how many minutes for a project and what they come to, those with the most first."""
    minutes = func.sum(Entry.minutes)
    query = select(Entry.owner_id, minutes.label("minutes"), func.sum(Entry.amount).label("amount"))
    query = query.where(Entry.project_id == project_id).group_by(Entry.owner_id)
    return ctx.session.execute(query.order_by(minutes.desc(), Entry.owner_id).limit(50)).all()
