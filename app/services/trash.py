"""The trash: records of every entity that were deleted, until they are restored, purged or too old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, false, or_, select

from app.house import house
from app.kernel.context import Context
from app.kernel.contributions import Entity
from app.services import access, people


@dataclass(frozen=True, kw_only=True)
class Trashed:
    """A record in the trash: what it is, when it was deleted and by whom, when it will be gone for good, if ever."""

    entity: str
    id: int
    name: str
    kind: Any
    icon: str
    deleted_at: datetime
    deleted_by: str
    gone_at: datetime | None


Cursor = tuple[datetime, str, int]
"""The last record of a page: its time of deletion, entity and id."""


def entities(ctx: Context) -> list[Entity]:
    """Return the entities whose trash the principal may see: the right to delete decides."""
    return [e for e in ctx.schema.entities() if e.trash and ctx.may(f"{e.key}.delete")]


def page(ctx: Context, *, entity: str = "", after: Cursor | None = None, limit: int = 50) -> list[Trashed]:
    """Return trashed records the principal may restore, latest first, of one entity or of all."""
    found: list[tuple[datetime, str, int, Any]] = []
    for kind in entities(ctx):
        if not entity or kind.key == entity:
            found += [(r.deleted_at, kind.key, r.id, r) for r in _of(ctx, kind, after, limit)]
    found.sort(key=lambda row: (row[1], row[2]))
    found.sort(key=lambda row: row[0], reverse=True)
    rows = found[:limit]
    names = people.user_names(ctx, {row[3].updated_by for row in rows if row[3].updated_by})
    return [_shown(ctx, kind, record, names) for _at, kind, _id, record in rows]


def _of(ctx: Context, kind: Entity, after: Cursor | None, limit: int) -> Sequence[Any]:
    model: Any = kind.model
    query = select(model).where(model.deleted_at.is_not(None), access.criterion(ctx, model, "delete"))
    if after is not None:
        at, entity, last = after
        same = model.deleted_at == at
        if kind.key < entity:
            same = false()
        elif kind.key == entity:
            same = and_(same, model.id > last)
        query = query.where(or_(model.deleted_at < at, same))
    query = query.order_by(model.deleted_at.desc(), model.id).limit(limit)
    return ctx.session.execute(query, execution_options={access.WITH_TRASH: True}).scalars().all()


def _shown(ctx: Context, entity: str, record: Any, names: Mapping[int, str]) -> Trashed:
    kind = ctx.schema.entity(entity)
    days = house().config.trash_days
    name = kind.title(record) if callable(kind.title) else getattr(record, kind.title, "")
    return Trashed(
        entity=entity,
        id=record.id,
        name=str(name or kind.label),
        kind=kind.label,
        icon=kind.icon,
        deleted_at=record.deleted_at,
        deleted_by=names.get(record.updated_by, ""),
        gone_at=record.deleted_at + timedelta(days=days) if days else None,
    )
