"""Working time computed: pure, to the second, also on the days when clocks are turned.

A period is open at the instants whose time on the wall lies within it: a night shift has an hour more or less then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.formats import holidays
from app.i18n import _

Period = tuple[int, int]
"""Minutes of the day, from and to; 1440 is midnight at its end."""

Span = tuple[datetime, datetime]
DAY_MINUTES = 1440
FARTHEST = 3660
"""So many days are looked at before a calendar counts as never open."""

SECOND = timedelta(seconds=1)


class NeverOpen(LookupError):
    """A calendar has no working time within the next ten years."""


@dataclass(frozen=True, kw_only=True)
class Exceptional:
    """Days that differ, first to last: other periods, none when closed."""

    first: date
    last: date
    periods: tuple[Period, ...] = ()
    label: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Hours:
    """A calendar that can be asked; it implements the WorkingCalendar of the kernel.

    `week` has seven days, Monday first. Of `exceptions` the first that covers a day holds, before holidays. `away` are
    absences, each from one instant to another.
    """

    week: tuple[tuple[Period, ...], ...]
    zone: ZoneInfo
    country: str = ""
    region: str = ""
    exceptions: Sequence[Exceptional] = ()
    away: Sequence[Span] = ()
    _memo: dict[date, tuple[Span, ...]] = field(default_factory=dict, repr=False)

    def periods(self, day: date) -> tuple[Period, ...]:
        """Return the periods of a day as they are planned, absences aside."""
        for found in self.exceptions:
            if found.first <= day <= found.last:
                return found.periods
        return () if self.holiday(day) else self.week[day.weekday()]

    def holiday(self, day: date) -> str:
        """Return the name of the public holiday on a day, an empty text when it is none."""
        return holidays.on(self.country, self.region, day)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the open spans of a day as instants in UTC, in order."""
        if day not in self._memo:
            planned = (span for period in self.periods(day) for span in _instants(day, period, self.zone))
            self._memo[day] = tuple(sorted(_without(planned, self.away)))
        return self._memo[day]

    def is_open(self, at: datetime) -> bool:
        """Tell whether an instant is working time."""
        return any(start <= at < end for start, end in self.spans(self._day(at)))

    def next_open(self, at: datetime) -> datetime:
        """Return the instant itself when it is working time, else when that begins next. Raises NeverOpen."""
        for start, end in self._from(at):
            if end > at:
                return max(start, at)
        raise self._never()

    def add_hours(self, at: datetime, hours: float | timedelta) -> datetime:
        """Return the instant at which so much working time has passed, backwards when negative. Raises NeverOpen."""
        rest = hours if isinstance(hours, timedelta) else timedelta(hours=hours)
        if not rest:
            return at
        return self._forward(at, rest) if rest > timedelta() else self._backward(at, -rest)

    def hours_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants, negative when the second is earlier."""
        if end < start:
            return -self.hours_between(end, start)
        total, day, last = timedelta(), self._day(start), self._day(end)
        while day <= last:
            for opens, closes in self.spans(day):
                total += max(timedelta(), min(closes, end) - max(opens, start))
            day += timedelta(days=1)
        return total

    def is_working_day(self, day: date) -> bool:
        """Tell whether there is any working time on a day."""
        return bool(self.spans(day))

    def days(self, start: date, end: date) -> int:
        """Return how many working days there are from one day until before another, negative when it is earlier."""
        if end < start:
            return -self.days(end, start)
        span = range((end - start).days)
        return sum(self.is_working_day(start + timedelta(days=n)) for n in span)

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day. Raises NeverOpen."""
        for away in range(1, FARTHEST):
            found = day + timedelta(days=away)
            if self.is_working_day(found):
                return found
        raise self._never()

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _from(self, at: datetime) -> Iterator[Span]:
        day = self._day(at)
        for away in range(FARTHEST):
            yield from self.spans(day + timedelta(days=away))

    def _forward(self, at: datetime, rest: timedelta) -> datetime:
        for start, end in self._from(at):
            begin = max(start, at)
            if end - begin >= rest:
                return begin + rest
            rest -= max(timedelta(), end - begin)
        raise self._never()

    def _backward(self, at: datetime, rest: timedelta) -> datetime:
        day = self._day(at)
        for away in range(FARTHEST):
            for start, end in reversed(self.spans(day - timedelta(days=away))):
                finish = min(end, at)
                if finish - start >= rest:
                    return finish - rest
                rest -= max(timedelta(), finish - start)
        raise self._never()

    def _never(self) -> NeverOpen:
        return NeverOpen(_("This calendar has no working time. Give at least one day its hours."))


def _instants(day: date, period: Period, zone: ZoneInfo) -> Iterator[Span]:
    """Yield the spans of UTC in which the wall shows a time of a period on a day."""
    for begin, end, offset in _stretches(day, zone):
        midnight = datetime.combine(day, time(), tzinfo=UTC) - offset
        start = max(begin, midnight + timedelta(minutes=period[0]))
        stop = min(end, midnight + timedelta(minutes=period[1]))
        if start < stop:
            yield start, stop


def _stretches(day: date, zone: ZoneInfo) -> Sequence[tuple[datetime, datetime, timedelta]]:
    """Return the stretches of a local day between which the clock is turned, each with its offset from UTC."""
    begin = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    before, after = _offset(begin, zone), _offset(end - SECOND, zone)
    if before == after:
        return [(begin, end, before)]
    low, high = begin, end - SECOND
    while high - low > SECOND:
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return [(begin, high, before), (high, end, after)]


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _without(spans: Iterator[Span], away: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of spans outside absences."""
    for span in spans:
        left = [span]
        for gone_from, gone_to in away:
            left = [
                part
                for start, end in left
                for part in ((start, min(end, gone_from)), (max(start, gone_to), end))
                if part[0] < part[1]
            ]
        yield from left
