"""Layouts as they are kept, read with the schema: what cannot be understood is left out, never an error."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Layout as Row


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A field in its place. `only_if` is an expression of the filter language: elsewhere the field is not shown."""

    name: str
    required: bool = False
    readonly: bool = False
    hidden: bool = False
    only_if: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields under a heading."""

    title: str
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a kind of record is laid out for a role. With `everywhere` imports and programs obey its rules too."""

    entity: str
    role: str = ""
    groups: tuple[Group, ...] = ()
    everywhere: bool = False

    @cached_property
    def slots(self) -> Mapping[str, Slot]:
        """Its fields by name, in their order."""
        return {slot.name: slot for group in self.groups for slot in group.slots}

    @cached_property
    def ruled(self) -> tuple[Slot, ...]:
        """The fields that must be filled in."""
        return tuple(s for s in self.slots.values() if s.required and not s.hidden and not s.readonly)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each field."""
        return {name: n for n, name in enumerate(self.slots)}


def read(session: Session) -> dict[tuple[str, str], Layout]:
    """Return the layouts by entity and role."""
    rows = session.execute(select(Row).order_by(Row.id)).scalars()
    return {(row.entity, row.role): of(row) for row in rows}


def of(row: Row) -> Layout:
    """Return a stored layout."""
    return Layout(
        entity=row.entity, role=row.role, groups=tuple(_groups(row.content)), everywhere=row.everywhere
    )


def _groups(text: str) -> Iterator[Group]:
    try:
        found = json.loads(text)
    except ValueError:
        return
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict):
            fields = one.get("fields")
            slots = tuple(_slots(fields if isinstance(fields, list) else ()))
            yield Group(title=str(one.get("title") or ""), slots=slots)


def _slots(found: Sequence[Any]) -> Iterator[Slot]:
    for one in found:
        if isinstance(one, dict) and one.get("name"):
            flags = {n: bool(one.get(n)) for n in ("required", "readonly", "hidden")}
            yield Slot(name=str(one["name"]), only_if=str(one.get("only_if") or ""), **flags)


def stored(groups: Sequence[Group]) -> str:
    """Return groups as they are kept: what is not said of a field is left out."""
    said = [
        {
            "title": group.title,
            "fields": [{n: v for n, v in asdict(slot).items() if v} for slot in group.slots],
        }
        for group in groups
    ]
    return json.dumps(said, ensure_ascii=False)
