"""Snapshots: how all deals stood at a moment, written down every week so that later it can be said what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, literal, or_, select, update

from app.sdk import Context, NotVisible, _
from app.sdk.services import unit

from ..deals.models import Deal
from . import board
from .models import Snapshot, SnapshotDeal

JOB = "sales.forecast_snapshot"
TAKE = "sales.forecast.snapshot"
WON_DAYS = 400
"""For how long won deals stay in snapshots: a fiscal year and a little more."""

KEPT_WEEKS = 26
"""Older snapshots are thinned out to the last of each month."""

COLUMNS = (
    "snapshot_id",
    "deal_id",
    "owner_id",
    "team_id",
    "pipeline_id",
    "stage_id",
    "outcome",
    "category",
    "amount_base",
    "percent",
    "close_on",
)


@unit
def take(ctx: Context, kind: str = "asked") -> Snapshot:
    """Write down how all deals stand now. `ctx` is one that sees everything; a weekly one is taken once a day."""
    day = ctx.now.astimezone(ctx.zone).date()
    known = ctx.session.execute(
        select(Snapshot).where(Snapshot.day == day.isoformat(), Snapshot.kind == "weekly")
    )
    if kind == "weekly" and (found := known.scalars().first()) is not None:
        return found
    made = Snapshot(at=ctx.now, day=day.isoformat(), kind=kind, user_id=ctx.user.id)
    ctx.session.add(made)
    ctx.session.flush()
    ctx.session.execute(insert(SnapshotDeal).from_select(COLUMNS, _standing(ctx, made.id, day)))
    counted = select(func.count()).where(SnapshotDeal.snapshot_id == made.id).scalar_subquery()
    ctx.session.execute(update(Snapshot).where(Snapshot.id == made.id).values(deals=counted))
    _thin(ctx, day)
    ctx.session.flush()
    return made


def run(ctx: Context, args: Mapping[str, Any]) -> None:
    """Take a snapshot as a job: the weekly one, or one that somebody asked for."""
    take(ctx, "asked" if args.get("kind") == "asked" else "weekly")


def latest(ctx: Context, limit: int = 60) -> Sequence[Snapshot]:
    """Return the snapshots there are, the latest first."""
    query = select(Snapshot).order_by(Snapshot.day.desc(), Snapshot.id.desc()).limit(limit)
    return ctx.session.execute(query).scalars().all()


def get(ctx: Context, snapshot_id: int) -> Snapshot:
    """Return a snapshot. Raises NotVisible."""
    found = ctx.session.get(Snapshot, snapshot_id)
    if found is None:
        raise NotVisible(_("There is no such snapshot."))
    return found


def before(ctx: Context, day: date) -> Snapshot | None:
    """Return the last snapshot on a day or before it; None when there is none."""
    query = select(Snapshot).where(Snapshot.day <= day.isoformat())
    return (
        ctx.session.execute(query.order_by(Snapshot.day.desc(), Snapshot.id.desc()).limit(1))
        .scalars()
        .first()
    )


def after(ctx: Context, day: date, until: date) -> Snapshot | None:
    """Return the first snapshot from a day on until another, both included; None when there is none."""
    query = select(Snapshot).where(Snapshot.day.between(day.isoformat(), until.isoformat()))
    return ctx.session.execute(query.order_by(Snapshot.day, Snapshot.id).limit(1)).scalars().first()


def _standing(ctx: Context, snapshot_id: int, day: date) -> Any:
    since = (day - timedelta(days=WON_DAYS)).isoformat()
    own = [getattr(Deal, name) for name in COLUMNS[2:9]]
    return select(literal(snapshot_id), Deal.id, *own, board.percent(ctx), Deal.close_on).where(
        Deal.deleted_at.is_(None),
        or_(Deal.outcome == "open", (Deal.outcome == "won") & (Deal.close_on >= since)),
    )


def _thin(ctx: Context, day: date) -> None:
    old = (day - timedelta(weeks=KEPT_WEEKS)).isoformat()
    month = func.substr(Snapshot.day, 1, 7)
    last = select(func.max(Snapshot.id)).where(Snapshot.day < old).group_by(month)
    ids = ctx.session.execute(
        select(Snapshot.id).where(Snapshot.day < old, Snapshot.id.not_in(last))
    ).scalars()
    gone = list(ids)
    if gone:
        ctx.session.execute(delete(Snapshot).where(Snapshot.id.in_(gone)))
