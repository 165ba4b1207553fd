"""The run of work on many records: batches in short units of their own, so that it goes on where it was stopped, once.

Each batch and how far it came are written together: a killed process repeats nothing, and others write in between.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from sqlalchemy import delete, insert, select

from app.kernel.context import Context
from app.models import BulkRefusal, BulkRun, Operation
from app.services import bulk_choice, bulk_undo, bulk_work, jobs, mass
from app.services.bulk_choice import Chosen
from app.services.bulk_writing import Wrote
from app.services.unit import current, unit
from app.services.values import dump

JOB = "bulk.run"
OPEN = ("waiting", "running", "cancelling")
"""States in which a run still has something to do."""

FIRST, LEAST, MOST = 100, 10, 2000
"""Records of the first batch, and of any."""

TARGET_S = 0.06
"""How long a batch should take: less than a unit may, for a machine that is busy, and for the commit."""

MANY = 500
"""Records from which a run is long enough for PostgreSQL to count what it will read."""

Refusals = Sequence[tuple[str, int, str, Mapping[str, Any]]]
"""Entity, record, reason, and values that are in the way."""


def run_job(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `bulk.run`: do the work of a run, or go on with it."""
    run(ctx, int(args["run"]))


def run(ctx: Context, run_id: int) -> None:
    """Do the work of a run from where it stands, as the context's principal, until it is over or stopped."""
    with within(ctx):
        _counted(ctx, run_id)
        paced(ctx, lambda size: _batch(ctx, run_id, size))


def _counted(ctx: Context, run_id: int) -> None:
    """Let PostgreSQL count the tables of a long run: if it knows nothing of one it reads all that is left for each batch."""
    made = ctx.session.get(BulkRun, run_id)
    if made is not None and made.total > MANY:
        model: Any = ctx.schema.entity(made.entity).model if ctx.schema.has(made.entity) else None
        names = [str(model.__tablename__)] if model is not None else []
        with ctx.unit():
            mass.counted(ctx.session, dict.fromkeys((*names, *mass.GROWING)))


def paced(ctx: Context, step: Callable[[int], list[float]]) -> None:
    """Take steps of a size that others need not wait for long; a step returns how long it held them up, or nothing."""
    size = FIRST
    while took := step(size):
        ctx.session.rollback()
        size = _next_size(size, took[0])


def clocked(ctx: Context, started: float) -> list[float]:
    """Return how long the open unit takes; what is left to its end counts too: search, outbox."""
    took = [perf_counter() - started]
    if (held := current(ctx.session)) is not None:
        held.before_commit.append(lambda: took.insert(0, perf_counter() - started))
    return took


def _next_size(size: int, took: float) -> int:
    """Return how many records to take next, so that a batch takes the time it should."""
    wanted = int(size * TARGET_S / max(took, 0.001))
    return max(LEAST, min(MOST, wanted, size * 2))


@contextmanager
def within(ctx: Context) -> Iterator[None]:
    """Write into operations of the run's own, and leave the caller's as it is."""
    former = ctx.operation
    ctx.operation = None
    try:
        yield
    finally:
        ctx.operation = former


@unit
def _batch(ctx: Context, run_id: int, size: int) -> list[float]:
    """Work on the next records in one unit and return how long that held others up; nothing when there is no more."""
    started = perf_counter()
    made = locked(ctx, run_id)
    if made is None or made.state not in OPEN:
        return []
    if made.state == "cancelling":
        _close(ctx, made, "cancelled")
        return []
    ctx.operation = _operation(ctx, made).id
    more = bulk_undo.step(ctx, made, size) if made.kind == "undo" else _step(ctx, made, size)
    if more is None:
        _close(ctx, made, "done")
        return []
    made.state = "running"
    return clocked(ctx, started)


def _step(ctx: Context, made: BulkRun, size: int) -> Wrote | None:
    chosen = Chosen.stored(made.chosen)
    ids, last = bulk_choice.batch(
        ctx, made.entity, chosen, after=made.position, ceiling=made.ceiling, size=size
    )
    if not last:
        return None
    wrote = bulk_work.work(ctx, made.entity, made.kind, made.work)(ids)
    made.position = last
    count(ctx, made, wrote)
    return wrote


def count(ctx: Context, made: BulkRun, wrote: Wrote) -> None:
    """Add what became of some records to the run, with the reasons for those that were refused."""
    made.changed += len(wrote.changed)
    made.same += len(wrote.same)
    made.refused += len(wrote.refused)
    refuse(ctx, made, [(made.entity, i, why, {}) for i, why in wrote.refused.items()])


def refuse(ctx: Context, made: BulkRun, refusals: Refusals) -> None:
    """Keep the reasons why records were left alone."""
    rows = [
        {"run_id": made.id, "entity": entity, "record_id": i, "reason": why, "details": dump(details)}
        for entity, i, why, details in refusals
    ]
    if rows:
        ctx.session.execute(insert(BulkRefusal), rows)


def locked(ctx: Context, run_id: int) -> BulkRun | None:
    """Return a run, locked until the open unit ends."""
    query = select(BulkRun).where(BulkRun.id == run_id).with_for_update()
    found: BulkRun | None = ctx.session.execute(
        query, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    return found


def _operation(ctx: Context, made: BulkRun) -> Operation:
    found = ctx.session.get(Operation, made.operation_id) if made.operation_id is not None else None
    if found is None:
        of = json.loads(made.work).get("operation") if made.kind == "undo" else None
        found = Operation(
            name=f"bulk.{made.kind}" if of is None else "undo",
            actor_id=ctx.user.id,
            source="web",
            at=ctx.now,
            undoes=of,
        )
        ctx.session.add(found)
        ctx.session.flush()
        made.operation_id = found.id
    return found


def _close(ctx: Context, made: BulkRun, state: str) -> None:
    made.state, made.finished_at = state, ctx.now
    if made.operation_id is not None and not made.changed:
        ctx.session.execute(delete(Operation).where(Operation.id == made.operation_id))
        made.operation_id = None
    if made.kind == "undo":
        bulk_undo.closed(ctx, made)


def begin(ctx: Context, made: BulkRun) -> None:
    """Ask for the run in the background, within the open unit."""
    made.state = "waiting"
    jobs.enqueue(ctx, JOB, {"run": made.id}, key=f"{JOB}:{made.id}")
