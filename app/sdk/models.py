"""Tables for plugins: the bases of their own, and the core's to point at and to select from (rows are filtered)."""

from __future__ import annotations

from app.models import (
    NEVER,
    Affiliation,
    Company,
    Contact,
    Instant,
    Interaction,
    InteractionLink,
    Model,
    PhoneNumber,
    PostalAddress,
    Record,
    Tag,
    TagLink,
    Task,
    TaskLink,
    Team,
    User,
    new_uid,
    now,
)
from app.models.base import live

__all__ = [
    "NEVER",
    "Affiliation",
    "Company",
    "Contact",
    "Instant",
    "Interaction",
    "InteractionLink",
    "Model",
    "PhoneNumber",
    "PostalAddress",
    "Record",
    "Tag",
    "TagLink",
    "Task",
    "TaskLink",
    "Team",
    "User",
    "live",
    "new_uid",
    "now",
]
