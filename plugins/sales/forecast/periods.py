"""Months, quarters and years of a fiscal calendar: which days they hold, how they are named and what is next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from app.sdk import _

UNITS = ("month", "quarter", "year")

MONTHS = {"month": 1, "quarter": 3, "year": 12}

KEY = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


@dataclass(frozen=True, order=True)
class Period:
    """Some days on end, `start` and `end` included. `unit` is month, quarter or year; `key` is 2026-11, 2026-Q4, 2026.

    `first_month` is the month in which the fiscal year begins; quarters and years carry the year in which it ends.
    """

    start: date
    end: date
    unit: str
    key: str
    first_month: int = 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def holds(self, day: str) -> bool:
        """Tell whether a day (ISO 8601) lies in it; an empty one does not."""
        return self.start.isoformat() <= day <= self.end.isoformat()

    @property
    def next(self) -> Period:
        """The period after it."""
        return of_day(self.end + timedelta(days=1), self.unit, self.first_month)

    @property
    def previous(self) -> Period:
        """The period before it."""
        return of_day(self.start - timedelta(days=1), self.unit, self.first_month)

    def label(self, locale: str = "en") -> str:
        """Return its name for a reader: November 2026, Q4 2026, 2026."""
        if self.unit == "month":
            return str(format_date(self.start, "LLLL y", locale=locale))
        if self.unit == "quarter":
            return _("Q%(number)s %(year)s", number=self.key[-1], year=self.key[:4])
        return self.key if self.first_month == 1 else _("Fiscal year %(year)s", year=self.key)


def of_day(day: date, unit: str, first_month: int = 1) -> Period:
    """Return the period of a unit in which a day lies."""
    months = MONTHS[unit]
    since = (day.year * 12 + day.month - first_month) // months * months + first_month - 1
    start, end = _first(since), _first(since + months) - timedelta(days=1)
    fiscal = (_fiscal_start(day, first_month) + 11) // 12
    if unit == "month":
        key = start.isoformat()[:7]
    elif unit == "quarter":
        key = f"{fiscal:04}-Q{(since - _fiscal_start(day, first_month)) // 3 + 1}"
    else:
        key = f"{fiscal:04}"
    return Period(start, end, unit, key, first_month)


def parse(key: str, first_month: int = 1) -> Period:
    """Return the period of a key. Raises ValueError with a sentence for anything else."""
    found = KEY.fullmatch(key)
    if found is None or not 1900 <= int(found["year"]) <= 2200:
        raise ValueError(_("“%(key)s” is no period. Write 2026-11, 2026-Q4 or 2026.", key=key[:20]))
    year = int(found["year"])
    if found["month"]:
        return of_day(date(year, int(found["month"]), 1), "month", first_month)
    begin = year * 12 + first_month - 1 - (12 if first_month > 1 else 0)
    if found["quarter"]:
        return of_day(_first(begin + 3 * (int(found["quarter"]) - 1)), "quarter", first_month)
    return of_day(_first(begin), "year", first_month)


def around(period: Period, before: int, after: int) -> list[Period]:
    """Return a period with some before and some after it, in the order of time."""
    found = [period]
    for _number in range(before):
        found.insert(0, found[0].previous)
    for _number in range(after):
        found.append(found[-1].next)
    return found


def _fiscal_start(day: date, first_month: int) -> int:
    """Return the month, counted from the year 0, in which the fiscal year of a day begins."""
    return (day.year * 12 + day.month - first_month) // 12 * 12 + first_month - 1


def _first(month: int) -> date:
    """Return the first day of a month that is counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)
