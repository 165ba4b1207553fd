"""Two moments of a forecast compared, out of the database: a snapshot with another, or with now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.sdk import Context
from app.sdk.services import access

from ..deals.models import Deal
from . import amounts, board, changes
from .asked import Asked
from .changes import CATEGORIES, Kind, Part, Standing
from .models import Snapshot, SnapshotDeal

STANDING = ("outcome", "category", "amount_base", "close_on", "owner_id", "team_id", "pipeline_id")
TRASH = {access.WITH_TRASH: True}
"""What was thrown away since counted then: it is one of the changes."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A deal with how it stood then and now, and what of that makes the difference."""

    deal_id: int
    name: str
    gone: bool
    then: Standing | None
    now: Standing | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The totals by category then and now, and every change between them."""

    then: Mapping[str, Decimal]
    now: Mapping[str, Decimal]
    changed: Sequence[Changed]

    @property
    def kinds(self) -> list[Kind]:
        """The changes by kind."""
        return changes.summed(part for one in self.changed for part in one.parts)

    def of_kind(self, kind: str) -> list[tuple[Changed, Part]]:
        """Return the deals that changed in a way, the largest difference first."""
        found = [(one, part) for one in self.changed for part in one.parts if part.kind == kind]
        return sorted(found, key=lambda pair: (-max(pair[1].out, pair[1].came), pair[0].deal_id))


def between(ctx: Context, asked: Asked, then: Snapshot, now: Snapshot | None = None) -> Comparison:
    """Compare a snapshot with a later one, or with how deals stand now, as far as the reader sees them today."""
    rows: dict[int, Any] = {}
    for first in (True, False):
        for row in ctx.session.execute(_different(asked, then, now, of_then=first), execution_options=TRASH):
            rows[row.id] = row
    found = [_changed(asked, then, now, row) for row in rows.values()]
    return Comparison(
        then=totals(ctx, asked, then),
        now=totals(ctx, asked, now) if now is not None else board.added(board.lines(ctx, asked)).sums,
        changed=[one for one in found if one.parts],
    )


def totals(ctx: Context, asked: Asked, snapshot: Snapshot) -> Mapping[str, Decimal]:
    """Return the sums by category of a snapshot."""
    named = board.bucket(SnapshotDeal).label("bucket")
    query = (
        select(named, amounts.total(SnapshotDeal.amount_base).label("total"))
        .join(Deal, Deal.id == SnapshotDeal.deal_id)
        .where(*_in(asked, SnapshotDeal, snapshot))
        .group_by(named)
    )
    rows = ctx.session.execute(query, execution_options=TRASH)
    return dict.fromkeys(CATEGORIES, Decimal(0)) | {row.bucket: amounts.money(row.total) for row in rows}


def weighted(ctx: Context, asked: Asked, snapshot: Snapshot) -> Decimal:
    """Return the weighted sum of a snapshot: what was won weighs in full, the rest by its probability then."""
    query = (
        select(amounts.weighted(SnapshotDeal.amount_base, SnapshotDeal.percent))
        .join(Deal, Deal.id == SnapshotDeal.deal_id)
        .where(*_in(asked, SnapshotDeal, snapshot))
    )
    return amounts.money_weighted(ctx.session.execute(query, execution_options=TRASH).scalar_one())


def _in(asked: Asked, table: Any, snapshot: Snapshot) -> list[Any]:
    return [
        table.snapshot_id == snapshot.id,
        board.counts(table),
        asked.dated(table.close_on),
        *asked.whose(table),
    ]


def _different(asked: Asked, then: Snapshot, now: Snapshot | None, *, of_then: bool) -> Any:
    """Return the select of deals that count then (or now) and stand differently at the other moment."""
    past = aliased(SnapshotDeal)
    later: Any = aliased(SnapshotDeal) if now is not None else Deal
    columns = [getattr(past, name).label(f"then_{name}") for name in STANDING]
    columns += [getattr(later, name).label(f"now_{name}") for name in STANDING]
    known_now = later.id if now is not None else Deal.id
    query = select(
        Deal.id,
        Deal.name,
        Deal.deleted_at,
        Deal.created_at,
        past.id.label("then_id"),
        known_now.label("now_id"),
        *columns,
    ).select_from(Deal)
    was = and_(past.deal_id == Deal.id, past.snapshot_id == then.id)
    query = query.join(past, was, isouter=not of_then)
    if now is not None:
        query = query.join(
            later, and_(later.deal_id == Deal.id, later.snapshot_id == now.id), isouter=of_then
        )
    differs = [getattr(past, name).is_distinct_from(getattr(later, name)) for name in STANDING]
    if now is None:
        differs.append(Deal.deleted_at.is_not(None))
    if of_then:
        return query.where(*_in(asked, past, then), or_(*differs))
    if now is not None:
        return query.where(*_in(asked, later, now), or_(*differs))
    return query.where(Deal.deleted_at.is_(None), *board.condition(asked), or_(*differs))


def _changed(asked: Asked, then: Snapshot, now: Snapshot | None, row: Any) -> Changed:
    gone = row.deleted_at is not None and (now is None or row.deleted_at <= now.at)
    past = _stood(row, "then_") if row.then_id is not None else None
    later = _stood(row, "now_") if row.now_id is not None and not gone else None
    if now is not None and past is not None and later is None and not gone:
        later = replace(past, outcome="lost")  # a snapshot leaves out what was lost
    parts = changes.of_deal(asked.scope(), past, later, existed=row.created_at <= then.at)
    return Changed(
        deal_id=row.id,
        name=row.name,
        gone=row.deleted_at is not None,
        then=past,
        now=later,
        parts=tuple(parts),
    )


def _stood(row: Any, prefix: str) -> Standing:
    values = {name: getattr(row, prefix + name) for name in STANDING}
    return Standing(deal_id=row.id, amount=values.pop("amount_base"), **values)


def counted(ctx: Context, snapshot: Snapshot) -> int:
    """Return how many deals of a snapshot the reader may see."""
    query = select(func.count()).select_from(SnapshotDeal).join(Deal, Deal.id == SnapshotDeal.deal_id)
    return int(ctx.session.execute(query.where(SnapshotDeal.snapshot_id == snapshot.id)).scalar_one())
