"""The tables of cadences: their steps, who is in them, and what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live, now

GOING: Any = text("state IN ('active', 'paused')")


class Cadence(Record):
    """Steps by which somebody is approached. `daily_cap` is how many mails of all cadences one colleague sends a day."""

    __tablename__ = "sales_cadence"
    __entity__ = "sales.cadence"
    __table_args__ = (live("sales_cadence", "name", "id"),)
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    daily_cap: Mapped[int] = mapped_column(default=30)


class CadenceStep(Model):
    """A step: `days` working days after the one before. `kind` is call, email, message or task."""

    __tablename__ = "sales_cadence_step"
    __table_args__ = (Index("ix_sales_cadence_step_cadence", "cadence_id", "position"),)
    cadence_id: Mapped[int] = mapped_column(ForeignKey("sales_cadence.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    days: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(12), default="task")
    subject: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")


class Enrolment(Model):
    """Somebody in a cadence. `state` is active, paused, done or stopped; `position` that of the step that comes next,
    `next_on` its day (ISO 8601). `user_id` is who does the steps."""

    __tablename__ = "sales_enrolment"
    __table_args__ = (
        Index(
            "ux_sales_enrolment_going",
            "cadence_id",
            "contact_id",
            unique=True,
            sqlite_where=GOING,
            postgresql_where=GOING,
        ),
        Index("ix_sales_enrolment_due", "state", "next_on", "id"),
        Index("ix_sales_enrolment_contact", "contact_id", "state"),
        Index("ix_sales_enrolment_lead", "lead_id"),
    )
    cadence_id: Mapped[int] = mapped_column(ForeignKey("sales_cadence.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("sales_lead.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(10), default="active")
    position: Mapped[int] = mapped_column(default=0)
    next_on: Mapped[str] = mapped_column(String(10), default="")
    started_at: Mapped[datetime] = mapped_column(Instant, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(String(200), default="")


class Touch(Model):
    """A step that was begun for somebody: the task it became, and when the person answered."""

    __tablename__ = "sales_cadence_touch"
    __table_args__ = (
        Index("ux_sales_cadence_touch", "enrolment_id", "position", unique=True),
        Index("ix_sales_cadence_touch_step", "step_id"),
        Index("ix_sales_cadence_touch_user", "user_id", "day"),
    )
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("sales_enrolment.id", ondelete="CASCADE"))
    step_id: Mapped[int | None] = mapped_column(ForeignKey("sales_cadence_step.id", ondelete="SET NULL"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(12))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    day: Mapped[str] = mapped_column(String(10), default="")
    replied_at: Mapped[datetime | None] = mapped_column(Instant)
