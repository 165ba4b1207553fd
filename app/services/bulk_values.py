"""What a bulk edit makes of a value: set, cleared, or for fields of several values added to and taken away from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.formats.fold import fold
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind, Show
from app.services import access, companies, fields
from app.services.values import dump, load, revive

IDENTITY = ("company_id", "other_id", "channel", "value", "company")
"""Parts of an entry by which it is the same one as another that has an equal part."""

HOWS = ("set", "add", "remove", "clear")


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One field and what becomes of it: `how` is one of HOWS, `value` as the field stores it."""

    field: str
    how: str
    value: Any = None

    def json(self) -> dict[str, Any]:
        """Return it as it is kept with a run."""
        return {"field": self.field, "how": self.how, "value": load(dump(self.value))}

    @classmethod
    def stored(cls, ctx: Context, entity: str, kept: Mapping[str, Any]) -> Edit:
        """Return what was kept, with its value as the field stores it."""
        field = ctx.schema.field(entity, kept["field"])
        return cls(field=field.key, how=kept["how"], value=revive(field, kept["value"]))


def offered(ctx: Context, entity: str) -> list[Field]:
    """Return the fields that the principal may change on many records at once."""
    found = fields.visible(ctx, entity, Show.FORM)
    return [
        f
        for f in found
        if f.kind is not Kind.FILE and access.writes(ctx, entity, f.key) and _writable(ctx, f)
    ]


def _writable(ctx: Context, field: Field) -> bool:
    if field.column is None and field.save is None:
        return False
    if field.key in fields.ASSIGNING and not ctx.may(f"{field.on}.assign"):
        return False
    return field.permission is None or ctx.may(field.permission)


def hows(field: Field) -> Sequence[str]:
    """Return what can be done to a field."""
    found = HOWS if field.many or field.kind in {Kind.TAGS, Kind.CHOICES} else ("set", "clear")
    return [how for how in found if how != "clear" or not field.required]


def nothing(kind: Entity, field: Field) -> Any:
    """Return what stands for no value of a field."""
    if field.many or field.kind in {Kind.TAGS, Kind.CHOICES, Kind.REFS}:
        return []
    if field.kind is Kind.BOOL:
        return False
    column = kind.model.__mapper__.columns.get(field.column) if field.column else None
    if column is None or column.nullable:
        return None
    return "" if column.type.python_type is str else None


def changes(ctx: Context, entity: str, edit: Edit, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Return the new values of records: for one that all get, the very same object."""
    kind, field = ctx.schema.entity(entity), ctx.schema.field(entity, edit.field)
    if edit.how in {"set", "clear"}:
        value = nothing(kind, field) if edit.how == "clear" else edit.value
        change = companies.settled(ctx, {field.key: value})
        return {i: change for i in ids}  # noqa: C420 (the same object for all, so that it is checked once)
    present = fields.load_ids(ctx, kind, [field], ids)[field.key] if ids else {}
    combine = _with if edit.how == "add" else _without
    return {i: {field.key: combine(present.get(i) or [], edit.value or [])} for i in ids}


def _with(present: Sequence[Any], more: Sequence[Any]) -> list[Any]:
    there = {part for entry in present for part in _parts(entry)}
    new = [entry for entry in more if not _parts(entry) & there]
    if present:
        new = [_later(entry) for entry in new]
    return [*present, *new]


def _without(present: Sequence[Any], gone: Sequence[Any]) -> list[Any]:
    leaving = {part for entry in gone for part in _parts(entry)}
    return [entry for entry in present if not _parts(entry) & leaving]


def _later(entry: Any) -> Any:
    """Return an entry that does not take the first place from those that are there."""
    if not isinstance(entry, Mapping):
        return entry
    return {n: False if n in {"preferred", "is_primary"} else v for n, v in entry.items()}


def _parts(entry: Any) -> set[str]:
    if isinstance(entry, Mapping):
        return {f"{n}:{fold(str(entry[n]))}" for n in IDENTITY if entry.get(n)} or {dump(entry)}
    return {fold(str(entry)).strip()}
