"""What people are told, and by which channels it reaches them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model

UNREAD = text("read_at IS NULL")
OPEN = text("done_at IS NULL")


class Notification(Model):
    """A sentence for one person, perhaps about a record (`entity`, `record_id`); `key` keeps it from coming twice.

    With `shown` it stands on the page of notifications; otherwise it only goes out by other channels.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notification_user_id", "user_id", "id"),
        Index("ix_notification_unread", "user_id", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_notification_record", "entity", "record_id"),
        Index("ix_notification_created_at", "created_at"),
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(500))
    entity: Mapped[str] = mapped_column(String(80), default="")
    record_id: Mapped[int] = mapped_column(default=0)
    url: Mapped[str] = mapped_column(String(500), default="")
    key: Mapped[str | None] = mapped_column(String(200))
    shown: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class NotificationDelivery(Model):
    """A notification on its way over one channel: not before `due_at`, which quiet hours move."""

    __tablename__ = "notification_delivery"
    __table_args__ = (
        Index(
            "ix_notification_delivery_open",
            "user_id",
            "channel",
            "due_at",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )
    notification_id: Mapped[int] = mapped_column(
        ForeignKey("notification.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(120))
    due_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
