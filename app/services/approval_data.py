"""What was asked for, as JSON that gives the same values back: days, instants and decimals keep their type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from app.i18n import _
from app.kernel.errors import Invalid

TYPE = "$type"

READERS: Mapping[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time": time.fromisoformat,
}


def dump(data: Mapping[str, Any]) -> str:
    """Return the data of an action as JSON. Raises Invalid for what cannot wait, such as a file that was sent."""
    try:
        return json.dumps(dict(data), default=_typed, ensure_ascii=False)
    except TypeError as error:
        raise Invalid({"approval": _("A file cannot wait for an approval. Attach it afterwards.")}) from error


def load(text: str) -> dict[str, Any]:
    """Return what `dump` wrote, every value of the type that it had."""
    found: dict[str, Any] = json.loads(text, object_hook=_value)
    return found


def _typed(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {TYPE: "decimal", "value": str(value)}
    if isinstance(value, datetime):
        return {TYPE: "instant", "value": value.isoformat()}
    if isinstance(value, date):
        return {TYPE: "day", "value": value.isoformat()}
    if isinstance(value, time):
        return {TYPE: "time", "value": value.isoformat()}
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _value(found: dict[str, Any]) -> Any:
    return READERS[found[TYPE]](found["value"]) if found.get(TYPE) in READERS else found
