"""Times as people type them, and as they read them: 1:30, 1.5, 90 min, 1h30 are all ninety minutes."""

from __future__ import annotations

import re

from app.sdk import _
from app.sdk.web import number

LONGEST = 60 * 100_000
_CLOCK = re.compile(r"(\d{1,6}):([0-5]?\d)")
_UNITS = re.compile(
    r"(?:(\d{1,6}(?:[.,]\d{1,4})?)\s*(?:h|std|hrs?|hours?))?\s*(?:(\d{1,7})\s*(?:m|min|minutes?)?)?"
)
_PLAIN = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?")


def minutes(text: str) -> int | None:
    """Return the minutes of a time as typed, None for an empty text. Raises ValueError with a sentence."""
    typed = " ".join(text.lower().split())
    if not typed:
        return None
    found = _minutes(typed)
    if found is None or found > LONGEST:
        raise ValueError(_("“%(text)s” is no length of time. Write it like 1:30 or 1.5.", text=text[:40]))
    return found


def _minutes(typed: str) -> int | None:
    if match := _CLOCK.fullmatch(typed):
        return int(match[1]) * 60 + int(match[2])
    if _PLAIN.fullmatch(typed):
        return round(float(typed.replace(",", ".")) * 60)
    if (match := _UNITS.fullmatch(typed)) and (match[1] or match[2]):
        return round(float((match[1] or "0").replace(",", ".")) * 60) + int(match[2] or 0)
    return None


def clock(value: int | None) -> str:
    """Return minutes as 1:30; an empty text for None."""
    return "" if value is None else f"{'-' if value < 0 else ''}{abs(value) // 60}:{abs(value) % 60:02d}"


def hours(value: int | float) -> str:
    """Return minutes as hours in words: "12.5 h"."""
    return str(_("%(hours)s h", hours=number(round(value / 60, 1))))
