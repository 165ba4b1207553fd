"""What plugins do with records: the same functions, rights, events and journal as the core's own pages."""

from __future__ import annotations

from app.services import (
    access,
    actions,
    approvals,
    attachments,
    audit,
    contacts,
    duplicates,
    fields,
    important_dates,
    interactions,
    keep_in_touch,
    metrics,
    nonces,
    notifications,
    people,
    photos,
    plugin_settings,
    records,
    reminders,
    safe_fetch,
    sealing,
    settings,
    tasks,
    throttle,
    working_calendar,
)
from app.services.context import acting, as_house, for_user
from app.services.jobs import enqueue
from app.services.search_hits import Hit
from app.services.unit import unit

__all__ = [
    "Hit",
    "access",
    "acting",
    "actions",
    "approvals",
    "as_house",
    "attachments",
    "audit",
    "contacts",
    "duplicates",
    "enqueue",
    "fields",
    "for_user",
    "important_dates",
    "interactions",
    "keep_in_touch",
    "metrics",
    "nonces",
    "notifications",
    "people",
    "photos",
    "plugin_settings",
    "records",
    "reminders",
    "safe_fetch",
    "sealing",
    "settings",
    "tasks",
    "throttle",
    "unit",
    "working_calendar",
]
