"""What is reached of goals: counted now from records that the person owns, as far as the reader sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context, Kind
from app.sdk.filters import ExprError, criterion
from app.sdk.services import fields

from ..people.models import Employee
from .models import Goal

NUMBERS = (Kind.NUMBER, Kind.MONEY)


def of(ctx: Context, goals: Sequence[Goal]) -> dict[int, Decimal | None]:
    """Return goal → what is reached; None where nothing was written down and nothing can be counted."""
    people = {g.employee_id for g in goals if g.counts and g.employee_id}
    query = select(Employee.id, Employee.user_id).where(Employee.id.in_(people))
    users = {row.id: row.user_id for row in ctx.session.execute(query)}
    return {g.id: _counted(ctx, g, users.get(g.employee_id or 0)) if g.counts else g.current for g in goals}


def column(ctx: Context, entity: str, name: str) -> Any:
    """Return the column of a field with a number that the reader sees, or None."""
    found = next((f for f in fields.visible(ctx, entity) if f.key == name and f.kind in NUMBERS), None)
    return (
        getattr(ctx.schema.entity(entity).model, found.column) if found is not None and found.column else None
    )


def _counted(ctx: Context, goal: Goal, user_id: int | None) -> Decimal | None:
    if user_id is None or not ctx.schema.has(goal.counts):
        return None
    model = ctx.schema.entity(goal.counts).model
    adds = column(ctx, goal.counts, goal.adds) if goal.adds else None
    if goal.adds and adds is None:
        return None
    try:
        query = select(func.count(model.id) if adds is None else func.sum(adds)).where(
            model.owner_id == user_id
        )
        if goal.condition:
            query = query.where(criterion(ctx, goal.counts, goal.condition))
    except ExprError:
        return None
    for text, after in ((goal.starts_on, True), (goal.ends_on, False)):
        if text:
            at = datetime.combine(datetime.fromisoformat(text), time(0), ctx.zone).astimezone(UTC)
            query = query.where(
                model.created_at >= at if after else model.created_at < at + timedelta(days=1)
            )
    return Decimal(ctx.session.execute(query).scalar() or 0)
