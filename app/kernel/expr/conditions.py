"""What a bound test asks of one value, as data: SQL is made of it elsewhere, and `holds` is its meaning in Python.

Values are of one measure and never empty: a text, a number, a day as ISO text, an instant, a truth, an id. A field of
several values answers yes when one of them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.formats.plain import plain

NOWHERE = "9999-12-31"
"""Stands for no day at all in sort keys."""


class Measure(StrEnum):
    """How the values of a field compare."""

    PLAIN = "plain"
    CODE = "code"
    NUMBER = "number"
    DAY = "day"
    PARTIAL = "partial"
    MOMENT = "moment"
    FLAG = "flag"
    ID = "id"


@dataclass(frozen=True)
class Present:
    """There is a value."""

    def holds(self, value: Any) -> bool:
        """Tell whether it does: whoever asks has left out what is empty."""
        return True


@dataclass(frozen=True)
class Among:
    """The value is one of these."""

    values: frozenset[Any]

    def holds(self, value: Any) -> bool:
        """Tell whether a value is one of them."""
        return value in self.values


@dataclass(frozen=True)
class Between:
    """The value lies between two bounds; None is no bound. `closed` says whether each bound counts itself."""

    low: Any
    high: Any
    closed: tuple[bool, bool] = (True, False)

    def holds(self, value: Any) -> bool:
        """Tell whether a value lies there."""
        above = self.low is None or value > self.low or (self.closed[0] and value == self.low)
        below = self.high is None or value < self.high or (self.closed[1] and value == self.high)
        return bool(above and below)


@dataclass(frozen=True)
class Holding:
    """The text holds one of these."""

    texts: tuple[str, ...]

    def holds(self, value: Any) -> bool:
        """Tell whether a text does."""
        return any(text in value for text in self.texts)


@dataclass(frozen=True)
class Beginning:
    """The text begins with one of these."""

    texts: tuple[str, ...]

    def holds(self, value: Any) -> bool:
        """Tell whether a text does."""
        return any(value.startswith(text) for text in self.texts)


@dataclass(frozen=True)
class Yearly:
    """The month and day of a date, whatever its year, lie in one of these stretches (`MM-DD`, both ends count)."""

    stretches: tuple[tuple[str, str], ...]

    def holds(self, value: Any) -> bool:
        """Tell whether they do; a date without its month or day lies nowhere."""
        whole = len(value) == 10 or (len(value) == 7 and value.startswith("--"))
        return whole and any(first <= value[-5:] <= last for first, last in self.stretches)


@dataclass(frozen=True)
class Several:
    """One of several conditions holds."""

    conditions: tuple[Condition, ...]

    def holds(self, value: Any) -> bool:
        """Tell whether one does."""
        return any(condition.holds(value) for condition in self.conditions)


Condition = Present | Among | Between | Holding | Beginning | Yearly | Several


def one_of(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that one of several holds; values and texts of the same sort are put together."""
    found = list(conditions)
    if all(isinstance(c, Among) for c in found):
        return Among(frozenset().union(*(c.values for c in found if isinstance(c, Among))))
    return found[0] if len(found) == 1 else Several(tuple(found))


def comparable(measure: Measure, never: datetime) -> Callable[[Any], Any]:
    """Return what turns a loaded value into one that is compared, or into None when it is empty.

    `never` is the instant that stands for "not yet" in sort keys.
    """
    if measure is Measure.PLAIN:
        return lambda value: plain(str(value)) if value not in (None, "") else None
    if measure is Measure.FLAG:
        return bool
    if measure is Measure.DAY:
        return lambda value: str(value) if value not in (None, "", NOWHERE) else None
    if measure is Measure.MOMENT:
        return lambda value: value if value not in (None, never) else None
    return lambda value: value if value not in (None, "") else None
