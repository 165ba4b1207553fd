"""What a written day, moment or period covers: from its start up to, but not including, its end."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.i18n import _
from app.kernel.expr.tree import Literal, Sort

EARLIEST, LATEST = 1000, 9000
"""Years that an expression may speak of."""

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_STEP = {"last": -1, "this": 0, "next": 1}


class NoSpan(ValueError):
    """A value that is no time; its message is a sentence."""


@dataclass(frozen=True)
class Clock:
    """The moment and the zone in which an expression is read."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The date of the reader."""
        return self.now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """Return the instant in which a day of the reader begins."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def day(self, moment: datetime) -> date:
        """Return the reader's day of a moment."""
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True)
class Span:
    """Whole days, or a stretch between two instants when `exact`."""

    start: datetime
    end: datetime
    exact: bool
    first: date
    after: date

    @staticmethod
    def of_days(clock: Clock, first: date, after: date) -> Span:
        """Return the days from `first` up to, but not including, `after`."""
        return Span(clock.midnight(first), clock.midnight(after), False, first, after)

    @staticmethod
    def of_time(clock: Clock, start: datetime, end: datetime) -> Span:
        """Return a stretch of time; as days it is the days it touches."""
        last = clock.day(max(start, end - timedelta(microseconds=1)))
        return Span(start, end, True, clock.day(start), last + timedelta(days=1))


def span(literal: Literal, clock: Clock) -> Span:
    """Return what a literal covers. Raises NoSpan with a sentence."""
    try:
        found = _READERS[literal.sort](literal.text, clock) if literal.sort in _READERS else None
    except (ValueError, OverflowError):
        found = None
    if found is None or not EARLIEST <= found.first.year <= found.after.year <= LATEST:
        raise NoSpan(
            _(
                "“%(text)s” is no time. Write a day like 2026-02-28, or today, this_month, -30d, +2w.",
                text=literal.text[:40],
            )
        )
    return found


def within(literal: Literal, clock: Clock) -> Span:
    """Return the stretch from now back or ahead to a relative time; of other literals what they cover."""
    found = span(literal, clock)
    if literal.sort is not Sort.RELATIVE:
        return found
    if literal.text.endswith("h"):
        return Span.of_time(clock, *sorted((found.start, clock.now)))
    today, day = clock.today, timedelta(days=1)
    return Span.of_days(clock, min(found.first, today), max(found.first, today) + day)


def shifted(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _day(text: str, clock: Clock) -> Span:
    first = date.fromisoformat(text)
    return Span.of_days(clock, first, first + timedelta(days=1))


def _moment(text: str, clock: Clock) -> Span:
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if not EARLIEST <= at.year < LATEST:
        raise ValueError(text)
    at = (at if at.tzinfo else at.replace(tzinfo=clock.zone)).astimezone(UTC)
    seconds = text.partition("T")[2].count(":") - (text[-6:-5] in {"+", "-"})
    width = timedelta(minutes=1) if seconds < 2 else timedelta(seconds=1)
    return Span.of_time(clock, at, at + (timedelta(microseconds=1) if "." in text else width))


def _relative(text: str, clock: Clock) -> Span:
    number, unit = int(text[:-1]), text[-1]
    if unit == "h":
        at = clock.now + timedelta(hours=number)
        return Span.of_time(clock, at, at + timedelta(microseconds=1))
    if unit in "dw":
        first = clock.today + timedelta(days=number * (7 if unit == "w" else 1))
    else:
        first = shifted(clock.today, number * {"m": 1, "q": 3, "y": 12}[unit])
    return Span.of_days(clock, first, first + timedelta(days=1))


def _name(text: str, clock: Clock) -> Span | None:
    today = clock.today
    days = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if text in days:
        first = today + timedelta(days=days[text])
        return Span.of_days(clock, first, first + timedelta(days=1))
    if text == "now":
        return Span.of_time(clock, clock.now, clock.now + timedelta(microseconds=1))
    which, _sep, period = text.partition("_")
    if which not in _STEP:
        return None
    if period == "week":
        first = today + timedelta(days=7 * _STEP[which] - today.weekday())
        return Span.of_days(clock, first, first + timedelta(days=7))
    width = _MONTHS[period]
    first = shifted(today.replace(day=1), -((today.month - 1) % width) + width * _STEP[which])
    return Span.of_days(clock, first, shifted(first, width))


def _number(text: str, clock: Clock) -> Span | None:
    """A whole number of four digits is a year."""
    if len(text) != 4 or not text.isdecimal():
        return None
    return Span.of_days(clock, date(int(text), 1, 1), date(int(text) + 1, 1, 1))


_READERS = {
    Sort.DAY: _day,
    Sort.MOMENT: _moment,
    Sort.RELATIVE: _relative,
    Sort.NAME: _name,
    Sort.NUMBER: _number,
}
