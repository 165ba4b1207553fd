"""Values of fields as the API tells them, a field of a whole page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.formats import file_values
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind, Show
from app.models import NEVER, SOMEDAY
from app.services import fields
from app.services.api_refs import ENTRIES, Uids, target_of

POINTERS = (Kind.USER, Kind.TEAM, Kind.REF)
TEXTS = (
    Kind.TEXT,
    Kind.LONG_TEXT,
    Kind.CHOICE,
    Kind.PARTIAL_DATE,
    Kind.EMAIL,
    Kind.PHONE,
    Kind.URL,
    Kind.PLACE,
)
ENTRY_KEYS: Mapping[str, str] = {"company_id": "company", "company": "name", "other_id": "contact"}
"""Keys of entries that programs see under another name."""


def offered(ctx: Context, entity: str) -> list[Field]:
    """Return the fields of an entity that the API tells the principal, ties between records among them."""
    return [
        f
        for f in fields.visible(ctx, entity)
        if (Show.API in f.show or (f.save is not None and f.kind is Kind.REFS))
        and (f.load is not None or f.column is not None)
    ]


def encoded(of: Field, values: Sequence[Any], uids: Uids) -> Sequence[Any]:
    """Return a column of values as JSON; records out of sight are null, or left out of lists."""
    if of.kind is Kind.REFS:
        return [_ties(of, uids, value) for value in values]
    if of.kind in POINTERS and not of.many:
        known, entity = uids.known, target_of(of)
        return [known.get((entity, value)) for value in values]
    if of.many and of.owner == "core":
        return [value if value.__class__ is list else [] for value in values]  # the core's are plain already
    if of.many:
        return [_listed(value) for value in values]
    if of.kind not in _BY_KIND:
        return [v if v is None or v.__class__ is str else _text(v) for v in values]
    encode = _BY_KIND[of.kind]
    return [encode(value) for value in values]


def _ties(of: Field, uids: Uids, value: Any) -> list[Any]:
    if not value or not isinstance(value, list | tuple):
        return []
    return [told for told in (_tie(of, uids, one) for one in value) if told is not None]


def _tie(of: Field, uids: Uids, one: Any) -> Any:
    if isinstance(one, Mapping):
        names, pointing = _entry(tuple(one))
        values = list(one.values())
        for place, entity in pointing:
            values[place] = uids.known.get((entity, values[place]))
        return dict(zip(names, values, strict=True))
    if isinstance(one, int):
        return uids.of(of.ref or "", one)
    if isinstance(one, str) and ":" in one:
        entity, _sep, number = one.rpartition(":")
        uid = uids.of(entity, int(number)) if number.isdecimal() else None
        return None if uid is None else {"entity": entity, "uid": uid}
    return None


@lru_cache(maxsize=64)
def _entry(keys: tuple[str, ...]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return what programs call the keys of an entry, and at which places it points at records of which kind."""
    pointing = [(place, ENTRIES[key]) for place, key in enumerate(keys) if key in ENTRIES]
    return [ENTRY_KEYS.get(key, key) for key in keys], pointing


def _listed(value: Any) -> list[Any]:
    if not value or not isinstance(value, list | tuple | set):
        return []
    return [one if one.__class__ is str else _plain(one) for one in value]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {k: v if v.__class__ is str else _plain(v) for k, v in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return (
        str(value) if isinstance(value, int | float | Decimal | bool) or hasattr(value, "__html__") else None
    )


def _day(value: Any) -> str | None:
    return value if isinstance(value, str) and value and value != SOMEDAY else None


def _time(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, datetime) and value != NEVER else None


def _file(value: Any) -> str | None:
    return file_values.uid_of(value) if value else None


def _number(value: Any) -> int | float | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, int | float) else None


def _money(value: Any) -> str | None:
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return format(Decimal(str(value)), "f")
    return None


def _bool(value: Any) -> bool | None:
    return bool(value) if isinstance(value, bool | int) else None


_BY_KIND: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.DATE: _day,
    Kind.TIME: _time,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.BOOL: _bool,
    Kind.FILE: _file,
    Kind.CHOICES: _listed,
    Kind.TAGS: _listed,
}
