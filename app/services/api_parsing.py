"""Values that a program sends, made into values of fields: the same checks as where somebody types them.

Texts, addresses and numbers go through the field's own `parse`; dates and times are ISO 8601 in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from app.formats.partial_dates import from_iso
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.kernel.errors import Invalid, NotVisible
from app.services import api_refs, fields
from app.services.access import GREATEST_ID
from app.services.api_refs import target_of
from app.services.import_mapping import importable

LISTED = (Kind.EMAIL, Kind.PHONE, Kind.URL)
MOST_ENTRIES = 500
"""Entries of one value."""

AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ADDRESS = (
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
)
PLACE = ("title", "role", "department", "started_on", "ended_on")
TIE = ("type", "note", "started_on", "ended_on")


def writable(ctx: Context, entity: str) -> dict[str, Field]:
    """Return the fields that the principal may write by a program: those of forms and imports that are told, too."""
    from app.services.api_values import offered

    told = {f.key for f in offered(ctx, entity)}
    return {f.key: f for f in importable(ctx, entity) if f.key in told}


def values(ctx: Context, entity: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return field values. Raises Invalid with a sentence for each that cannot be used, NotAllowed as the fields do."""
    known = writable(ctx, entity)
    fields.writable(ctx, entity, [n for n in sent if n not in known and _is_there(ctx, entity, n)])
    found: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in sent.items():
        if name not in known:
            told = _is_there(ctx, entity, name)
            problems[name] = (
                _("“%(name)s” cannot be changed.", name=name)
                if told
                else _("There is no field “%(name)s”.", name=name[:60])
            )
            continue
        try:
            found[name] = _filled(ctx, entity, known[name], _value(ctx, known[name], value))
        except ValueError as error:
            problems[name] = str(error)
    if problems:
        raise Invalid(problems)
    return found


def _is_there(ctx: Context, entity: str, name: str) -> bool:
    return any(f.key == name for f in fields.visible(ctx, entity))


def _filled(ctx: Context, entity: str, field: Field, value: Any) -> Any:
    """Return the value of a column that must not be null. Raises ValueError where nothing stands for nothing."""
    if value is not None or field.column is None:
        return value
    column = ctx.schema.entity(entity).model.__table__.c[field.column]
    if column.nullable:
        return None
    if column.type.python_type is str:
        return ""
    raise ValueError(_("%(name)s is needed.", name=str(field.label)))


def _value(ctx: Context, field: Field, value: Any) -> Any:
    if field.kind is Kind.REFS:
        return _ties(ctx, field, value)
    if field.many and field.kind in LISTED:
        return [_entry(ctx, field, one) for one in _list(value)]
    if field.many and field.kind is Kind.ADDRESS:
        return [_address(one) for one in _list(value)]
    if field.kind is Kind.CHOICES:
        return [_flag(ctx, field, one) for one in _list(value)]
    if field.many or field.kind is Kind.TAGS:
        return [_word(one) for one in _list(value)]
    if value is None and field.kind not in _TEXTS:
        return "" if field.kind in (Kind.DATE, Kind.PARTIAL_DATE, Kind.CHOICE) else None
    return _BY_KIND.get(field.kind, _text)(ctx, field, value)


# ---------------------------------------------------------------- plain values


def _text(ctx: Context, field: Field, value: Any) -> Any:
    text = "" if value is None else _string(value)
    return fields.parse(ctx, field, text)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_("This has to be a text."))
    return value.replace("\x00", "")


def _number(ctx: Context, field: Field, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(_("This has to be a number."))
    if abs(value) > GREATEST_ID or (field.parse is None and value != int(value)):
        raise ValueError(_("This has to be a whole number, at most 2,147,483,647."))
    text = str(int(value)) if value == int(value) else format(Decimal(str(value)), "f")
    return fields.parse(ctx, field, text)


def _money(ctx: Context, field: Field, value: Any) -> Any:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not AMOUNT.fullmatch(text):
        raise ValueError(_("This has to be an amount as a text, like “1200.50”."))
    return fields.parse(ctx, field, text)


def _bool(ctx: Context, field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("This has to be true or false."))
    return value


def _choice(ctx: Context, field: Field, value: Any) -> str:
    text = _string(value)
    known = [c.value for c in fields.choices(ctx, field)]
    if text in known or not text:
        return text
    some = ", ".join(known[:12])
    raise ValueError(_("“%(text)s” is none of the choices: %(some)s.", text=text[:60], some=some))


def _day(ctx: Context, field: Field, value: Any) -> str:
    text = _string(value)
    if not text:
        return ""
    found = from_iso(text)
    if field.kind is Kind.DATE and not (DAY.fullmatch(text) and found.full):
        raise ValueError(_("This has to be a day like 2026-02-28."))
    return str(found)


def _time(ctx: Context, field: Field, value: Any) -> datetime | None:
    text = _string(value)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ctx.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_("This has to be a time like 2026-02-28T14:30:00Z.")) from None


def _pointer(ctx: Context, field: Field, value: Any) -> int:
    return api_refs.number(ctx, target_of(field), value)


_TEXTS = (
    *(Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.PLACE, Kind.ADDRESS),
    Kind.FILE,
)
_BY_KIND: Mapping[Kind, Callable[[Context, Field, Any], Any]] = {
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.BOOL: _bool,
    Kind.CHOICE: _choice,
    Kind.DATE: _day,
    Kind.PARTIAL_DATE: _day,
    Kind.TIME: _time,
    Kind.USER: _pointer,
    Kind.TEAM: _pointer,
    Kind.REF: _pointer,
}


# ---------------------------------------------------------------- lists


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise ValueError(_("This has to be a list of at most %(most)s entries.", most=MOST_ENTRIES))
    return value


def _object(value: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(_("Each entry has to be an object."))
    if unknown := [k for k in value if k not in keys]:
        raise ValueError(_("An entry has no “%(name)s”.", name=unknown[0][:60]))
    return value


def _texts(value: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, str]:
    return {k: _string(value[k]) for k in keys if value.get(k) is not None}


def _word(value: Any) -> str:
    text = _string(value).strip()
    if not text or "," in text or "\n" in text or len(text) > 250:
        raise ValueError(_("A word of this list is not empty, has no comma and at most 250 characters."))
    return text


def _entry(ctx: Context, field: Field, value: Any) -> dict[str, Any]:
    keys = ("value", "kind", "preferred", "service")
    found = _object({"value": value} if isinstance(value, str) else value, keys)
    text = _string(found.get("value")).strip()
    read = fields.parse(ctx, field, text) if field.parse is not None else [{"value": text}]
    if not isinstance(read, list) or len(read) != 1:
        raise ValueError(_("Write one value in each entry."))
    return {**read[0], **_texts(found, ("kind", "service")), "preferred": found.get("preferred") is True}


def _address(value: Any) -> dict[str, Any]:
    found = _object(value, (*ADDRESS, "preferred"))
    return {**_texts(found, ADDRESS), "preferred": found.get("preferred") is True}


def _flag(ctx: Context, field: Field, value: Any) -> Any:
    known = {c.value for c in fields.choices(ctx, field)} if field.choices else None
    if isinstance(value, Mapping):
        found = _object(value, ("channel", "reason", "since"))
        told: Any = _texts(found, ("channel", "reason"))
        word = told.get("channel", "")
        if since := found.get("since"):
            told["since"] = (_time(ctx, field, since) or ctx.now).isoformat()
    else:
        told = word = _string(value)
    if not word or (known is not None and word not in known):
        some = ", ".join(sorted(known or ())[:12])
        raise ValueError(_("“%(text)s” is none of the choices: %(some)s.", text=str(word)[:60], some=some))
    return told


# ---------------------------------------------------------------- ties


def _ties(ctx: Context, field: Field, value: Any) -> list[Any]:
    special = _SPECIAL.get((field.on, field.key))
    if special is not None:
        return [special(ctx, one) for one in _list(value)]
    if field.ref:
        return [api_refs.number(ctx, field.ref, one) for one in _list(value)]
    return [_anything(ctx, one) for one in _list(value)]


def _anything(ctx: Context, value: Any) -> str:
    found = _object(value, ("entity", "uid"))
    entity = _string(found.get("entity"))
    try:
        return f"{entity}:{api_refs.number(ctx, entity, found.get('uid'))}"
    except NotVisible as error:
        raise ValueError(str(error)) from error


def _place(ctx: Context, value: Any) -> dict[str, Any]:
    found = _object(value, ("company", "name", "is_primary", *PLACE))
    told: dict[str, Any] = {**_texts(found, PLACE), "is_primary": found.get("is_primary") is True}
    if found.get("company") is not None:
        return told | {"company_id": api_refs.number(ctx, "company", found["company"])}
    name = _string(found.get("name")).strip()
    if not name:
        raise ValueError(_("Name the company of each place, or give its uid."))
    return told | {"company": name}


def _relation(ctx: Context, value: Any) -> dict[str, Any]:
    found = _object(value, ("contact", "name", *TIE))
    told = _texts(found, TIE)
    if not told.get("type", "").strip():
        raise ValueError(_("Say of what type each relation is."))
    return {**told, "other_id": api_refs.number(ctx, "contact", found.get("contact"))}


_SPECIAL: Mapping[tuple[str, str], Callable[[Context, Any], Any]] = {
    ("contact", "affiliations"): _place,
    ("contact", "relations"): _relation,
}
"""Ties of the core that say more than whom they are with."""
