"""Operations and their undo: what was done lately, by whom, on how many records; taken back with one press.

A person may take back what he did himself, an administrator what anybody did; the rights to each record are asked again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Topic
from app.kernel.errors import NotVisible, Refuse
from app.models import BulkRun, EventRow, ImportRun, JournalEntry, Operation, User
from app.services import access, bulk_running, bulk_undo, settings
from app.services.unit import unit

DAYS = 30
"""How long something can be taken back."""

EVERYBODY = "admin.operations"
"""The right to see and take back what others did."""

AT_ONCE = 500
PAGE = 50
SHOWN = 50
"""Changes of an operation that its page lists."""

RECORDED = ("created", "updated", "deleted", "restored", "purged")
"""Ends of topics that tell of a change which stands in the journal."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """An operation: what it was, on how many records of which entity (the first, of several), and what came of it."""

    id: int
    name: str
    at: datetime
    source: str
    actor: str
    actor_id: int | None
    entity: str
    verb: str
    record_id: int
    count: int
    undone_at: datetime | None
    undoes: int | None
    run: BulkRun | None = None
    import_run: int | None = None


def get(ctx: Context, operation_id: int) -> Operation:
    """Return an operation that the principal did himself or may oversee. Raises NotVisible."""
    within = 0 < operation_id <= access.GREATEST_ID
    found = ctx.session.get(Operation, operation_id, populate_existing=True) if within else None
    if found is None or not (_mine(ctx, found) or ctx.may(EVERYBODY)):
        raise NotVisible(_("There is no such operation."))
    return found


def _mine(ctx: Context, found: Operation) -> bool:
    return found.actor_id is not None and found.actor_id == ctx.user.id


def possible(ctx: Context, found: Operation) -> bool:
    """Tell whether an operation can be taken back now."""
    return found.undone_at is None and found.at > _since(ctx)


def possible_of(ctx: Context, done: Done) -> bool:
    """Tell the same of what is already read."""
    return done.undone_at is None and done.at > _since(ctx) and done.count > 0


def _since(ctx: Context) -> datetime:
    """Return from when on things can be taken back: not what was done in another Kith, whose data were taken in."""
    epoch: tuple[int, ...] = getattr(ctx, "epoch", (0, 0, 0))
    taken_in = settings.of_owner(ctx.session, epoch[2], "whole", {}).get("since")
    monthly = ctx.now - timedelta(days=DAYS)
    return max(monthly, datetime.fromisoformat(taken_in)) if taken_in else monthly


def start(ctx: Context, operation_id: int) -> BulkRun:
    """Take an operation back, at once when it is short; asked twice, it is done once. Raises Refuse when it is too late."""
    made = prepared(ctx, operation_id)
    if made.state == "running" and made.total <= AT_ONCE:
        bulk_running.run(ctx, made.id)
    return _fresh(ctx, made.id)


def _fresh(ctx: Context, run_id: int) -> BulkRun:
    return ctx.session.get_one(BulkRun, run_id, populate_existing=True)


@unit
def prepared(ctx: Context, operation_id: int) -> BulkRun:
    """Return the run that takes an operation back, made unless there is one already."""
    get(ctx, operation_id)
    query = select(Operation).where(Operation.id == operation_id).with_for_update()
    found = ctx.session.execute(query, execution_options={"populate_existing": True}).scalar_one()
    if (known := running(ctx, operation_id)) is not None:
        return known
    if found.undone_at is not None:
        raise Refuse(_("This is taken back already."))
    if not possible(ctx, found):
        raise Refuse(_("This is more than %(days)s days ago and cannot be taken back any more.", days=DAYS))
    total = int(
        ctx.session.scalar(
            select(func.count(JournalEntry.id)).where(JournalEntry.operation_id == operation_id)
        )
        or 0
    )
    made = BulkRun(
        user_id=ctx.user.id,
        kind="undo",
        state="running",
        work=json.dumps({"operation": operation_id}),
        total=total,
        position=bulk_undo.NEWEST,
        created_at=ctx.now,
    )
    ctx.session.add(made)
    ctx.session.flush()
    if total > AT_ONCE:
        bulk_running.begin(ctx, made)
    return made


def running(ctx: Context, operation_id: int) -> BulkRun | None:
    """Return the run that is taking an operation back now."""
    work = json.dumps({"operation": operation_id})
    query = select(BulkRun).where(
        BulkRun.kind == "undo", BulkRun.work == work, BulkRun.state.in_(bulk_running.OPEN)
    )
    return ctx.session.execute(query.limit(1)).scalar_one_or_none()


# ---------------------------------------------------------------- what was done lately


def recent(ctx: Context, *, everybody: bool = False, before: int = 0, limit: int = PAGE) -> Sequence[Done]:
    """Return the operations of the last month, newest first: the principal's own, or everybody's if he may see them."""
    query = select(Operation, User.name).outerjoin(User, User.id == Operation.actor_id)
    query = query.where(Operation.at > ctx.now - timedelta(days=DAYS))
    if not (everybody and ctx.may(EVERYBODY)):
        query = query.where(Operation.actor_id == ctx.user.id)
    if 0 < before <= access.GREATEST_ID:
        query = query.where(Operation.id < before)
    rows = ctx.session.execute(query.order_by(Operation.id.desc()).limit(limit)).all()
    return _told(ctx, [(row[0], row[1] or "") for row in rows])


def one(ctx: Context, found: Operation) -> Done:
    """Return what there is to say of an operation."""
    name = ctx.session.scalar(select(User.name).where(User.id == found.actor_id)) if found.actor_id else ""
    return _told(ctx, [(found, name or "")])[0]


def changes(ctx: Context, operation_id: int) -> Sequence[Any]:
    """Return the first changes of an operation; the caller has read it, and shows what is visible of the records."""
    entry = JournalEntry
    query = select(entry.id, entry.entity, entry.record_id, entry.verb, entry.before, entry.after)
    return ctx.session.execute(
        query.where(entry.operation_id == operation_id).order_by(entry.id).limit(SHOWN)
    ).all()


def outside(ctx: Context, found: Operation) -> Sequence[tuple[str, int]]:
    """Return what else an operation told others, with how often: that is known, and is not taken back."""
    rows = ctx.session.execute(
        select(EventRow.topic, func.count())
        .where(EventRow.at == found.at, EventRow.operation_id == found.id)
        .group_by(EventRow.topic)
        .limit(SHOWN)
    )
    labels = {topic.key: str(topic.label) for topic in ctx.schema.all(Topic)}
    return [(labels.get(row[0], row[0]), row[1]) for row in rows if row[0].rpartition(".")[2] not in RECORDED]


def followed(ctx: Context, operation_id: int) -> Sequence[Done]:
    """Return the operations that one led to: what subscribers did after it."""
    query = select(Operation, User.name).outerjoin(User, User.id == Operation.actor_id)
    query = query.where(Operation.caused_by == operation_id).order_by(Operation.id).limit(PAGE)
    return _told(ctx, [(row[0], row[1] or "") for row in ctx.session.execute(query)])


def _told(ctx: Context, rows: Sequence[tuple[Operation, str]]) -> list[Done]:
    ids = [found.id for found, _actor in rows]
    runs = {
        run.operation_id: run
        for run in ctx.session.execute(select(BulkRun).where(BulkRun.operation_id.in_(ids))).scalars()
    }
    query = select(ImportRun.operation_id, ImportRun.id, ImportRun.created, ImportRun.updated)
    imports = {row[0]: row for row in ctx.session.execute(query.where(ImportRun.operation_id.in_(ids)))}
    counted = _counted(ctx, [i for i in ids if i not in runs and i not in imports])
    first = _first(ctx, ids)
    return [_done(found, actor, runs, imports, counted, first) for found, actor in rows]


def _done(found: Operation, actor: str, runs: Any, imports: Any, counted: Any, first: Any) -> Done:
    run, imported = runs.get(found.id), imports.get(found.id)
    count = run.changed if run is not None else counted.get(found.id, 0)
    entity, verb, record_id = first.get(found.id, ("", "", 0))
    return Done(
        id=found.id,
        name=found.name,
        at=found.at,
        source=found.source,
        actor=actor,
        actor_id=found.actor_id,
        entity=entity,
        verb=verb,
        record_id=record_id,
        count=imported[2] + imported[3] if imported is not None else count,
        undone_at=found.undone_at,
        undoes=found.undoes,
        run=run,
        import_run=imported[1] if imported is not None else None,
    )


def _counted(ctx: Context, ids: Sequence[int]) -> dict[int, int]:
    """Return how many changes operations have that keep no count themselves: those of single acts, which are few."""
    query = select(JournalEntry.operation_id, func.count()).where(JournalEntry.operation_id.in_(ids))
    return {row[0]: row[1] for row in ctx.session.execute(query.group_by(JournalEntry.operation_id))}


def _first(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[str, str, int]]:
    """Return entity, verb and record of the first change of each operation."""
    first = (
        select(func.min(JournalEntry.id))
        .where(JournalEntry.operation_id == Operation.id)
        .correlate(Operation)
        .scalar_subquery()
    )
    query = (
        select(Operation.id, JournalEntry.entity, JournalEntry.verb, JournalEntry.record_id)
        .join(JournalEntry, JournalEntry.id == first)
        .where(Operation.id.in_(ids))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in ctx.session.execute(query)}
