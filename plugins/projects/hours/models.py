"""The tables of hours: what was worked, what is being worked on now, and what an hour of somebody costs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live, now

ENTRY = "projects.entry"


class Entry(Record):
    """Time that its owner worked for a project on a day (ISO 8601), in minutes.

    `state` is open, submitted or approved; what is approved is locked. `rate` is the price of an hour when it was
    written, `amount` what it comes to if it is billable; `invoice` names what it was put on.
    """

    __tablename__ = "projects_entry"
    __entity__ = ENTRY
    __table_args__ = (
        live("projects_entry", "day", "id"),
        live("projects_entry", "owner_id", "day", "id"),
        live("projects_entry", "project_id", "day", "id"),
        live("projects_entry", "state", "day", "id"),
        Index("ix_projects_entry_task", "task_id"),
    )
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects_project.id", ondelete="SET NULL"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    day: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(500), default="")
    billable: Mapped[bool] = mapped_column(default=True)
    rate: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str] = mapped_column(String(3), default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    invoice: Mapped[str] = mapped_column(String(60), default="")


class Timer(Model):
    """What somebody works on at this moment, since when; one for each person."""

    __tablename__ = "projects_timer"
    __table_args__ = (Index("ux_projects_timer", "user_id", unique=True),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects_project.id", ondelete="CASCADE"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    started_at: Mapped[datetime] = mapped_column(Instant, default=now)


class Rate(Model):
    """What an hour of somebody costs where the project has no price of its own."""

    __tablename__ = "projects_rate"
    __table_args__ = (Index("ux_projects_rate", "user_id", unique=True),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 2))
