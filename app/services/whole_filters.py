"""Records that filters name by their numbers, and what stands for them elsewhere.

Read over the declarations of all loaded owners, enabled or not; what cannot be understood stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.house import house
from app.kernel.contributions import Entity, Field, Kind
from app.kernel.errors import Invalid
from app.kernel.expr import parser, printer
from app.kernel.expr.tree import And, Literal, Node, Not, Or, Sort
from app.services.filter_fields import named
from app.services.listing_filters import SHORT

Find = Callable[[str, Any], Any]
"""(table, id or name) → what stands for it on the other side, None if nothing does."""

NOBODY = "00000000-0000-0000-0000-000000000000"
"""Stands for a record that is gone: its number may be that of another one elsewhere."""

OF_PEOPLE: Mapping[Kind, str] = {Kind.USER: "user", Kind.TEAM: "team"}


@dataclass(frozen=True)
class Known:
    """Entity → fields by name, and entity → table: of everything that is loaded."""

    fields: Mapping[str, Mapping[str, Field]]
    tables: Mapping[str, str]

    def target(self, field: Field) -> str | None:
        """Return the table that a field's values point at, None for a field that points nowhere."""
        entity = OF_PEOPLE.get(field.kind) or (field.ref if field.kind in (Kind.REF, Kind.REFS) else None)
        return self.tables.get(entity) if entity else None


def known(tables: Mapping[str, str], more: Mapping[str, Mapping[str, Field]]) -> Known:
    """Return what filters and values may speak of; `more` are the fields that administrators added."""
    found: dict[str, dict[str, Field]] = {name: dict(there) for name, there in more.items()}
    for kind in house().registry.loaded(Entity):
        for field in kind.fields:
            found.setdefault(kind.key, {}).setdefault(field.key, field)
    for field in house().registry.loaded(Field):
        found.setdefault(field.on, {}).setdefault(field.key, field)
    return Known(found, tables)


def state(there: Known, entity: str, pairs: Any, find: Find) -> Any:
    """Return what a saved view shows, with other names of records in its filters."""
    other = {"where": text, "f": _chip}
    return [[n, other[n](there, entity, said, find) if n in other else said] for n, said in pairs or []]


def _chip(there: Known, entity: str, said: str, find: Find) -> str:
    name, _first, rest = said.partition(":")
    operator, _second, value = rest.partition(":")
    table = _table(there, entity, SHORT.get(name, name))
    if not table or not value:
        return said
    other = find(table, int(value) if value.isdecimal() else value)
    if other is None and value.isdecimal():
        other = NOBODY
    return said if other is None else f"{name}:{operator}:{other}"


def text(there: Known, entity: str, said: str | None, find: Find) -> str:
    """Return an expression with other names of records; one that names none stays as it was written."""
    if not said or not said.strip():
        return said or ""
    try:
        tree = parser.parse(said)
    except Invalid:
        return said
    other = _node(there, entity, tree, find)
    return said if other == tree else printer.text_of(other)


def _node(there: Known, entity: str, node: Node, find: Find) -> Node:
    if isinstance(node, Not):
        return Not(_node(there, entity, node.part, find))
    if isinstance(node, And | Or):
        return type(node)(tuple(_node(there, entity, part, find) for part in node.parts))
    table = _table(there, entity, node.path)
    return replace(node, values=tuple(_literal(table, one, find) for one in node.values)) if table else node


def _literal(table: str, value: Literal, find: Find) -> Literal:
    if value.sort is Sort.NUMBER and value.text.isdecimal():
        other = find(table, int(value.text)) or NOBODY
    elif value.sort is Sort.TEXT:
        other = find(table, value.text)
    else:
        return value
    if other is None:
        return value
    return Literal(Sort.NUMBER if isinstance(other, int) else Sort.TEXT, str(other))


def _table(there: Known, entity: str, path: str) -> str | None:
    """Return the table of the records that stand at the end of a path, None if it ends at something else."""
    rest, here = path.split("."), entity
    while rest:
        if here in there.tables and here in ("user", "team"):
            here = "team" if here == "user" and rest[0] == "team" else ""
        elif (name := named(there.fields.get(here, {}), rest[0])) is not None:
            field = there.fields[here].get(name)
            here = _leads(field, rest) if field is not None else ""
        else:
            here = ""
        if not here:
            return None
        rest = rest[1:]
    return there.tables.get(here)


def _leads(field: Field, rest: list[str]) -> str:
    """Return the entity at which a field points; one that points at several is followed by the name of one."""
    if field.kind in OF_PEOPLE:
        return OF_PEOPLE[field.kind]
    if field.kind not in (Kind.REF, Kind.REFS):
        return ""
    if field.ref:
        return field.ref
    return rest.pop(1) if len(rest) > 1 else ""
