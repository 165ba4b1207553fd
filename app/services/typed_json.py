"""Values as JSON that gives the same values back: days, instants and decimals keep their type, secrets stay sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

TYPE = "$type"


@dataclass(frozen=True)
class Sealed:
    """A secret as it is stored; `bound` is the place in which it opens (app.services.secrets)."""

    text: str = field(repr=False)
    bound: str = ""


READERS: Mapping[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time": time.fromisoformat,
    "sealed": Sealed,
}


def dump(value: Any) -> str:
    """Return a value as JSON. Raises TypeError for what cannot be stored, such as a file that was sent."""
    return json.dumps(value, default=_typed, ensure_ascii=False)


def load(text: str) -> Any:
    """Return what `dump` wrote, every value of the type that it had."""
    return json.loads(text, object_hook=_value)


def _typed(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    for kind, name in _NAMES:
        if isinstance(value, kind):
            text = value.text if isinstance(value, Sealed) else value
            return {TYPE: name, "value": text.isoformat() if isinstance(text, date | time) else str(text)}
    if hasattr(value, "__html__") or type(value).__name__ == "LazyString":
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


_NAMES: tuple[tuple[type, str], ...] = (
    (Decimal, "decimal"),
    (datetime, "instant"),
    (date, "day"),
    (time, "time"),
    (Sealed, "sealed"),
)
"""A datetime is a date too, so it comes first."""


def _value(found: dict[str, Any]) -> Any:
    return READERS[found[TYPE]](found["value"]) if found.get(TYPE) in READERS else found
