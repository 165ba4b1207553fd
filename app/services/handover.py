"""Records of somebody who leaves go to somebody else: all entities of all loaded owners, in one unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, inspect, or_, select, update

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity
from app.kernel.errors import Invalid
from app.models import JournalEntry, User
from app.services import journal, schema
from app.services.access import UNSCOPED, WITH_TRASH
from app.services.unit import unit
from app.services.values import dump

COLUMNS = ("owner_id", "assignee_id")
"""Columns that say whose a record is; `assignee_id` only where an entity has one."""

BATCH = 1000
WHOLE = {UNSCOPED: "hand-over of everything a user has", WITH_TRASH: True}


@unit
def hand_over(ctx: Context, from_id: int, to_id: int) -> Mapping[str, int]:
    """Give every record of one user to another, also those in the trash; returns entity → how many. Raises Invalid.

    Each change stands in the journal under one operation, so that it can be seen and undone.
    """
    heir = ctx.session.get(User, to_id)
    if heir is None or not heir.active or from_id == to_id:
        raise Invalid({"hand_over_to": _("Choose an active user who takes over.")})
    operation = journal.operation(ctx, "user.hand_over").id
    found: dict[str, int] = {}
    for entity in _entities(ctx):
        if count := _of_entity(ctx, entity, from_id, to_id, operation):
            found[entity.key] = count
    return found


def count(ctx: Context, user_id: int) -> int:
    """Return how many records a user has, for the question before the hand-over."""
    total = 0
    for model in [e.model for e in _entities(ctx)]:
        mine = or_(*(getattr(model, name) == user_id for name in _columns(model)))
        total += len(ctx.session.execute(select(model.id).where(mine), execution_options=WHOLE).all())
    return total


def _entities(ctx: Context) -> Sequence[Entity]:
    """One entity for each table that is there; a plugin may be loaded before its tables are made."""
    there = set(inspect(ctx.session.connection()).get_table_names())
    every = [*house().registry.loaded(Entity), *schema.with_deleted(ctx.session).own()]
    by_model = {e.model: e for e in reversed(every)}
    return [e for e in reversed(by_model.values()) if e.model.__table__.name in there]


def _columns(model: type[Any]) -> Sequence[str]:
    return [name for name in COLUMNS if name in model.__table__.c]


def _of_entity(ctx: Context, entity: Entity, from_id: int, to_id: int, operation: int) -> int:
    columns = _columns(entity.model)
    count = 0
    for rows in _batches(ctx, entity.model, columns, from_id):
        entries = [_entry(entity.key, row, columns, (from_id, to_id), operation) for row in rows]
        ctx.session.execute(insert(JournalEntry), entries)
        for name in columns:
            ids = [row.id for row in rows if getattr(row, name) == from_id]
            _give(ctx, entity.model, ids, {name: to_id})
        ids = [row.id for row in rows]
        _give(ctx, entity.model, ids, {"version": entity.model.version + 1, "updated_at": ctx.now})
        count += len(rows)
    return count


def _batches(ctx: Context, model: type[Any], columns: Sequence[str], from_id: int) -> Iterator[Sequence[Any]]:
    mine = or_(*(getattr(model, name) == from_id for name in columns))
    shown = [model.id, model.version, *(getattr(model, name) for name in columns)]
    rows = ctx.session.execute(select(*shown).where(mine).order_by(model.id), execution_options=WHOLE).all()
    yield from _chunks(rows)


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _entry(
    key: str, row: Any, columns: Sequence[str], change: tuple[int, int], operation: int
) -> dict[str, Any]:
    from_id, to_id = change
    changed = [name for name in columns if getattr(row, name) == from_id]
    return {
        "operation_id": operation,
        "entity": key,
        "record_id": row.id,
        "verb": "edit",
        "version": row.version + 1,
        "before": dump(dict.fromkeys(changed, from_id)),
        "after": dump(dict.fromkeys(changed, to_id)),
    }


def _give(ctx: Context, model: type[Any], ids: Sequence[int], values: Mapping[str, Any]) -> None:
    if ids:
        ctx.session.execute(
            update(model).where(model.id.in_(ids)).values(**values),
            execution_options={**WHOLE, "synchronize_session": False},
        )
