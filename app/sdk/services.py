"""What plugins do with records: the same functions, rights, events and journal as the core's own pages."""

from __future__ import annotations

from app.services import (
    access,
    fields,
    important_dates,
    interactions,
    keep_in_touch,
    notifications,
    records,
    reminders,
    working_calendar,
)
from app.services.jobs import enqueue
from app.services.search_hits import Hit
from app.services.unit import unit

__all__ = [
    "Hit",
    "access",
    "enqueue",
    "fields",
    "important_dates",
    "interactions",
    "keep_in_touch",
    "notifications",
    "records",
    "reminders",
    "unit",
    "working_calendar",
]
