"""Follow-ups: the one task entity of the house (names follow iCalendar VTODO)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, Record, key, live, trashed


class Task(Record):
    """Something to do. `due_on` is a date in the assignee's zone; `due_at` the exact instant when a time is set."""

    __tablename__ = "task"
    __entity__ = "task"
    __table_args__ = (
        live("task", "assignee_id", "status", "due_on", "id"),
        live("task", "due_on", "id"),
        trashed("task"),
    )
    summary: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(20), default="todo")
    priority: Mapped[int] = mapped_column(Integer, default=5)
    due_on: Mapped[str] = mapped_column(key(10), default="9999-12-31")
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id", ondelete="SET NULL"))


class TaskLink(Model):
    """A record that a task is about."""

    __tablename__ = "task_link"
    __table_args__ = (
        UniqueConstraint("task_id", "entity", "record_id"),
        Index("ix_task_link_record", "entity", "record_id", "task_id"),
    )
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
