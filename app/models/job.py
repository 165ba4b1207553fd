"""The durable job table (outbox deliveries, queue, delays and schedules in one)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import Instant, Model, now


class JobRow(Base):
    """Work to be done at least once. `key` makes it unique; `lane` keeps order; the lease is `locked_until` + token.

    `state` is ready, dead (gave up, or refused) or parked (its plugin is gone). `again` says that the same key was
    asked for while it ran. `user_id` is whom it acts for (None: the system) and never set to null by a deletion.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "ix_job_ready",
            "priority",
            "run_at",
            "id",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
        Index("ix_job_lane", "lane", "id"),
        Index("ix_job_state", "state", "id"),
    )
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    owner: Mapped[str] = mapped_column(String(80), default="core")
    args: Mapped[str] = mapped_column(Text, default="{}")
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    lane: Mapped[str | None] = mapped_column(String(160))
    run_at: Mapped[datetime] = mapped_column(Instant, default=now)
    priority: Mapped[int] = mapped_column(Integer, default=5)
    state: Mapped[str] = mapped_column(String(8), default="ready")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    max_attempts: Mapped[int] = mapped_column(Integer, default=10)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    token: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int | None]
    depth: Mapped[int] = mapped_column(Integer, default=0)
    caused_by: Mapped[int | None]
    again: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class ScheduleState(Model):
    """A schedule's memory: last slot, last success and failure, paused or not."""

    __tablename__ = "schedule_state"
    name: Mapped[str] = mapped_column(String(160), unique=True)
    paused: Mapped[bool] = mapped_column(default=False)
    last_slot: Mapped[str] = mapped_column(String(40), default="")
    last_started_at: Mapped[datetime | None] = mapped_column(Instant)
    last_done_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = mapped_column(Text, default="")
