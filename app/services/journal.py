"""What was changed: an operation with an entry per record. History and undo read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.kernel.context import Context
from app.models import JournalEntry, Operation, User
from app.services import mass
from app.services.unit import current
from app.services.values import Dump, dump, load

KNOWN, FORGOTTEN = "known", "forgotten"
"""Verbs of entries that are for undo alone and no part of what people read as a record's history."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A change to be remembered: field → value before and after; verb is create, edit, delete or restore."""

    entity: str
    record_id: int
    verb: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    version: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """One entry of a record's history, as people read it. Values are JSON values."""

    id: int
    operation_id: int
    verb: str
    at: datetime
    actor: str
    actor_id: int | None
    source: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def operation(ctx: Context, name: str = "") -> Operation:
    """Return the operation of the open unit, begun if there is none; a given name replaces an empty one."""
    unit = current(ctx.session)
    if unit is None:
        raise RuntimeError("The journal is written within a unit.")
    found: Operation | None = unit.memory.get("operation")
    if found is None:
        if ctx.operation is not None:
            found = ctx.session.get(Operation, ctx.operation)
        if found is None:
            found = Operation(
                name=name or "edit",
                actor_id=ctx.user.id,
                source=ctx.source,
                at=ctx.now,
                caused_by=ctx.caused_by,
            )
            ctx.session.add(found)
            ctx.session.flush()
        unit.memory["operation"] = found
    return found


def record(ctx: Context, written: Written) -> None:
    """Remember one record's change within the operation of the open unit."""
    act = operation(ctx, f"{written.entity}.{written.verb}").id
    mass.put(ctx.session, JournalEntry, [_row(written, act, dump)])


def record_many(ctx: Context, changes: Sequence[Written], *, dump: Dump = dump) -> None:
    """Remember the changes of several records in one statement; `dump` may know what their values are in JSON."""
    if changes:
        act = operation(ctx, f"{changes[0].entity}.{changes[0].verb}").id
        mass.put(ctx.session, JournalEntry, [_row(written, act, dump) for written in changes])


def record_ids(
    ctx: Context, entity: str, ids: Mapping[int, Sequence[tuple[str, str, int]]], *, known: bool
) -> None:
    """Remember ids in other systems by which records are known from now on, or no longer: system, value, and the record
    that was known by it before (0: none).
    """
    verb = KNOWN if known else FORGOTTEN
    record_many(
        ctx,
        [
            Written(entity=entity, record_id=i, verb=verb, before={}, after={"ids": list(found)}, version=0)
            for i, found in ids.items()
        ],
    )


def _row(written: Written, act: int, dump: Dump) -> dict[str, Any]:
    return {
        "operation_id": act,
        "entity": written.entity,
        "record_id": written.record_id,
        "verb": written.verb,
        "version": written.version,
        "before": dump(written.before),
        "after": dump(written.after),
    }


def history(
    ctx: Context, entity: str, record_id: int, *, before_id: int = 0, limit: int = 50
) -> Sequence[Change]:
    """Return a record's changes, newest first; hidden fields are left out. The caller checked the record."""
    query = (
        select(JournalEntry, Operation, User.name.label("actor"))
        .join(Operation, Operation.id == JournalEntry.operation_id)
        .outerjoin(User, User.id == Operation.actor_id)
        .where(JournalEntry.entity == entity, JournalEntry.record_id == record_id)
        .where(JournalEntry.verb.not_in((KNOWN, FORGOTTEN)))
        .order_by(JournalEntry.id.desc())
        .limit(limit)
    )
    if 0 < before_id < 2**63:
        query = query.where(JournalEntry.id < before_id)
    return [_change(ctx, entity, *row) for row in ctx.session.execute(query)]


def entry(ctx: Context, entry_id: int) -> JournalEntry | None:
    """Return one journal entry; the caller checks that its record is visible."""
    return ctx.session.get(JournalEntry, entry_id) if 0 < entry_id < 2**63 else None


def since(ctx: Context, entity: str, record_id: int, seen_version: int) -> dict[str, tuple[Any, Any]]:
    """Return the fields changed after a version: name → (value at that version, value now), as JSON values."""
    query = (
        select(JournalEntry.before, JournalEntry.after)
        .where(
            JournalEntry.entity == entity,
            JournalEntry.record_id == record_id,
            JournalEntry.version > seen_version,
        )
        .order_by(JournalEntry.id)
    )
    seen: dict[str, Any] = {}
    present: dict[str, Any] = {}
    for row in ctx.session.execute(query):
        for name, value in load(row.before).items():
            seen.setdefault(name, value)
        present |= load(row.after)
    return {name: (seen.get(name), value) for name, value in present.items()}


def _change(ctx: Context, entity: str, row: JournalEntry, done: Operation, actor: str | None) -> Change:
    def shown(text: str) -> dict[str, Any]:
        return {k: v for k, v in load(text).items() if f"{entity}.{k}" not in ctx.user.hidden}

    return Change(
        id=row.id,
        operation_id=done.id,
        verb=row.verb,
        at=done.at,
        actor=actor or "",
        actor_id=done.actor_id,
        source=done.source,
        before=shown(row.before),
        after=shown(row.after),
    )
