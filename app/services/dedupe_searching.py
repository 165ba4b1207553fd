"""The nightly search for records that may be the same: all of them in bounded time, with what was new since.

Nothing is merged here. Pairs go into the queue (dedupe_queue); those that people said are different stay so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import delete, select, tuple_, update

from app.kernel.context import Context
from app.models import DuplicatePair, DuplicateSearch
from app.services import dedupe_reading, dedupe_score, mass
from app.services.access import WITH_TRASH
from app.services.dedupe_shelf import Shelf
from app.services.jobs import enqueue

JOB = "duplicates.find"

EDITION = 1
"""Counts up when the matcher judges otherwise, so that everything is looked through again."""

LIMIT = 50 * 60
"""Seconds after which a search ends with what it has found; the most telling pairs come first."""

BATCH = 500


@dataclass
class Search:
    """One run: what was looked at, and whether it came to its end."""

    entity: str
    started: datetime
    since: datetime | None
    records: int = 0
    fresh: int = 0
    compared: int = 0
    found: int = 0
    whole: bool = True
    pairs: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)


def find(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `duplicates.find`: look through people and companies."""
    for entity in dedupe_reading.READERS:
        done = search(ctx, entity, again=bool(args.get("again")))
        ctx.log.info(
            "looked for duplicates: %s, %d records, %d of them new, %d pairs compared, %d found%s",
            *(entity, done.records, done.fresh, done.compared, done.found),
            "" if done.whole else "; the time was up before the end",
        )


def search(ctx: Context, entity: str, *, again: bool = False, limit: float = LIMIT) -> Search:
    """Look through the records of an entity; `again` compares also those that were compared before.

    The context is the system's: every record is looked at, and what people see of it is up to the queue.
    """
    end = monotonic() + limit
    former = ctx.session.execute(
        select(DuplicateSearch).where(DuplicateSearch.entity == entity)
    ).scalar_one_or_none()
    known = (
        former is not None and former.whole and former.edition == EDITION and former.finished_at is not None
    )
    made = Search(entity, ctx.now, former.started_at if former is not None and known and not again else None)
    with Shelf() as shelf:
        for piece in dedupe_reading.every(ctx, entity):
            rows = [(k.id, made.since is None or k.updated_at >= made.since, k.profile) for k in piece]
            made.records += shelf.add(rows)
            made.fresh += sum(fresh for _id, fresh, _profile in rows)
            ctx.session.rollback()
        if made.fresh:
            _compare(ctx, made, shelf, end)
    _finish(ctx, made)
    return made


def _compare(ctx: Context, made: Search, shelf: Shelf, end: float) -> None:
    for left, right, namesakes in shelf.pairs():
        made.compared += 1
        found = dedupe_score.compare(left.profile, right.profile, namesakes=namesakes)
        if found.points >= dedupe_score.BAR:
            made.pairs[left.id, right.id] = found.percent, " ".join(found.reasons)
            if len(made.pairs) >= BATCH:
                _keep(ctx, made)
        if made.compared % BATCH == 0 and monotonic() > end:
            made.whole = False
            break
    _keep(ctx, made)


def _keep(ctx: Context, made: Search) -> None:
    """Write what was found since the last time: new pairs are added, known ones get their present score."""
    if not made.pairs:
        return
    with ctx.unit():
        pair = DuplicatePair
        query = select(pair.id, pair.left_id, pair.right_id).where(pair.entity == made.entity)
        query = query.where(tuple_(pair.left_id, pair.right_id).in_(list(made.pairs)))
        there = {(row.left_id, row.right_id): row.id for row in ctx.session.execute(query)}
        mass.put(
            ctx.session, pair, [_row(made, two, told) for two, told in made.pairs.items() if two not in there]
        )
        for two, pair_id in there.items():
            score, reasons = made.pairs[two]
            known = update(pair).where(pair.id == pair_id)
            ctx.session.execute(known.values(score=score, reasons=reasons, found_at=made.started))
    made.found += len(made.pairs)
    made.pairs = {}


def _row(made: Search, two: tuple[int, int], told: tuple[int, str]) -> dict[str, Any]:
    return {
        **{
            "entity": made.entity,
            "left_id": two[0],
            "right_id": two[1],
            "score": told[0],
            "reasons": told[1],
        },
        **{"state": "open", "found_at": made.started, "decided_by": None, "decided_at": None},
    }


def _finish(ctx: Context, made: Search) -> None:
    """Note the search, and forget pairs of records that are gone or no longer alike."""
    _forget(ctx, made)
    with ctx.unit():
        query = select(DuplicateSearch).where(DuplicateSearch.entity == made.entity)
        row = ctx.session.execute(query).scalar_one_or_none()
        if row is None:
            row = DuplicateSearch(entity=made.entity, started_at=made.started)
            ctx.session.add(row)
        row.edition, row.started_at, row.finished_at = EDITION, made.started, ctx.now
        row.records, row.compared, row.found, row.whole = made.records, made.compared, made.found, made.whole


def _forget(ctx: Context, made: Search) -> None:
    """Remove pairs that are no more, whatever was said of them, and open ones that were looked at and not found again."""
    after = 0
    while rows := _pairs_after(ctx, made.entity, after):
        after = rows[-1].id
        changed = _changed(ctx, made.entity, {i for row in rows for i in (row.left_id, row.right_id)})
        gone = [row.id for row in rows if row.left_id not in changed or row.right_id not in changed]
        if made.whole:
            gone += [row.id for row in rows if row.id not in gone and _outlived(made, row, changed)]
        if gone:
            query = delete(DuplicatePair).where(DuplicatePair.id.in_(gone))
            with ctx.unit():
                ctx.session.execute(query, execution_options={"synchronize_session": False})


def _pairs_after(ctx: Context, entity: str, after: int) -> Sequence[Any]:
    pair = DuplicatePair
    query = select(pair.id, pair.left_id, pair.right_id, pair.state, pair.found_at)
    query = query.where(pair.entity == entity, pair.id > after).order_by(pair.id).limit(BATCH)
    return ctx.session.execute(query).all()


def _changed(ctx: Context, entity: str, ids: Iterable[int]) -> dict[int, tuple[datetime, bool]]:
    """Return when each record that still exists was changed last, and whether it is in the trash."""
    model = dedupe_reading.READERS[entity][0]
    query = select(model.id, model.updated_at, model.deleted_at).where(model.id.in_(list(ids)))
    rows = ctx.session.execute(query, execution_options={WITH_TRASH: True})
    return {row.id: (row.updated_at, row.deleted_at is not None) for row in rows}


def _outlived(made: Search, row: Any, changed: Mapping[int, tuple[datetime, bool]]) -> bool:
    if row.state != "open" or row.found_at >= made.started:
        return False
    both = (changed[row.left_id], changed[row.right_id])
    return made.since is None or any(trashed or at >= made.since for at, trashed in both)


def start(ctx: Context) -> None:
    """Have everything looked through soon, once however often it is asked for."""
    with ctx.unit():
        enqueue(ctx, JOB, {})
