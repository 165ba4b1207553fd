"""Demonstration of forecasts and goals: quotas, a plan with statements, activity goals, snapshots of the last weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.sdk import Context, _
from app.sdk.models import User
from app.sdk.services import acting, people

from ..deals.models import Deal, Stage, StageChange
from ..forecast import calls, periods
from ..forecast.models import Snapshot, SnapshotDeal
from ..forecast.people import Person
from . import activity, hints, plans, quotas, statements

WEEKS = 26
QUOTA = Decimal(1_200_000)
SELLERS = frozenset({"representative", "manager"})


def build(demo: Any) -> None:
    """Set goals for the people of the demonstration who sell, and write down how their deals stood in weeks past."""
    ctx: Context = demo
    with acting(ctx):
        sellers = _sellers(ctx)
        if not sellers or ctx.session.execute(select(Deal.id).limit(1)).first() is None:
            return
        _quotas(ctx, sellers)
        _commission(ctx, sellers)
        for metric, unit, target in (("calls", "week", 20), ("meetings", "week", 4), ("deals", "month", 5)):
            activity.save(ctx, user_id=None, role="representative", metric=metric, unit_=unit, target=target)
        _weeks(ctx)
        _words(ctx, sellers)
        hints.learn(ctx, least=2)


def _sellers(ctx: Context) -> Sequence[User]:
    every = ctx.session.execute(select(User).where(User.active.is_(True)).order_by(User.id)).scalars().all()
    roles = people.roles_of(ctx, [user.id for user in every])
    return [user for user in every if roles[user.id] & SELLERS]


def _today(ctx: Context) -> Any:
    return ctx.now.astimezone(ctx.zone).date()


def _quotas(ctx: Context, sellers: Sequence[User]) -> None:
    present = periods.of_day(_today(ctx), "quarter")
    quotas.save(
        ctx,
        [
            quotas.Asked(who=(user.id, None), period=period, metric=quotas.AMOUNT, target=QUOTA)
            for user in sellers
            for period in periods.around(present, 4, 1)
        ],
    )


def _commission(ctx: Context, sellers: Sequence[User]) -> None:
    plan = plans.save(
        ctx,
        None,
        {
            "name": _("Sales team"),
            "unit": "quarter",
            "of_quota": True,
            "tiers": "0: 1.5\n60: 2.5\n100: 4",
            "clawback_days": 180,
            "members": [user.id for user in sellers],
        },
    )
    first = periods.of_day(_today(ctx), "quarter").previous.previous
    statements.close(ctx, plan, first)


def _words(ctx: Context, sellers: Sequence[User]) -> None:
    """Let everybody who sells say what the quarter will bring."""
    present = periods.of_day(_today(ctx), "quarter")
    for number, user in enumerate(sellers):
        own = replace(ctx, user=replace(ctx.user, id=user.id))
        person = Person(id=user.id, name=user.name, team_id=user.team_id)
        calls.say(
            own, present, person, Decimal(900_000 + 150_000 * number), _("Two large roofs are near the end.")
        )


def _weeks(ctx: Context) -> None:
    """Write down how deals stood at the end of each of the last weeks, out of the log of their moves."""
    deals = ctx.session.execute(select(Deal).order_by(Deal.id)).scalars().all()
    moves = ctx.session.execute(select(StageChange).order_by(StageChange.at, StageChange.id)).scalars().all()
    stages = {stage.id: stage for stage in ctx.session.execute(select(Stage)).scalars()}
    for week in range(WEEKS, 0, -1):
        at = ctx.now - timedelta(weeks=week)
        last = {move.deal_id: move for move in moves if move.at < at}
        rows = [_row(deal, last[deal.id], stages, at) for deal in deals if deal.id in last]
        kept = [row for row in rows if row is not None]
        made = Snapshot(at=at, day=at.astimezone(ctx.zone).date().isoformat(), deals=len(kept))
        ctx.session.add(made)
        ctx.session.flush()
        for row in kept:
            row.snapshot_id = made.id
        ctx.session.add_all(kept)
    ctx.session.flush()


def _row(deal: Deal, move: StageChange, stages: Mapping[int, Stage], at: datetime) -> SnapshotDeal | None:
    """Return how a deal stood after a move; None where a snapshot leaves it out."""
    stage = stages.get(move.to_stage_id or 0)
    if stage is None or stage.outcome == "lost":
        return None
    hoped = "commit" if stage.probability >= 60 else "best" if stage.probability >= 30 else "pipeline"
    won = stage.outcome == "won"
    return SnapshotDeal(
        deal_id=deal.id,
        owner_id=deal.owner_id,
        team_id=deal.team_id,
        pipeline_id=deal.pipeline_id,
        stage_id=stage.id,
        outcome=stage.outcome,
        category="closed" if won else deal.category if deal.outcome == "open" else hoped,
        amount_base=move.amount_base,
        percent=stage.probability,
        close_on=move.close_on or (at + timedelta(days=60)).date().isoformat(),
    )
