"""What plugins may implement for the core and for one another, and ask for through `ctx.services.get(...)`."""

from __future__ import annotations

from app.kernel.protocols import (
    Absences,
    Geocoder,
    LanguageModel,
    Mail,
    Mailer,
    Notifier,
    Point,
    Router,
    Scorer,
    Storage,
    Telephony,
    WorkingCalendar,
)

__all__ = [
    "Absences",
    "Geocoder",
    "LanguageModel",
    "Mail",
    "Mailer",
    "Notifier",
    "Point",
    "Router",
    "Scorer",
    "Storage",
    "Telephony",
    "WorkingCalendar",
]
