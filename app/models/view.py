"""Saved views: a list as somebody set it up, kept under a name for himself, his team or everybody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, new_uid, now


class SavedView(Model):
    """A view of an entity's list. `state` is the part of its address that says what is shown (JSON pairs).

    `share` is private, team (with `team_id`) or all.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("ix_saved_view_owner", "owner_id", "entity"),
        Index("ix_saved_view_share", "share", "team_id"),
    )
    uid: Mapped[str] = mapped_column(String(36), default=new_uid, unique=True)
    entity: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(Text, default="[]")
    share: Mapped[str] = mapped_column(String(8), default="private")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    pinned: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)
