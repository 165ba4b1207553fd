"""Addresses at which other programs tell Kith something: what is made of it, and in whose name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, new_uid, now


class WebhookInbox(Model):
    """Signed messages that become records of an entity: `mapping` is a line for each field, `path = field`.

    It acts as `user_id`. Its secrets are settings of the owner "webhook", sealed; what came stands in `receipt`, in the
    channel `hook:<id>`. `match` and `duplicates` are those of an import.
    """

    __tablename__ = "webhook_inbox"
    uid: Mapped[str] = mapped_column(String(36), default=new_uid, unique=True)
    name: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(80))
    mapping: Mapped[str] = mapped_column(Text)
    match: Mapped[str] = mapped_column(String(40), default="")
    duplicates: Mapped[str] = mapped_column(String(12), default="fill")
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    former_until: Mapped[datetime | None] = mapped_column(Instant)
    heard_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
