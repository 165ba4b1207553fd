"""The tables of checklists and of files that have to stay longer than usual."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model


class Checklist(Model):
    """What is to be done when somebody comes or goes: `lines` are [days from the first or last day, who, text]."""

    __tablename__ = "hr_checklist"
    name: Mapped[str] = mapped_column(String(200))
    leaving: Mapped[bool] = mapped_column(default=False)
    lines: Mapped[list[Any]] = mapped_column(JSON, default=list)


class Step(Model):
    """Something to be done for somebody who comes or goes, by a user; nobody's is HR's."""

    __tablename__ = "hr_step"
    __table_args__ = (
        Index("ix_hr_step_employee", "employee_id", "due_on"),
        Index("ix_hr_step_user", "user_id", "done_at", "due_on"),
    )
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class Hold(Model):
    """A file that stays until a day (ISO 8601) beyond its retention period, and why."""

    __tablename__ = "hr_hold"
    __table_args__ = (Index("ux_hr_hold", "employee_id", unique=True),)
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    until: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300))
