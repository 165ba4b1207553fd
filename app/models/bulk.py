"""Work on many records at once: what is done to which of them, how far it is, and what was refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, now


class BulkRun(Model):
    """A bulk edit, move to the trash, action or undo. `chosen`, `work` and `checked` are JSON (services/bulk).

    `position` is the last record (or journal entry, for an undo) that is done; rows beyond `ceiling` came later.
    """

    __tablename__ = "bulk_run"
    __table_args__ = (
        Index("ix_bulk_run_user_id", "user_id", "id"),
        Index("ix_bulk_run_operation_id", "operation_id"),
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    entity: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(12), default="")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    chosen: Mapped[str] = mapped_column(Text, default="{}")
    work: Mapped[str] = mapped_column(Text, default="{}")
    checked: Mapped[str] = mapped_column(Text, default="{}")
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    ceiling: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    changed: Mapped[int] = mapped_column(Integer, default=0)
    same: Mapped[int] = mapped_column(Integer, default=0)
    refused: Mapped[int] = mapped_column(Integer, default=0)
    operation_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class BulkRefusal(Model):
    """A record that a run left alone, and why; `details` (JSON) are the values that were changed since, for an undo."""

    __tablename__ = "bulk_refusal"
    __table_args__ = (Index("ix_bulk_refusal_run_id", "run_id", "id"),)
    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id", ondelete="CASCADE"))
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[str] = mapped_column(Text, default="{}")
