"""Working days as numbers, so that a plan can be computed: by the company's working calendar."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from typing import Any

from app.sdk import Context
from app.sdk.services import working_calendar

SOMEDAY = "9999-12-31"
"""The day of a task without one, as the core stores it."""

AHEAD = 400
"""Days by which the numbered days grow when a plan leaves them."""

FARTHEST = 366 * 60


def today(ctx: Context) -> date:
    """Return the day it is where the reader is."""
    return ctx.now.astimezone(ctx.zone).date()


def valid(text: str) -> bool:
    """Tell whether a text is a day in ISO 8601 within living memory."""
    return parsed(text) is not None


def parsed(text: str) -> date | None:
    """Return the day of a text, None for an empty one, for "some day" and for anything else."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 1900 < found.year < 2200 else None


class WorkingDays:
    """Numbers for the working days from a day on; a company that never works has all days."""

    def __init__(self, hours: Any, first: date) -> None:
        """Number the days of a calendar (app.sdk.protocols.WorkingCalendar with `periods`) from a day on."""
        self._hours = hours
        self._never = not any(hours.week)
        self._first = self._until = first
        self._days: list[date] = []  # filled when the first number is asked for: many pages ask for none

    def _grow(self, until: date) -> None:
        while self._until <= until:
            if self._never or self._hours.periods(self._until):
                self._days.append(self._until)
            self._until += timedelta(days=1)

    def _reach(self, day: date) -> None:
        if not self._days or day >= self._until - timedelta(days=14):
            self._grow(min(day, self._first + timedelta(days=FARTHEST)) + timedelta(days=AHEAD))

    def first(self, day: date) -> int:
        """Return the number of a day, or of the first working day after it."""
        self._reach(day)
        return min(bisect_left(self._days, day), len(self._days) - 1)

    def last(self, day: date) -> int:
        """Return the number of a day, or of the last working day before it; 0 when there is none."""
        self._reach(day)
        return max(bisect_right(self._days, day) - 1, 0)

    def day(self, number: int) -> date:
        """Return the day of a number."""
        while number >= len(self._days) and self._until < self._first + timedelta(days=FARTHEST):
            self._grow(self._until + timedelta(days=AHEAD))
        return self._days[min(max(number, 0), len(self._days) - 1)]

    def between(self, start: date, end: date) -> int:
        """Return how many working days there are from one day to another, both included; at least 1."""
        return max(self.last(end) - self.first(start) + 1, 1)


def working(ctx: Context, first: date) -> WorkingDays:
    """Return the numbered working days of the company from a day on."""
    return WorkingDays(working_calendar.company(ctx), first)
