"""Working days of cadences, by the calendar of who does the steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.sdk import Context
from app.sdk.services import working_calendar


def today(ctx: Context) -> date:
    """Return the present day where the principal, or the house, is."""
    return ctx.now.astimezone(ctx.zone).date()


def after(ctx: Context, user_id: int | None, start: date, count: int) -> date:
    """Return the day that lies so many working days after another; 0 is that day itself, or the next working day."""
    calendar = of(ctx, user_id)
    try:
        day = start if calendar.is_working_day(start) else calendar.next_working_day(start)
        for _step in range(count):
            day = calendar.next_working_day(day)
    except LookupError:
        return start
    return day


def of(ctx: Context, user_id: int | None) -> Any:
    """Return the calendar of a colleague, or of the company."""
    found = working_calendar.of_users(ctx, [user_id]) if user_id else {}
    return found.get(user_id or 0) or working_calendar.company(ctx)
