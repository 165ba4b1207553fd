"""The tables of goals, reviews and talks. All but goals are no records: no list, search, export or API knows them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live, now


class Goal(Record):
    """What somebody wants to reach: `current` of `target`, written by hand, or counted from records of the person.

    Counted: records of the kind `counts` that the person owns and `condition` (filter language) finds, summed up by `adds` (the
    name of a field) if it is given.
    """

    __tablename__ = "hr_goal"
    __entity__ = "hr.goal"
    __table_args__ = (
        live("hr_goal", "ends_on", "id"),
        Index("ix_hr_goal_employee", "employee_id", "ends_on"),
        Index("ix_hr_goal_parent", "parent_id"),
    )
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("hr_employee.id", ondelete="SET NULL"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("hr_goal.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    target: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    current: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    counts: Mapped[str] = mapped_column(String(80), default="")
    condition: Mapped[str] = mapped_column(Text, default="")
    adds: Mapped[str] = mapped_column(String(80), default="")
    starts_on: Mapped[str] = mapped_column(String(10), default="")
    ends_on: Mapped[str] = mapped_column(String(10), default="")


class Cycle(Model):
    """A round of reviews with its questions (texts), from a day to a day; closed, nothing is written any more."""

    __tablename__ = "hr_cycle"
    name: Mapped[str] = mapped_column(String(200))
    questions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    starts_on: Mapped[str] = mapped_column(String(10))
    ends_on: Mapped[str] = mapped_column(String(10))
    closed: Mapped[bool] = mapped_column(default=False)


class Review(Model):
    """Somebody's review in a cycle. `rating` is 1 to 5 after calibration; shared, the person reads it and signs."""

    __tablename__ = "hr_review"
    __table_args__ = (
        Index("ux_hr_review", "cycle_id", "employee_id", unique=True),
        Index("ix_hr_review_employee", "employee_id"),
    )
    cycle_id: Mapped[int] = mapped_column(ForeignKey("hr_cycle.id", ondelete="CASCADE"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    rating: Mapped[int | None]
    shared_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_at: Mapped[datetime | None] = mapped_column(Instant)


class Feedback(Model):
    """What one person says in a review (self, manager or peer): sealed answers, handed in or still a draft."""

    __tablename__ = "hr_feedback"
    __table_args__ = (
        Index("ux_hr_feedback", "review_id", "author_id", unique=True),
        Index("ix_hr_feedback_author", "author_id"),
    )
    review_id: Mapped[int] = mapped_column(ForeignKey("hr_review.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    rating: Mapped[int | None]
    handed_in_at: Mapped[datetime | None] = mapped_column(Instant)


class Talk(Model):
    """A note of a talk between two, sealed: the author reads it, and the employee if it is shared; nobody else."""

    __tablename__ = "hr_talk"
    __table_args__ = (
        Index("ix_hr_talk_employee", "employee_id", "held_on"),
        Index("ix_hr_talk_author", "author_id", "held_on"),
    )
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    held_on: Mapped[str] = mapped_column(String(10))
    shared: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    made_at: Mapped[datetime] = mapped_column(Instant, default=now)
