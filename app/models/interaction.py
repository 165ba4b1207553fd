"""Every call, mail, meeting, note … as one spine, tied to people and records by links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, Record, live, trashed

PINNED: Any = text("pinned_at IS NOT NULL")


class Interaction(Record):
    """Something that happened between people. `body` is Markdown; `zone` the IANA zone in which it was written.

    `created_by` is the author; `visibility` is "all" or "private" (the author and the participants among colleagues);
    `text_key` the folded text that search looks in.
    """

    __tablename__ = "interaction"
    __entity__ = "interaction"
    __table_args__ = (
        live("interaction", "occurred_at", "id"),
        live("interaction", "kind", "occurred_at", "id"),
        live("interaction", "owner_id", "occurred_at", "id"),
        live("interaction", "team_id", "occurred_at", "id"),
        trashed("interaction"),
        UniqueConstraint("form_nonce"),
    )
    kind: Mapped[str] = mapped_column(String(80))
    direction: Mapped[str] = mapped_column(String(10), default="")
    subject: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    duration_s: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(60), default="")
    location: Mapped[str] = mapped_column(String(300), default="")
    visibility: Mapped[str] = mapped_column(String(10), default="all")
    pinned_at: Mapped[datetime | None] = mapped_column(Instant)
    form_nonce: Mapped[str | None] = mapped_column(String(64))
    text_key: Mapped[str] = mapped_column(Text, default="")


class InteractionLink(Model):
    """Ties an interaction to a record: role "participant" (contact, user) or "about" (any entity).

    `occurred_at`, `kind` and `pinned_at` repeat the interaction's, so that 5,000 entries open as fast as five.
    """

    __tablename__ = "interaction_link"
    __table_args__ = (
        UniqueConstraint("interaction_id", "entity", "record_id", "role"),
        Index("ix_interaction_link_timeline", "entity", "record_id", "occurred_at", "interaction_id"),
        Index("ix_interaction_link_kind", "entity", "record_id", "kind", "occurred_at", "interaction_id"),
        Index(
            "ix_interaction_link_pinned",
            "entity",
            "record_id",
            "pinned_at",
            sqlite_where=PINNED,
            postgresql_where=PINNED,
        ),
    )
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id", ondelete="CASCADE"))
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
    role: Mapped[str] = mapped_column(String(20), default="participant")
    kind: Mapped[str] = mapped_column(String(80))
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    pinned_at: Mapped[datetime | None] = mapped_column(Instant)


class InteractionKind(Model):
    """A kind of interaction that an administrator added as data."""

    __tablename__ = "interaction_kind"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    icon: Mapped[str] = mapped_column(String(40), default="sticky-note")
    tone: Mapped[str] = mapped_column(String(12), default="note")
    directed: Mapped[bool] = mapped_column(default=False)
    timed: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=50)
