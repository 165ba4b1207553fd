"""Other programs that are told what happens here: whom, about what, and each single delivery."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, new_uid, now


class Webhook(Model):
    """An address that is told of events: `topics` are words like `contact.updated` or `company.*`.

    It sees what `user_id` sees. Its secrets are settings of the owner "webhook", sealed. `failing` counts deliveries
    that failed one after the other; nothing is sent before `retry_at`, nor by two processes at once (`locked_until`).
    """

    __tablename__ = "webhook"
    uid: Mapped[str] = mapped_column(String(36), default=new_uid, unique=True)
    name: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(Text)
    topics: Mapped[str] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(String(80), default="")
    filter: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    off_reason: Mapped[str] = mapped_column(Text, default="")
    failing: Mapped[int] = mapped_column(Integer, default=0)
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    retry_at: Mapped[datetime] = mapped_column(Instant, default=now)
    token: Mapped[str | None] = mapped_column(String(32))
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    former_until: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class WebhookDelivery(Model):
    """One event for one webhook: waiting, delivered, dead or skipped. `uid` is its id in every repetition.

    `body` is made with the first try and stays the same; `status`, `error` and `took_ms` are those of the last try.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_log", "webhook_id", "id"),
        Index("ix_webhook_delivery_due", "webhook_id", "state", "next_at", "id"),
        Index("ix_webhook_delivery_record", "webhook_id", "state", "entity", "record_id", "id"),
        Index("ix_webhook_delivery_old", "created_at"),
    )
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    event_id: Mapped[int | None]
    topic: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(80), default="")
    record_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    status: Mapped[int | None]
    took_ms: Mapped[int | None]
    error: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
