"""Records of own kinds that point at a record: what stands beside it on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.kernel.context import Context
from app.kernel.contributions import Entity, Field
from app.models import CustomValue
from app.services import fields
from app.services.custom_fields_kinds import Defined
from app.services.own_types_schema import is_own

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Group:
    """Records of one kind that point at a record by one field: id and name of the first, and whether there are more."""

    kind: Entity
    field: Field
    records: Sequence[tuple[int, str]]
    more: bool


def groups(ctx: Context, entity: str, record_id: int) -> list[Group]:
    """Return the records of own kinds that point at a record, a group for each field that can, by name."""
    found = []
    for kind in ctx.schema.entities():
        if is_own(kind.key) and ctx.may(f"{kind.key}.view"):
            for field in fields.visible(ctx, kind.key):
                if isinstance(field, Defined) and field.ref == entity:
                    found.append(_group(ctx, kind, field, record_id))
    return found


def _group(ctx: Context, kind: Entity, field: Defined, record_id: int) -> Group:
    model: Any = kind.model
    pointing = select(CustomValue.record_id).where(
        CustomValue.field_id == field.number, CustomValue.number == record_id
    )
    query = select(model.id, model.name).where(model.id.in_(pointing))
    rows = ctx.session.execute(query.order_by(model.name_key, model.id).limit(SHOWN + 1)).all()
    records = [(row.id, row.name) for row in rows[:SHOWN]]
    return Group(kind=kind, field=field, records=records, more=len(rows) > SHOWN)
