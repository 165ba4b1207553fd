"""When somebody is to be reminded of a record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model

WAITING = text("sent_at IS NULL")


class Reminder(Model):
    """One reminder of one person; `snoozed` ones were asked for by that person and outlive a change of the plan."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("entity", "record_id", "user_id", "at"),
        Index("ix_reminder_due", "at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    )
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    snoozed: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
