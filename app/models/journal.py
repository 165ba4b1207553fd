"""What was changed, so that it can be shown and undone: operations and their entries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import Instant, Model


class Operation(Model):
    """One act of somebody: an edit, a bulk edit, an import.

    `caused_by` names the operation that led to it, `undoes` the one that it takes back.
    """

    __tablename__ = "operation"
    __table_args__ = (
        Index("ix_operation_at", "at"),
        Index("ix_operation_actor_id", "actor_id", "id"),
        Index("ix_operation_caused_by", "caused_by"),
    )
    name: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    source: Mapped[str] = mapped_column(String(40), default="web")
    at: Mapped[datetime] = mapped_column(Instant)
    caused_by: Mapped[int | None]
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undoes: Mapped[int | None]


class JournalEntry(Base):
    """One record changed by an operation: JSON objects of field → value before and after; verb create, edit …"""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_record", "entity", "record_id", "id"),
        Index("ix_journal_operation_id", "operation_id", "id"),
    )
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id", ondelete="CASCADE"))
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
    verb: Mapped[str] = mapped_column(String(20), default="edit")
    version: Mapped[int] = mapped_column(default=0)
    before: Mapped[str] = mapped_column(Text, default="{}")
    after: Mapped[str] = mapped_column(Text, default="{}")
