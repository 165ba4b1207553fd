"""Days as deals keep them: dates as text, ISO 8601, in the reader's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from app.sdk import Context


def today(ctx: Context) -> str:
    """Return the present day where the reader is."""
    return _day(ctx.now, ctx.zone)


@lru_cache(maxsize=16)
def _day(now: datetime, zone: tzinfo) -> str:
    return now.astimezone(zone).date().isoformat()


def valid(text: str) -> bool:
    """Tell whether a text is a whole date."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def noon(ctx: Context, day: str) -> datetime:
    """Return noon of a day where the reader is, as an instant."""
    return datetime.combine(date.fromisoformat(day), time(12), ctx.zone).astimezone(UTC)


def ago(ctx: Context, number: int) -> datetime:
    """Return the instant so many days ago."""
    return ctx.now - timedelta(days=number)
