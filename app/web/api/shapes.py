"""What values look like, as JSON Schema (2020-12): told by the kind of each Field, for reading and for writing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.services import fields
from app.services.access import GREATEST_ID
from app.services.api_refs import target_of

Schema = dict[str, Any]

TEXT: Schema = {"type": ["string", "null"]}
UID: Schema = {"type": "string", "format": "uuid"}
LISTED = {Kind.EMAIL: "Reach", Kind.PHONE: "Reach", Kind.URL: "WebAddress", Kind.ADDRESS: "Address"}
SPECIAL = {
    ("contact", "affiliations"): "Affiliation",
    ("contact", "relations"): "Relation",
    ("contact", "do_not_contact"): "DoNotContact",
}
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
MOST_CHOICES = 100


def ref(name: str) -> Schema:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def _texts(*names: str, **more: Schema) -> Schema:
    return {**{name: {"type": "string"} for name in names}, **more}


def _entry(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


BOOL: Schema = {"type": "boolean"}
MAYBE_UID: Schema = {"type": ["string", "null"], "format": "uuid"}
ENTRIES: Mapping[str, Schema] = {
    "Reach": _entry(_texts("value", "kind", preferred=BOOL), "value"),
    "WebAddress": _entry(_texts("value", "service", "kind", preferred=BOOL), "value"),
    "Address": _entry(
        _texts(
            "post_office_box",
            "extended_address",
            "street_address",
            "locality",
            "region",
            "postal_code",
            "country_code",
            "country",
            "label",
            "kind",
            preferred=BOOL,
        )
    ),
    "Affiliation": _entry(
        _texts(
            "name",
            "title",
            "role",
            "department",
            "started_on",
            "ended_on",
            company=MAYBE_UID,
            is_primary=BOOL,
        )
    ),
    "Relation": _entry(
        _texts("name", "type", "note", "started_on", "ended_on", contact=MAYBE_UID), "contact", "type"
    ),
    "DoNotContact": _entry(
        _texts("channel", "reason", since={"type": "string", "format": "date-time"}), "channel"
    ),
    "Tie": _entry(_texts("entity", uid=UID), "entity", "uid"),
}
"""Entries of lists, by name; read and written in the same shape."""


def of(ctx: Context, field: Field, *, write: bool = False) -> Schema:
    """Return the schema of a field's value as it is told, or as it may be sent."""
    found = dict(_of(ctx, field, write))
    found["title"] = str(field.label)
    told = [str(field.hint)] if field.hint else []
    if points := target_of(field):
        told.append(f"→ {points}")
    if told:
        found["description"] = " ".join(told)
    if not write and field.column is None and field.save is None:
        found["readOnly"] = True
    return found


def _of(ctx: Context, field: Field, write: bool) -> Schema:
    special = SPECIAL.get((field.on, field.key))
    if special or (field.many and field.kind in LISTED):
        return _list(ref(special or LISTED[field.kind]), write)
    if field.kind is Kind.REFS:
        return _list(UID if field.ref else ref("Tie"), write)
    if field.kind is Kind.CHOICES:
        return _list(_words(ctx, field) if write else {"type": "string"}, write)
    if field.many or field.kind is Kind.TAGS:
        word = {"type": "string", "minLength": 1, "maxLength": 80} if write else {"type": "string"}
        return _list(word if field.owner == "core" or field.kind is Kind.TAGS else {}, write)
    return _scalar(ctx, field, write)


def _list(items: Schema, write: bool) -> Schema:
    found: Schema = {"type": "array", "items": items}
    return found | {"maxItems": 500} if write else found


def _scalar(ctx: Context, field: Field, write: bool) -> Schema:
    if field.kind in (Kind.USER, Kind.TEAM, Kind.REF, Kind.FILE):
        return MAYBE_UID
    if field.kind is Kind.NUMBER:
        if write and field.parse is None:
            return {"type": ["integer", "null"], "minimum": -GREATEST_ID, "maximum": GREATEST_ID}
        return {"type": ["number", "null"]}
    if field.kind is Kind.MONEY:
        return {
            "type": ["string", "null"],
            "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$" if write else r"^-?[0-9]+(\.[0-9]+)?$",
        }
    if field.kind is Kind.BOOL:
        return BOOL if write else {"type": ["boolean", "null"]}
    if field.kind is Kind.DATE:
        return {"type": ["string", "null"], "format": "date"}
    if field.kind is Kind.TIME:
        return {"type": ["string", "null"], "format": "date-time"}
    if field.kind is Kind.CHOICE and write:
        return _words(ctx, field)
    return TEXT


def _words(ctx: Context, field: Field) -> Schema:
    """Return the choices of a field: as an enumeration where a client can make names of them, else as examples."""
    values = [c.value for c in fields.choices(ctx, field)]
    if not values or len(values) > MOST_CHOICES:
        return {"type": "string"} if field.kind is Kind.CHOICES else TEXT
    nameable = all(map(WORD.fullmatch, values)) and len({v.lower() for v in values}) == len(values)
    if field.kind is Kind.CHOICES:
        return {"type": "string", "enum": values} if nameable else {"type": "string", "examples": values}
    return {**TEXT, "enum": [*values, None]} if nameable else {**TEXT, "examples": values}
