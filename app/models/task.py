"""Follow-ups: the one task entity of the house (names follow iCalendar VTODO)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, Record, key, live, trashed


class Task(Record):
    """Something to do. `due_on` is a date in the assignee's zone; `due_at` the exact instant when a time is set.

    `due_clock` is that time on the wall (15:30) in the IANA zone `due_zone`: what was meant, whatever the clocks do. `priority` is iCalendar's: 1 the highest, 9 the lowest,
    5 normal. `recurrence` is an RRULE (RFC 5545) whose first day is `series_from`, in which this task stands for the
    day `occurrence_on`; with `after_done` it counts from when the task is done. `remind` holds minutes before the
    due time. `previous_id` is the task after whose completion this one was made: at most one for each.
    """

    __tablename__ = "task"
    __entity__ = "task"
    __table_args__ = (
        live("task", "assignee_id", "status", "due_on", "id"),
        live("task", "team_id", "status", "due_on", "id"),
        live("task", "status", "due_on", "id"),
        live("task", "due_on", "id"),
        live("task", "priority", "id"),
        live("task", "parent_id", "id"),
        Index("ix_task_previous_id", "previous_id", unique=True),
        trashed("task"),
    )
    summary: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(20), default="todo")
    priority: Mapped[int] = mapped_column(Integer, default=5)
    due_on: Mapped[str] = mapped_column(key(10), default="9999-12-31")
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    due_clock: Mapped[str] = mapped_column(String(5), default="", server_default="")
    due_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    recurrence: Mapped[str] = mapped_column(String(300), default="", server_default="")
    after_done: Mapped[bool] = mapped_column(default=False, server_default="0")
    series_from: Mapped[str] = mapped_column(String(10), default="", server_default="")
    occurrence_on: Mapped[str] = mapped_column(String(10), default="", server_default="")
    remind: Mapped[str] = mapped_column(String(60), default="", server_default="")
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
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


class TaskMate(Model):
    """A colleague who does a task together with the one it is assigned to."""

    __tablename__ = "task_mate"
    __table_args__ = (
        UniqueConstraint("task_id", "user_id"),
        Index("ix_task_mate_user_id", "user_id", "task_id"),
    )
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))


class TaskItem(Model):
    """A line of a task's checklist, ticked when `done_at` is set."""

    __tablename__ = "task_item"
    __table_args__ = (Index("ix_task_item_task_id", "task_id", "position", "id"),)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer, default=0)
    text: Mapped[str] = mapped_column(String(500))
    done_at: Mapped[datetime | None] = mapped_column(Instant)
