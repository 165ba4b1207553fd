"""What counts for a person's commission in a period: shares of won deals, and what is taken back.

Read for the house, whoever asks: a statement is the same for the person and the manager. Deals that were won, or were
no longer won, within periods that had been closed before are settled in the first open period after them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from app.sdk import Context
from app.sdk.services import access

from ..deals.models import Deal, Stage, StageChange
from ..forecast.periods import Period
from . import plans
from .commission import HUNDRED, shares
from .models import Plan, Split, Statement, StatementLine

WON, CLAWBACK = "won", "clawback"


@dataclass(frozen=True, kw_only=True)
class Share:
    """A person's share of a won deal: `percent` of `deal_amount` is `amount`."""

    deal_id: int
    name: str
    day: str
    deal_amount: Decimal
    percent: Decimal
    amount: Decimal


def since(ctx: Context, plan: Plan, user_id: int, period: Period) -> date:
    """Return from which day on things are settled in a period: its own first, or that of closed ones before it."""
    query = select(Statement.starts_on).where(
        Statement.plan_id == plan.id,
        Statement.user_id == user_id,
        Statement.starts_on < period.start.isoformat(),
    )
    closed = set(ctx.session.execute(query).scalars())
    first = period
    while first.previous.start.isoformat() in closed:
        first = first.previous
    return first.start


def won(ctx: Context, plan: Plan, user_id: int, period: Period) -> list[Share]:
    """Return a person's shares of the deals that were won, in the order of their days."""
    first = max(since(ctx, plan, user_id, period).isoformat(), plan.starts_on)
    last = min(period.end.isoformat(), plan.ends_on or "9999")
    split = exists().where(Split.deal_id == Deal.id)
    mine = exists().where(Split.deal_id == Deal.id, Split.user_id == user_id)
    query = (
        select(Deal.id, Deal.name, Deal.close_on, Deal.amount_base)
        .where(
            Deal.outcome == "won",
            Deal.close_on.between(first, last),
            or_(and_(Deal.owner_id == user_id, ~split), mine),
            Deal.id.not_in(_settled(user_id, period)),
        )
        .order_by(Deal.close_on, Deal.id)
    )
    rows = ctx.session.execute(query).all()
    parted = plans.splits(ctx, [row.id for row in rows])
    return [_share(row, parted.get(row.id, []), user_id) for row in rows]


def _settled(user_id: int, period: Period) -> Any:
    """Return the select of deals that another closed statement of the person paid, and none took back."""
    balance = func.sum(case((StatementLine.kind == WON, 1), else_=-1))
    return (
        select(StatementLine.deal_id)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(
            Statement.user_id == user_id,
            Statement.starts_on != period.start.isoformat(),
            StatementLine.deal_id.is_not(None),
        )
        .group_by(StatementLine.deal_id)
        .having(balance > 0)
    )


def _share(row: Any, parted: Sequence[Split], user_id: int) -> Share:
    amount = Decimal(row.amount_base)
    percents = [one.percent for one in parted] or [HUNDRED]
    place = next((n for n, one in enumerate(parted) if one.user_id == user_id), 0)
    return Share(
        deal_id=row.id,
        name=row.name,
        day=row.close_on,
        deal_amount=amount,
        percent=percents[place],
        amount=shares(amount, percents)[place],
    )


def taken_back(ctx: Context, plan: Plan, user_id: int, period: Period) -> list[tuple[StatementLine, str]]:
    """Return what closed statements paid for deals that are won no more, each with the day on which that ended."""
    if not plan.clawback_days:
        return []
    query = (
        select(StatementLine)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .outerjoin(Deal, Deal.id == StatementLine.deal_id)
        .where(
            Statement.plan_id == plan.id,
            Statement.user_id == user_id,
            Statement.starts_on < period.start.isoformat(),
            StatementLine.kind == WON,
            StatementLine.deal_id.in_(_settled(user_id, period)),
            or_(Deal.outcome != "won", Deal.deleted_at.is_not(None)),
        )
        .order_by(StatementLine.id)
    )
    rows = ctx.session.execute(query, execution_options={access.WITH_TRASH: True}).scalars().all()
    latest = {row.deal_id: row for row in rows}
    ended = _ended(ctx, [i for i in latest if i is not None])
    first = since(ctx, plan, user_id, period)
    found = []
    for deal_id, row in latest.items():
        day = ended.get(deal_id or 0)
        if day is None or not first <= day <= period.end:
            continue
        if day - date.fromisoformat(row.day) <= timedelta(days=plan.clawback_days):
            found.append((row, day.isoformat()))
    return found


def _ended(ctx: Context, deal_ids: Sequence[int]) -> Mapping[int, date]:
    """Return on which day deals that were won were opened again, lost or thrown away."""
    won_stages = select(Stage.id).where(Stage.outcome == WON)
    left = (
        select(StageChange.deal_id, func.max(StageChange.at).label("at"))
        .where(StageChange.deal_id.in_(deal_ids), StageChange.from_stage_id.in_(won_stages))
        .group_by(StageChange.deal_id)
    )
    found = {row.deal_id: row.at.astimezone(ctx.zone).date() for row in ctx.session.execute(left)}
    query = select(Deal.id, Deal.deleted_at, Deal.updated_at).where(Deal.id.in_(deal_ids))
    for row in ctx.session.execute(query, execution_options={access.WITH_TRASH: True}):
        at = row.deleted_at or (None if row.id in found else row.updated_at)
        if at is not None:
            found[row.id] = at.astimezone(ctx.zone).date()
    return found
