"""Working days for tasks: what the working calendar says, and Monday to Friday where there is none."""

from __future__ import annotations

from datetime import date, timedelta

from app.kernel.context import Context

LOOKED_AT = 370
"""Days that are asked for work before a plain week is taken."""


def working_days(ctx: Context, first: date, number: int) -> list[date]:
    """Return the next working days of the principal from a day on."""
    found: list[date] = []
    day = first
    while len(found) < number:
        if day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found
