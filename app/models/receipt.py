"""What arrived from outside and what became of it: receipts, and the imports that make many of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, now


class Receipt(Model):
    """One thing that arrived: outcome accepted, merged, ignored or failed, with the reason; `key` makes it idempotent."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_receipt_state", "state", "id"),
        Index("ix_receipt_channel", "channel", "id"),
        Index("ix_receipt_at", "at"),
    )
    channel: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    entity: Mapped[str] = mapped_column(String(80), default="")
    record_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Instant, default=now)


class ImportRun(Model):
    """One file being imported: its state, choices (JSON) and counts. The file itself is a blob."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_user", "user_id", "id"),)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(255))
    entity: Mapped[str] = mapped_column(String(80), default="contact")
    format: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(12), default="preview")
    options: Mapped[str] = mapped_column(Text, default="{}")
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    created: Mapped[int] = mapped_column(Integer, default=0)
    updated: Mapped[int] = mapped_column(Integer, default=0)
    skipped: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    operation_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportRow(Model):
    """One card or line of a file: what became of it, in the row's own words when it failed."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        Index("ix_import_row_outcome", "run_id", "outcome", "number"),
    )
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(12))
    entity: Mapped[str] = mapped_column(String(80), default="")
    record_id: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")


class ExternalId(Model):
    """A record's id in another system (a vCard UID, a CRM's key): importing twice finds it again."""

    __tablename__ = "external_id"
    __table_args__ = (
        UniqueConstraint("system", "value", "entity"),
        Index("ix_external_id_record", "entity", "record_id"),
    )
    system: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(String(255))
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
