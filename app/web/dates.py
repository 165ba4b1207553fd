"""Dates and times as people read them (DESIGN 7), in the reader's zone and language."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_date_format
from flask_babel import get_locale

from app.i18n import _, _p
from app.models import NEVER
from app.services.context import ctx

Moment = datetime | date | str | None
"""What a day may be given as: an instant, a day, or its text in ISO 8601."""

YEARS = re.compile(
    r"^y+[.年년]?\s*(?:'[^']*'\.?)?\s*,?\s*|[,،]?\s*(?:'[^']*'\s*)?y+[.年년]?\s*(?:'[^']*'\.?|г\.)?\s*$"
)
"""The year in a locale's pattern of a whole date, with the words and signs that belong to it."""


def _locale() -> str:
    return str(get_locale() or "en")


class Reader:
    """Days and times for whoever reads the page: zone and language are asked once, not for each of fifty entries."""

    def __init__(self) -> None:
        seen = ctx()
        self._zone, self._locale = seen.zone, _locale()
        self._today = seen.now.astimezone(seen.zone).date()

    def clock(self, at: datetime) -> str:
        """Return the time of day."""
        return _clock(at.astimezone(self._zone).strftime("%H:%M"), self._locale)

    def day(self, at: datetime) -> str:
        """Return a day as Today, Yesterday, Fri 20 Nov …"""
        return _day(at.astimezone(self._zone).date(), self._today, self._locale)

    def heading(self, at: datetime) -> str:
        """Return the heading of a day in a timeline."""
        return _heading(at.astimezone(self._zone).date(), self._today, self._locale)


def local(at: datetime) -> datetime:
    """Return an instant in the reader's zone."""
    return at.astimezone(ctx().zone)


def _there(at: Moment) -> date | None:
    if not at or at == NEVER:
        return None
    if isinstance(at, str):
        return date.fromisoformat(at)
    return local(at).date() if isinstance(at, datetime) else at


def clock(at: datetime) -> str:
    """Return the time of day, like 09:14."""
    return _clock(local(at).strftime("%H:%M"), _locale())


def wall(hour: int, minute: int) -> str:
    """Return a time of day that stands on a wall, like 15:30, whatever the zone."""
    return _clock(f"{hour:02}:{minute:02}", _locale())


def day(at: Moment, *, within: bool = False) -> str:
    """Return a day as Today, Tomorrow, Yesterday, Fri 20 Nov, 28 Oct or 28 Oct 2025; `within` a sentence as today, …"""
    there = _there(at)
    return _day(there, local(ctx().now).date(), _locale(), within) if there else "–"


def when(at: Moment) -> str:
    """Return when something is as a sentence goes on with it: yesterday, today, tomorrow, on Fri 20 Nov."""
    there, today = _there(at), local(ctx().now).date()
    if there is None:
        return "–"
    said = _day(there, today, _locale(), within=True)
    return said if abs((there - today).days) < 2 else _p("a date", "on %(day)s", day=said)


def dated(at: Moment) -> str:
    """Return a day by its date alone, for a place where no "today" can stand: from, until, of Fri 20 Nov."""
    there = _there(at)
    return _dated(there, local(ctx().now).date(), _locale()) if there else "–"


def due(text: str) -> str:
    """Return when a task is due, from its ISO date; "someday" for one without a date."""
    return _("someday") if text >= "9999" else day(text)


def heading(at: datetime) -> str:
    """Return the heading of a day in a timeline: Today, Yesterday, Tuesday 17 November, 28 October 2025."""
    return _heading(local(at).date(), local(ctx().now).date(), _locale())


def weekday(at: datetime) -> str:
    """Return a day with its name in full: Thursday, November 19."""
    return _whole(local(at).date(), _locale())


def named(text: str) -> str:
    """Return the name of the weekday of an ISO date: Monday."""
    return str(format_date(date.fromisoformat(text), "EEEE", locale=_locale()))


def weekday_of(day: date) -> str:
    """Return a day of the calendar with its name in full: Thursday, November 19."""
    return _whole(day, _locale())


def moment(at: datetime | None, *, within: bool = False) -> str:
    """Return a day with its time; `within` a sentence as today, 09:14."""
    return "–" if at is None or at == NEVER else f"{day(at, within=within)}, {clock(at)}"


def ago(at: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago something was: 3 days ago; "Never" for what has not been."""
    if at is None or at == NEVER:
        return _("Never")
    now = now or ctx().now
    seconds = int((now - at.astimezone(UTC)).total_seconds())
    if abs(seconds) < 60:
        return _("Just now")
    return _ago(seconds - seconds % 60 if abs(seconds) < 86400 else seconds - seconds % 3600, _locale())


@lru_cache(maxsize=2048)
def _clock(text: str, locale: str) -> str:
    return str(format_time(datetime.strptime(text, "%H:%M").time(), "short", locale=locale))


@lru_cache(maxsize=4096)
def _day(there: date, today: date, locale: str, within: bool = False) -> str:
    apart = (there - today).days
    if apart in (-1, 0, 1) and within:
        return {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}[apart]
    if apart in (-1, 0, 1):
        return {0: _("Today"), 1: _("Tomorrow"), -1: _("Yesterday")}[apart]
    return _dated(there, today, locale)


@lru_cache(maxsize=4096)
def _dated(there: date, today: date, locale: str) -> str:
    if abs((there - today).days) < 7:
        return str(format_skeleton("MMMEd", there, locale=locale))
    return str(format_skeleton("MMMd" if there.year == today.year else "yMMMd", there, locale=locale))


@lru_cache(maxsize=4096)
def _heading(there: date, today: date, locale: str) -> str:
    apart = (there - today).days
    if apart in (-1, 0):
        return {0: _("Today"), -1: _("Yesterday")}[apart]
    return (
        _whole(there, locale) if there.year == today.year else str(format_date(there, "long", locale=locale))
    )


@lru_cache(maxsize=4096)
def _whole(there: date, locale: str) -> str:
    return str(
        format_date(there, YEARS.sub("", get_date_format("full", locale=locale).pattern), locale=locale)
    )


@lru_cache(maxsize=4096)
def _ago(seconds: int, locale: str) -> str:
    return str(format_timedelta(timedelta(seconds=-seconds), add_direction=True, locale=locale))
