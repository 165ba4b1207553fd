"""Tags and the records that carry them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model


class Tag(Model):
    """A word that people put on records; `key` is folded and unique."""

    __tablename__ = "tag"
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(80), unique=True)


class TagLink(Model):
    """A tag on a record of any entity."""

    __tablename__ = "tag_link"
    __table_args__ = (
        UniqueConstraint("entity", "record_id", "tag_id"),
        Index("ix_tag_link_tag", "tag_id", "entity", "record_id"),
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"))
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
