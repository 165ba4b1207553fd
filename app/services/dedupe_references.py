"""What points at a record: every column of every loaded table, the core's and the plugins', switched on or not.

Three ways of pointing are known: a foreign key, the pair (entity, record_id), and what is declared: the subject of an
Entity and the columns of Fields that refer to another one. What is declared needs no foreign key to be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import UniqueConstraint, inspect

from app.extensions import Base
from app.house import house
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field
from app.models import (
    Affiliation,
    BulkRefusal,
    CompanyDomain,
    ContactDate,
    DoNotContact,
    DuplicatePair,
    EmailAddress,
    EventRow,
    ImportRow,
    JournalEntry,
    PhoneNumber,
    PostalAddress,
    Receipt,
    RecordAlias,
    Relation,
    SearchDoc,
    SearchName,
    TagLink,
    WebLink,
)

STAYING: frozenset[Any] = frozenset(
    (
        BulkRefusal,
        DuplicatePair,
        EventRow,
        ImportRow,
        JournalEntry,
        Receipt,
        RecordAlias,
        SearchDoc,
        SearchName,
    )
)
"""Tables that tell what happened to a record, or are made from it: they stay with it."""

VALUES: dict[tuple[Any, str], str] = {
    (Affiliation, "contact_id"): "affiliations",
    (CompanyDomain, "company_id"): "domains",
    (ContactDate, "contact_id"): "dates",
    (DoNotContact, "contact_id"): "do_not_contact",
    (Relation, "contact_id"): "relations",
    (Relation, "other_id"): "relations",
    (TagLink, "record_id"): "tags",
    **{
        (model, whose): name
        for model, name in (
            (EmailAddress, "emails"),
            (PhoneNumber, "phones"),
            (PostalAddress, "addresses"),
            (WebLink, "links"),
        )
        for whose in ("contact_id", "company_id")
    },
}
"""Rows that are values of a Field: they are written as values, and the former record keeps its own."""

POLYMORPHIC = ("entity", "record_id")


class Reference(NamedTuple):
    """A column of a mapped class that holds ids of the entity; `named` if the entity stands beside it in the row."""

    model: Any
    column: str
    named: bool = False

    @property
    def key(self) -> Any:
        """The column itself."""
        return getattr(self.model, self.column)

    def where(self, entity: str) -> tuple[Any, ...]:
        """Return the condition under which the column means records of this entity."""
        return (self.model.entity == entity,) if self.named else ()

    @property
    def primary(self) -> tuple[str, ...]:
        """The names of the columns that tell rows apart, this one aside."""
        return tuple(c.key for c in inspect(self.model).primary_key if c.key != self.column)

    def alone(self) -> Sequence[tuple[str, ...]]:
        """Return the other columns of each set of which this one is part and that must not be there twice."""
        table: Any = inspect(self.model).local_table
        sets = [tuple(c.key for c in k.columns) for k in table.constraints if isinstance(k, UniqueConstraint)]
        sets += [tuple(c.key for c in index.columns) for index in table.indexes if index.unique]
        sets.append(tuple(column.key for column in table.primary_key))
        return [tuple(n for n in names if n != self.column) for names in sets if self.column in names]


def of(ctx: Context, entity: str) -> list[Reference]:
    """Return everything that may point at records of an entity, values and history aside."""
    models = _loaded(ctx)
    found = dict.fromkeys((*_keys(ctx, models, entity), *_named(models), *_declared(models, entity)))
    return [r for r in found if r.model not in STAYING and (r.model, r.column) not in VALUES]


def values_of(entity: str) -> list[Reference]:
    """Return the tables whose rows are values of the entity's own fields."""
    whose = (
        ("record_id",) if entity not in ("contact", "company") else ("record_id", "other_id", f"{entity}_id")
    )
    return [Reference(m, column, column == "record_id") for m, column in VALUES if column in whose]


def model_of(ctx: Context, table: str) -> Any | None:
    """Return the mapped class of a table, None when nothing that is loaded has it."""
    return next((model for model in _loaded(ctx) if inspect(model).local_table.name == table), None)


def _loaded(ctx: Context) -> list[Any]:
    """Return the mapped classes whose tables are there: those of the core and of the plugins that are installed."""
    there = set(inspect(ctx.session.connection()).get_table_names())
    mapped = (mapper.class_ for mapper in Base.registry.mappers if mapper.inherits is None)
    return [model for model in mapped if inspect(model).local_table.name in there]


def _keys(ctx: Context, models: Sequence[Any], entity: str) -> Iterator[Reference]:
    table: Any = inspect(ctx.schema.entity(entity).model).local_table
    for model in models:
        for column in inspect(model).local_table.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                yield Reference(model, column.key)


def _named(models: Sequence[Any]) -> Iterator[Reference]:
    for model in models:
        if all(name in inspect(model).local_table.columns for name in POLYMORPHIC):
            yield Reference(model, "record_id", True)


def _declared(there: Sequence[Any], entity: str) -> Iterator[Reference]:
    registry = house().registry
    kinds = [kind for kind in registry.loaded(Entity) if kind.model in there]
    for kind in kinds:
        if entity == "contact" and kind.key != entity and kind.subject and hasattr(kind.model, kind.subject):
            yield Reference(kind.model, kind.subject)
    models = {kind.key: kind.model for kind in kinds}
    for field in registry.loaded(Field):
        if field.ref == entity and field.column and not field.many and field.on in models:
            yield Reference(models[field.on], field.column)
