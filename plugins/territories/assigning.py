"""Contacts and companies given to their territories: all of them in pieces, or some; only what changes is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.sdk import Context, filters
from app.sdk.services import enqueue, unit

from . import placing
from .matching import Ready, Row, Territories, in_force
from .models import Former, Mark, Place

PIECE = 20_000
IDS = 500
"""So many ids stand in one statement."""

JOB = "territories.assign"
HAND_ON = "territories.hand_on"
MOVED = "territories.moved"
TOLD = 1000
"""When at most so many records move at once, each is told as an event."""

COLUMNS = tuple(getattr(Place, name) for name in Row._fields if name != "record_id")


def rows(
    ctx: Context, entity: str, after: int = 0, ids: Iterable[int] | None = None, limit: int = PIECE
) -> list[Row]:
    """Return places of a kind of record in the order of their ids: those behind one, or those of some records."""
    whose = placing.column(entity)
    query = select(COLUMNS[0], whose, *COLUMNS[1:]).where(whose.is_not(None), Place.id > after)
    if ids is not None:
        query = query.where(whose.in_(list(ids)))
    return [Row(*row) for row in ctx.session.execute(query.order_by(Place.id).limit(limit))]


def condition(ctx: Context, entity: str) -> Callable[[Ready, Sequence[int]], set[int]]:
    """Return the question which of some records fulfil a territory's condition; one that means nothing here finds none."""
    model = placing.MODELS[entity]
    known: dict[str, Any] = {}

    def holds(territory: Ready, ids: Sequence[int]) -> set[int]:
        if territory.condition not in known:
            try:
                tree = filters.check(ctx, entity, territory.condition)
                known[territory.condition] = filters.criterion(ctx, entity, tree)
            except filters.ExprError:
                known[territory.condition] = None
        asked = known[territory.condition]
        found: set[int] = set()
        for some in pieces(ids) if asked is not None else ():
            found.update(ctx.session.execute(select(model.id).where(model.id.in_(some), asked)).scalars())
        return found

    return holds


def pieces(ids: Sequence[int], size: int = IDS) -> Iterable[Sequence[int]]:
    """Yield ids in pieces that fit a statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def everything(ctx: Context, territories: Territories | None = None) -> int:
    """Give all contacts and companies to their territories; return how many changed. Each piece is a unit of its own."""
    ready = territories or in_force(ctx)
    changed = 0
    for entity in placing.WHOSE:
        after = 0
        while found := rows(ctx, entity, after):
            changed += piece(ctx, entity, ready, found)
            after = found[-1].id
    return changed


def some(ctx: Context, entity: str, ids: Sequence[int]) -> int:
    """Give some records to their territories; return how many changed."""
    ready = in_force(ctx)
    return sum(piece(ctx, entity, ready, rows(ctx, entity, ids=part)) for part in pieces(ids))


def piece(ctx: Context, entity: str, ready: Territories, found: Sequence[Row]) -> int:
    """Decide about some places and write those that change; return how many of them moved."""
    decided = ready.decide(found, condition(ctx, entity))
    moved: dict[int | None, list[Row]] = {}
    marks: dict[int, tuple[int, ...]] = {}
    for row, (winner, marked) in zip(found, decided, strict=True):
        if winner != row.territory_id:
            moved.setdefault(winner, []).append(row)
        if marked:
            marks[row.id] = marked
    _mark(ctx, [row.id for row in found], marks)
    if moved:
        _write(ctx, entity, moved)
    return sum(map(len, moved.values()))


@unit
def _write(ctx: Context, entity: str, moved: Mapping[int | None, Sequence[Row]]) -> None:
    left = [row.id for group in moved.values() for row in group if row.territory_id is not None]
    for ids in pieces(left):
        known = select(Place.id, Place.territory_id, Place.since).where(Place.id.in_(ids)).order_by(Place.id)
        former = [
            {"place_id": row.id, "territory_id": row.territory_id, "since": row.since, "until": ctx.now}
            for row in ctx.session.execute(known)
            if row.territory_id is not None
        ]
        if former:
            ctx.session.execute(insert(Former), former)
    for territory_id, group in moved.items():
        for ids in pieces([row.id for row in group]):
            changed = update(Place).where(Place.id.in_(ids))
            ctx.session.execute(
                changed.values(territory_id=territory_id, since=ctx.now),
                execution_options={"synchronize_session": False},
            )
    records = [row.record_id for group in moved.values() for row in group]
    if len(records) <= TOLD:
        ctx.events.emit(MOVED, entity=entity, record_ids=records)


def _mark(ctx: Context, ids: Sequence[int], wanted: Mapping[int, tuple[int, ...]]) -> None:
    new: list[dict[str, int]] = []
    gone: list[int] = []
    there = _marked(ctx, ids)
    pairs = {(place, territory) for place, marked in wanted.items() for territory in marked}
    gone += [number for pair, number in there.items() if pair not in pairs]
    new += [{"place_id": place, "territory_id": territory} for place, territory in sorted(pairs - set(there))]
    if new or gone:
        with ctx.unit():
            for some_ids in pieces(gone):
                ctx.session.execute(
                    delete(Mark).where(Mark.id.in_(some_ids)),
                    execution_options={"synchronize_session": False},
                )
            if new:
                ctx.session.execute(insert(Mark), new)


def _marked(ctx: Context, ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return (place, territory) → id of the marks of some places; of many they are read as one stretch."""
    query = select(Mark.id, Mark.place_id, Mark.territory_id)
    if not ids:
        return {}
    if len(ids) <= IDS:
        query = query.where(Mark.place_id.in_(ids))
    else:
        query = query.where(Mark.place_id.between(min(ids), max(ids)))
    known = set(ids)
    rows = ctx.session.execute(query.order_by(Mark.id))
    return {(row.place_id, row.territory_id): row.id for row in rows if row.place_id in known}


def ask(ctx: Context) -> None:
    """Ask for all records to be given to their territories anew, once the unit is over."""
    enqueue(ctx, JOB, {}, key=JOB, user_id=None)
