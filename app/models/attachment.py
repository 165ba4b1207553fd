"""Files: contents once by hash, and where each is attached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, new_uid, now


class Blob(Model):
    """The content of a file: stored once under a generated name, never under what somebody called it."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    storage_name: Mapped[str] = mapped_column(String(80), unique=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class Attachment(Model):
    """A file on a record; who may see the record may fetch the file.

    One that is the value of a field stands in `field_id`; whoever does not see the field does not see it either.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_record", "entity", "record_id"),)
    uid: Mapped[str] = mapped_column(String(36), default=new_uid, unique=True)
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id", ondelete="RESTRICT"), index=True)
    thumbnail_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id", ondelete="SET NULL"))
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
    field_id: Mapped[int | None] = mapped_column(Integer, index=True, info={"points": "custom_field"})
    name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
