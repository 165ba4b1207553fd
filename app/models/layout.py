"""How forms and pages of records are laid out, as an administrator arranged it: per kind of record and role."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, new_uid, now


class Layout(Model):
    """The layout of an entity for a role, by its name; for everybody without one of his own if that is empty.

    `content` is JSON: groups with their titles and fields. With `everywhere` its rules hold for imports and programs too.
    """

    __tablename__ = "layout"
    __table_args__ = (UniqueConstraint("entity", "role"),)
    uid: Mapped[str] = mapped_column(String(36), default=new_uid, unique=True)
    entity: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(60), default="")
    content: Mapped[str] = mapped_column(Text, default="[]")
    everywhere: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)
