"""Records that may be the same, what people said about it, and what became of merged ones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, now


class DuplicatePair(Model):
    """Two records of one entity, the older one left. `state` is open or different ("not a duplicate", remembered).

    `score` is how sure it is in percent, `reasons` the names of what speaks for it, separated by blanks.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        UniqueConstraint("entity", "left_id", "right_id"),
        Index("ix_duplicate_pair_queue", "entity", "state", "score", "id"),
        Index("ix_duplicate_pair_right", "entity", "right_id"),
    )
    entity: Mapped[str] = mapped_column(String(80))
    left_id: Mapped[int]
    right_id: Mapped[int]
    score: Mapped[int]
    reasons: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12), default="open")
    found_at: Mapped[datetime] = mapped_column(Instant, default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class DuplicateSearch(Model):
    """When the records of an entity were last looked through, how many, and how many pairs were compared."""

    __tablename__ = "duplicate_search"
    entity: Mapped[str] = mapped_column(String(80), unique=True)
    edition: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    records: Mapped[int] = mapped_column(Integer, default=0)
    compared: Mapped[int] = mapped_column(BigInteger, default=0)
    found: Mapped[int] = mapped_column(Integer, default=0)
    whole: Mapped[bool] = mapped_column(default=True)


class RecordAlias(Model):
    """A record that became part of another one: its page leads there, also when it has left the trash."""

    __tablename__ = "record_alias"
    __table_args__ = (
        UniqueConstraint("entity", "former_id"),
        Index("ix_record_alias_kept", "entity", "kept_id"),
    )
    entity: Mapped[str] = mapped_column(String(80))
    former_id: Mapped[int]
    kept_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant, default=now)
