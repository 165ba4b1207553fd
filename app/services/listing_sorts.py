"""Orders of lists: which fields a list can be sorted by, at any size or only while it is small (DECISIONS 12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.context import Context
from app.kernel.contributions import Field, Kind, Show
from app.models import NEVER
from app.services import access, guarded, listing_names
from app.services.custom_fields_filters import Walk, walk
from app.services.custom_fields_kinds import Defined

SCALAR = {Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.PARTIAL_DATE, Kind.TIME, Kind.BOOL, Kind.CHOICE}
NAMED = {Kind.USER, Kind.TEAM, Kind.REF}
DATED = {Kind.DATE, Kind.TIME}
LEAST: Mapping[Kind, Any] = {
    Kind.NUMBER: -(10**15),
    Kind.MONEY: -(10**15),
    Kind.TIME: NEVER,
    Kind.BOOL: False,
    Kind.CHOICE: "",
}
"""What stands for nothing in a sort key, which must not be null; for all other kinds the empty text."""

MOST = 4
"""So many fields can a list be sorted by at once."""


@dataclass(frozen=True, eq=False)
class Sort:
    """One key of an order, up or down: a field's, or (`field` empty) one that only keeps groups apart."""

    field: str
    down: bool
    key: ColumnElement[Any]
    indexed: bool = False
    textual: bool = False
    kind: Kind = Kind.TEXT

    @property
    def name(self) -> str:
        """The key as it stands in an address."""
        return f"-{self.field}" if self.down else self.field

    def bound(self, letters: str) -> str:
        """Return the value from which the rows begin with some letters."""
        return f"{letters}\U0010ffff" if self.down else letters


@dataclass(frozen=True, eq=False)
class Order:
    """An order: by its keys one after the other, then by id in the direction of the last. `indexed` ones hold at any size.

    With a `walk` the rows stand as in the index of an added field's values; those without a value come last.
    """

    keys: tuple[Sort, ...]
    id: ColumnElement[int]
    group: str = ""
    walk: Walk | None = None

    @property
    def name(self) -> str:
        """The order as it stands in an address; cursors carry it with the group before it."""
        return ",".join(key.name for key in self.keys if key.field)

    @property
    def mark(self) -> str:
        """What a cursor is bound to: the order, and the groups that the list stands in."""
        return f"{self.group}|{self.name}" if self.group else self.name

    @property
    def first(self) -> Sort:
        """The key that a list is sorted by before all others, within its groups."""
        return next((key for key in self.keys if key.field), self.keys[0])

    @property
    def indexed(self) -> bool:
        """Whether an index stands in this order."""
        return self.walk is not None or (len(self.keys) == 1 and self.keys[0].indexed)

    @property
    def columns(self) -> list[Any]:
        """What the rows are sorted by, the id last."""
        if self.walk is not None:
            return [self.walk.key, self.walk.id]
        return [*(key.key for key in self.keys), self.id]

    def order(self, *, backwards: bool = False) -> list[ColumnElement[Any]]:
        """Return what to sort by."""
        down = [*(k.down for k in self.keys), self.keys[-1].down]
        return [c.desc() if d != backwards else c.asc() for c, d in zip(self.columns, down, strict=True)]

    def beyond(self, *, backwards: bool = False) -> ColumnElement[bool]:
        """Return the condition of the rows after (or before) the row with the values `key0`, `key1` … and `record_id`."""
        names = [f"key{n}" for n in range(len(self.keys))]
        columns = self.columns
        values: list[Any] = [
            bindparam(name, type_=column.type)
            for name, column in zip([*names, "record_id"], columns, strict=True)
        ]
        down = [k.down != backwards for k in (*self.keys, self.keys[-1])]
        if len(set(down)) == 1:
            here, there = tuple_(*columns), tuple_(*values)
            return here < there if down[0] else here > there
        steps = []
        for n, column in enumerate(columns):
            same = [c == v for c, v in zip(columns[:n], values[:n], strict=True)]
            steps.append(and_(*same, column < values[n] if down[n] else column > values[n]))
        return or_(*steps)

    def since(self) -> ColumnElement[bool]:
        """Return the condition of the rows from the value `start` on (see `Sort.bound`)."""
        key = self.walk.key if self.walk is not None else self.first.key
        start = bindparam("start", type_=key.type)
        found: ColumnElement[bool] = key <= start if self.first.down else key >= start
        return found


def of(ctx: Context, entity: str, wanted: str) -> Order | None:
    """Return an order by its name (`-last_interaction_at,name`), of the fields the list can be sorted by; None without any."""
    able = sortable(ctx, entity)
    names: dict[str, str] = {}
    for name in wanted.split(",")[: 2 * MOST]:
        if name.removeprefix("-") in able:
            names.setdefault(name.removeprefix("-"), name)
    found = tuple(names.values())[:MOST]
    return _of(cast(Any, ctx.schema), entity, found) if found else None


@lru_cache(maxsize=1024)
def _of(schema: Any, entity: str, names: tuple[str, ...]) -> Order:
    keys, model = tuple(_sort(schema, entity, name) for name in names), schema.entity(entity).model
    field = schema.field(entity, keys[0].field)
    along = walk(field, model) if len(keys) == 1 and isinstance(field, Defined) else None
    return Order(keys, model.id, walk=along)


def _sort(schema: Any, entity: str, wanted: str) -> Sort:
    field: Field = schema.field(entity, wanted.removeprefix("-"))
    key, indexed = _key(schema, entity, field.key)
    textual = field.sort is not None and field.kind is Kind.TEXT
    return Sort(field.key, wanted.startswith("-"), key, indexed, textual, field.kind)


@lru_cache(maxsize=256)
def usual(schema: Any, entity: str) -> Order:
    """Return the order in which a list stands if nobody asks: the entity's own, else the newest first."""
    kind = schema.entity(entity)
    wanted = kind.default_sort.removeprefix("-")
    if wanted in _sortable(schema, entity):
        return _of(schema, entity, (kind.default_sort,))
    return Order((Sort("id", True, kind.model.id, indexed=True, kind=Kind.NUMBER),), kind.model.id)


def sortable(ctx: Context, entity: str) -> Mapping[str, Field]:
    """Return the fields a list can be sorted by, of those on lists that exist for the principal."""
    found = _sortable(cast(Any, ctx.schema), entity)
    if not ctx.user.hidden:
        return found
    return {n: f for n, f in found.items() if access.sees(ctx, entity, n)}


@lru_cache(maxsize=256)
def _sortable(schema: Any, entity: str) -> Mapping[str, Field]:
    return {f.key: f for f in schema.fields(entity) if Show.LIST in f.show and _able(entity, f)}


def _able(entity: str, field: Field) -> bool:
    if field.sort is not None or (entity, field.key) in listing_names.FIRST:
        return True
    named = field.kind in NAMED and not field.many
    return (field.column is not None or field.sql is not None) and (field.kind in SCALAR or named)


def indexed(ctx: Context, entity: str, name: str) -> bool:
    """Tell whether a list of any size can be sorted by a field."""
    found = of(ctx, entity, name)
    return found is not None and found.indexed


@lru_cache(maxsize=1024)
def _key(schema: Any, entity: str, name: str) -> tuple[ColumnElement[Any], bool]:
    field: Field = schema.field(entity, name)
    model: Any = schema.entity(entity).model
    if field.sort is not None:
        expression: Any = guarded.expression(field, field.sort, model)
        return expression, _is_index(model, expression) or field.owner != "core"
    if (entity, name) in listing_names.FIRST:
        return func.lower(func.coalesce(listing_names.FIRST[entity, name](), "")), False
    expression = value(schema, entity, field)
    if _is_index(model, expression):
        return expression, True
    if field.kind in NAMED:
        place = listing_names.rank(schema, field, expression)
        if place is not None:
            return func.coalesce(place, LEAST[Kind.NUMBER]), False
        named = listing_names.of(schema, field, expression)
        return func.lower(func.coalesce(named, "")), False
    if field.kind is Kind.CHOICE and not callable(field.choices):
        places = {choice.value: place for place, choice in enumerate(field.choices)}
        return case(places, value=expression, else_=len(places)), False
    if field.kind is Kind.TEXT:
        return func.lower(func.coalesce(expression, "")), False
    return func.coalesce(expression, LEAST.get(field.kind, "")), False


def value(schema: Any, entity: str, field: Field) -> Any:
    """Return the expression of a field's value: its column, or what its owner says."""
    model: Any = schema.entity(entity).model
    if field.column is not None:
        return getattr(model, field.column)
    assert field.sql is not None
    return guarded.expression(field, field.sql, model)


def _is_index(model: Any, expression: Any) -> bool:
    if not isinstance(expression, InstrumentedAttribute):
        return False
    wanted = [expression.key, "id"]
    nullable = model.__table__.c[expression.key].nullable
    return not nullable and any(
        [c.name for c in index.columns] == wanted for index in model.__table__.indexes
    )
