"""Orders of lists: which fields a list can be sorted by, at any size or only while it is small (DECISIONS 12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, bindparam, case, func, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.context import Context
from app.kernel.contributions import Field, Kind, Show
from app.models import NEVER
from app.services import access, guarded

SCALAR = {Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.PARTIAL_DATE, Kind.TIME, Kind.BOOL, Kind.CHOICE}
LEAST: Mapping[Kind, Any] = {
    Kind.NUMBER: -(10**15),
    Kind.MONEY: -(10**15),
    Kind.TIME: NEVER,
    Kind.BOOL: False,
    Kind.CHOICE: "",
}
"""What stands for nothing in a sort key, which must not be null; for all other kinds the empty text."""


@dataclass(frozen=True, eq=False)
class Sort:
    """An order: by a field's key, then by id, both up or both down. `indexed` ones hold at any size."""

    field: str
    down: bool
    key: ColumnElement[Any]
    id: ColumnElement[int]
    indexed: bool
    textual: bool

    @property
    def name(self) -> str:
        """The order as it stands in an address."""
        return f"-{self.field}" if self.down else self.field

    def order(self, *, backwards: bool = False) -> list[ColumnElement[Any]]:
        """Return what to sort by."""
        return [c.desc() if self.down != backwards else c.asc() for c in (self.key, self.id)]

    def beyond(self, *, backwards: bool = False) -> ColumnElement[bool]:
        """Return the condition of the rows after (or before) the row with the values `key` and `record_id`."""
        here = tuple_(self.key, self.id)
        there = tuple_(bindparam("key", type_=self.key.type), bindparam("record_id", type_=self.id.type))
        found = here < there if self.down != backwards else here > there
        return found

    def since(self) -> ColumnElement[bool]:
        """Return the condition of the rows from the value `start` on (see `bound`)."""
        start = bindparam("start", type_=self.key.type)
        return self.key <= start if self.down else self.key >= start

    def bound(self, letters: str) -> str:
        """Return the value for `since` of the rows that begin with some letters."""
        return f"{letters}\U0010ffff" if self.down else letters


def of(ctx: Context, entity: str, wanted: str) -> Sort | None:
    """Return an order by its name (`-last_interaction_at`), or None if the list cannot be sorted by it."""
    if wanted.removeprefix("-") not in sortable(ctx, entity):
        return None
    return _of(cast(Any, ctx.schema), entity, wanted)


@lru_cache(maxsize=1024)
def _of(schema: Any, entity: str, wanted: str) -> Sort:
    field: Field = schema.field(entity, wanted.removeprefix("-"))
    key, indexed = _key(schema, entity, field.key)
    textual = field.sort is not None and field.kind is Kind.TEXT
    return Sort(field.key, wanted.startswith("-"), key, schema.entity(entity).model.id, indexed, textual)


@lru_cache(maxsize=256)
def usual(schema: Any, entity: str) -> Sort:
    """Return the order in which a list stands if nobody asks: the entity's own, else the newest first."""
    kind = schema.entity(entity)
    wanted = kind.default_sort.removeprefix("-")
    if wanted in _sortable(schema, entity):
        return _of(schema, entity, kind.default_sort)
    return Sort("id", True, kind.model.id, kind.model.id, True, False)


def sortable(ctx: Context, entity: str) -> Mapping[str, Field]:
    """Return the fields a list can be sorted by, of those on lists that exist for the principal."""
    found = _sortable(cast(Any, ctx.schema), entity)
    return {n: f for n, f in found.items() if access.sees(ctx, entity, n)} if ctx.user.hidden else found


@lru_cache(maxsize=256)
def _sortable(schema: Any, entity: str) -> Mapping[str, Field]:
    return {
        f.key: f
        for f in schema.fields(entity)
        if Show.LIST in f.show and (f.sort is not None or (f.column is not None and f.kind in SCALAR))
    }


def indexed(ctx: Context, entity: str, name: str) -> bool:
    """Tell whether a list of any size can be sorted by a field."""
    found = of(ctx, entity, name)
    return found is not None and found.indexed


@lru_cache(maxsize=1024)
def _key(schema: Any, entity: str, name: str) -> tuple[ColumnElement[Any], bool]:
    field: Field = schema.field(entity, name)
    model: Any = schema.entity(entity).model
    expression: Any = (
        guarded.expression(field, field.sort, model) if field.sort else getattr(model, str(field.column))
    )
    if _is_index(model, expression):
        return expression, True
    if field.sort is not None:
        return expression, field.owner != "core"
    if field.kind is Kind.CHOICE and not callable(field.choices):
        places = {choice.value: place for place, choice in enumerate(field.choices)}
        return case(places, value=expression, else_=len(places)), False
    if field.kind is Kind.TEXT:
        return func.lower(func.coalesce(expression, "")), False
    return func.coalesce(expression, LEAST.get(field.kind, "")), False


def _is_index(model: Any, expression: Any) -> bool:
    if not isinstance(expression, InstrumentedAttribute):
        return False
    wanted = [expression.key, "id"]
    nullable = model.__table__.c[expression.key].nullable
    return not nullable and any(
        [c.name for c in index.columns] == wanted for index in model.__table__.indexes
    )
