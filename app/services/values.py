"""Values as JSON and back: for journal, events and exports, without losing their type."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.kernel.contributions import Field, Kind


def dump(value: Any) -> str:
    """Return a value as JSON; instants as ISO 8601 with offset, decimals as text."""
    return _ENCODER.encode(value)


def load(text: str) -> Any:
    """Return what `dump` wrote, with instants and decimals still as text (see `revive`)."""
    return json.loads(text)


def told(value: Any) -> Any:
    """Return what `load` makes of what `dump` makes of a value: what the journal knows of it."""
    return value if is_plain(value) else load(dump(value))


def is_plain(value: Any) -> bool:
    """Tell whether a value is the same in JSON."""
    return type(value) in _PLAIN


Dump = Callable[[Any], str]


def dumping() -> Dump:
    """Return a `dump` for many rows that writes an object which it is given again only once."""
    known: dict[int, tuple[Any, str]] = {}

    def once(value: Any) -> str:
        found = known.get(id(value))
        if found is None:
            found = known[id(value)] = (value, dump(value))  # the value is held, its id stays its own
        return found[1]

    return once


def revive(field: Field, value: Any) -> Any:
    """Turn a stored JSON value of a field back into the Python value it came from; what is none of its type stays text."""
    if value is None or not isinstance(value, str):
        return value
    try:
        if field.kind is Kind.TIME:
            return datetime.fromisoformat(value)
        if field.kind in (Kind.MONEY, Kind.NUMBER):
            return Decimal(value)
    except (ValueError, ArithmeticError):
        pass  # of the time when the field was of another type
    return value


def plain(value: Any) -> Any:
    """Return what stands in JSON for a value that JSON does not know."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


_PLAIN = {str, int, bool, type(None)}

_ENCODER = json.JSONEncoder(default=plain, ensure_ascii=False, separators=(",", ":"))
"""Made once: a bulk edit writes four of its texts a row."""
