"""Fields that administrators add to records, and their values (docs/decisions/0008-custom-values.md)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import Instant, Model, key, new_uid, now

KEY = 400
"""Letters of a text by which it is compared and sorted."""


class CustomField(Model):
    """A field as an administrator defined it. `name` never changes; `options` and `settings` are JSON.

    A retired one is shown nowhere and keeps its values; a deleted one loses them when its time in the trash is over.
    """

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("entity", "name"),)
    uid: Mapped[str] = mapped_column(String(36), default=new_uid, unique=True)
    entity: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(20))
    hint: Mapped[str] = mapped_column(String(300), default="")
    options: Mapped[str] = mapped_column(Text, default="[]")
    settings: Mapped[str] = mapped_column(Text, default="{}")
    required: Mapped[bool] = mapped_column(default=False)
    searched: Mapped[bool] = mapped_column(default=False)
    personal: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


_KEYED = text("key IS NOT NULL")
_NUMBERED = text("number IS NOT NULL")


class CustomValue(Base):
    """One value of one record in one field, `pos` counts where a field has several.

    Texts, days and choices are compared by `key`, everything else by `number`: each has one of the two. `text` is what
    was typed, where that differs from its key. The field says which entity the record is of.
    """

    __tablename__ = "custom_value"
    __table_args__ = (
        Index(
            "ix_custom_value_key",
            "field_id",
            "key",
            "record_id",
            sqlite_where=_KEYED,
            postgresql_where=_KEYED,
        ),
        Index(
            "ix_custom_value_number",
            *("field_id", "number", "record_id"),
            sqlite_where=_NUMBERED,
            postgresql_where=_NUMBERED,
        ),
        {"sqlite_with_rowid": False},
    )
    record_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    field_id: Mapped[int] = mapped_column(
        ForeignKey("custom_field.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pos: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=0, autoincrement=False)
    text: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(key(KEY))
    number: Mapped[int | None] = mapped_column(BigInteger)
