"""The append-only log of what happened: written in the transaction of the change (outbox)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import Instant


class EventRow(Base):
    """One event; `before` and `after` are JSON objects of the changed fields."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_record", "entity", "record_id", "id"), Index("ix_event_at", "at"))
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(80), default="")
    record_id: Mapped[int | None]
    before: Mapped[str] = mapped_column(Text, default="{}")
    after: Mapped[str] = mapped_column(Text, default="{}")
    actor_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(40), default="web")
    at: Mapped[datetime] = mapped_column(Instant)
    depth: Mapped[int] = mapped_column(default=0)
    operation_id: Mapped[int | None]
