"""What “remind me later” offers, as instants: when the reader begins to work on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from app.i18n import _, _l
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import working_calendar
from app.services.working_calendar_hours import NeverOpen

MORNING = timedelta(hours=9)
"""When a day begins for somebody whose calendar has no hours."""

LATER: tuple[tuple[str, Any], ...] = (
    ("1h", _l("In an hour")),
    ("tomorrow", _l("Next working day")),
    ("week", _l("In a week")),
)


def choices() -> Sequence[tuple[str, str]]:
    """Return what is offered, as value and label."""
    return [(value, str(label)) for value, label in LATER]


def instant(ctx: Context, choice: str) -> datetime:
    """Return when a choice is. Raises Invalid for one that is not offered."""
    if choice == "1h":
        return ctx.now + timedelta(hours=1)
    days = {"tomorrow": 1, "week": 7}.get(choice)
    if days is None:
        raise Invalid({"for": _("Choose when you want to be reminded.")})
    day = ctx.now.astimezone(ctx.zone).date() + timedelta(days=days)
    begin = datetime.combine(day, time(), tzinfo=ctx.zone).astimezone(ctx.now.tzinfo)
    try:
        return working_calendar.of_user(ctx, ctx.user.id or 0).next_open(begin)
    except NeverOpen:
        return begin + MORNING
