"""The columns of an export: what each is called and what stands in it for a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.formats.fold import fold
from app.i18n import _, _l
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind, Show
from app.services import export_text, fields
from app.services.export_refs import Refs
from app.services.values import dump

UID = "uid"
UID_LABEL = "Kith UID"
"""The same in every language: by it a file is known as one of our own."""

REST = "more"
"""The part that holds all addresses, where there are several or one has what the other parts do not say."""

PARTS: Mapping[str, Any] = {
    "street_address": _l("street and number"),
    "extended_address": _l("second line"),
    "post_office_box": _l("post office box"),
    "postal_code": _l("postal code"),
    "locality": _l("city"),
    "region": _l("region"),
    "country_code": _l("country code"),
    "country": _l("country"),
    "kind": _l("kind"),
    REST: _l("all"),
}
KEPT = ("extra",)
"""Fields that no page shows, without which a record would not come back whole."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its field (None for the UID) and, of an address, its part."""

    label: str
    field: Field | None = None
    part: str = ""

    @property
    def key(self) -> str:
        """The name by which an import knows it, in every language."""
        if self.field is None:
            return UID
        return f"{self.field.key}.{self.part}" if self.part else self.field.key


def columns(ctx: Context, entity: str, shown: Sequence[str] = ()) -> list[Column]:
    """Return the columns of the named fields, or of all that may leave the house, as far as the principal sees them."""
    visible = {f.key: f for f in fields.visible(ctx, entity) if _leaves(f)}
    chosen = [visible[n] for n in shown if n in visible] if shown else list(visible.values())
    found = [Column(label=UID_LABEL)]
    for field in chosen:
        found += _of(field)
    return found


def _leaves(field: Field) -> bool:
    """Tell whether a field may leave: as it says itself, or because a record without it would not come back whole."""
    ties = field.save is not None and field.kind is Kind.REFS
    return Show.EXPORT in field.show or field.key in KEPT or ties


def _of(field: Field) -> list[Column]:
    label = str(field.label)
    if field.kind is not Kind.ADDRESS:
        return [Column(label=label, field=field)]
    return [Column(label=f"{label}: {word}", field=field, part=part) for part, word in PARTS.items()]


def named(ctx: Context, entity: str) -> dict[str, str]:
    """Return folded label or key → key of every column, for the reader's language and English."""
    every = columns(ctx, entity)
    known = {fold(column.label): column.key for column in reversed(every)}
    whole = {fold(column.field.key): column.field.key for column in every if column.field is not None}
    return known | whole | {fold(column.key): column.key for column in every}


def cells(refs: Refs, wanted: Sequence[Column], record: Any, values: Mapping[str, Any]) -> list[Any]:
    """Return the cells of a record: numbers as numbers, everything else as text."""
    return [_cell(refs, column, record, values) for column in wanted]


def _cell(refs: Refs, column: Column, record: Any, values: Mapping[str, Any]) -> Any:
    field = column.field
    if field is None:
        return record.uid
    value = values.get(field.key)
    if column.part:
        return _part(value or [], column.part)
    if field.kind is Kind.NUMBER and isinstance(value, int) and not isinstance(value, bool):
        return value
    return export_text.written(refs, field, value)


def _part(addresses: Sequence[Mapping[str, Any]], part: str) -> str:
    if not addresses:
        return ""
    if part != REST:
        return str(addresses[0].get(part) or "")
    whole = len(addresses) == 1 and not addresses[0].get("label")
    plain = whole and all(str(v) == str(v).strip() for v in addresses[0].values())
    return "" if plain else export_text.MARK + dump(list(addresses))


def line(refs: Refs, wanted: Sequence[Column], record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as an object of JSON Lines: whole values under the keys of their fields."""
    found: dict[str, Any] = {UID: record.uid}
    for column in wanted:
        if column.field is not None and column.field.key not in found:
            found[column.field.key] = export_text.line_value(refs, column.field, values.get(column.field.key))
    return found


def title(ctx: Context, entity: str) -> str:
    """Return what a file with records of an entity is called."""
    return str(ctx.schema.entity(entity).plural) or _("Records")
