"""The tables of absences: kinds of leave, what somebody has of them in a year, and the absences themselves."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live, now


class LeaveType(Record):
    """A kind of absence. With `counted` it draws on an allowance: `days_a_year`, at once or a twelfth each month.

    At the end of a year at most `carry_days` go over into the next, where they are used until `carry_until` (MM-DD).
    """

    __tablename__ = "hr_leave_type"
    __entity__ = "hr.leave_type"
    __table_args__ = (live("hr_leave_type", "name", "id"),)
    name: Mapped[str] = mapped_column(String(120))
    counted: Mapped[bool] = mapped_column(default=False)
    days_a_year: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    accrual: Mapped[str] = mapped_column(String(8), default="year")
    carry_days: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    carry_until: Mapped[str] = mapped_column(String(5), default="")
    decided: Mapped[bool] = mapped_column(default=True)


class Allowance(Model):
    """What HR settled for somebody in a year: days in place of the usual, days carried over in place of the computed."""

    __tablename__ = "hr_allowance"
    __table_args__ = (Index("ux_hr_allowance", "employee_id", "type_id", "year", unique=True),)
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    type_id: Mapped[int] = mapped_column(ForeignKey("hr_leave_type.id", ondelete="CASCADE"))
    year: Mapped[int]
    days: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    carried: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    note: Mapped[str] = mapped_column(String(300), default="")


class Absence(Record):
    """Somebody is away, first to last day (ISO 8601). `half` is "start" (from noon), "end" (until noon) or "both"."""

    __tablename__ = "hr_absence"
    __entity__ = "hr.absence"
    __table_args__ = (
        live("hr_absence", "first_on", "id"),
        Index("ix_hr_absence_employee", "employee_id", "first_on"),
        Index("ix_hr_absence_last", "last_on", "first_on"),
        Index("ix_hr_absence_status", "status", "first_on"),
    )
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("hr_employee.id", ondelete="SET NULL"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("hr_leave_type.id", ondelete="SET NULL"))
    first_on: Mapped[str] = mapped_column(String(10))
    last_on: Mapped[str] = mapped_column(String(10))
    half: Mapped[str] = mapped_column(String(8), default="")
    days: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    status: Mapped[str] = mapped_column(String(12), default="requested")
    note: Mapped[str] = mapped_column(String(500), default="")
    answer: Mapped[str] = mapped_column(String(500), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class Feed(Model):
    """The address of somebody's calendar of absences: only its hash is kept; a new one ends the former."""

    __tablename__ = "hr_feed"
    __table_args__ = (
        Index("ux_hr_feed_user", "user_id", unique=True),
        Index("ux_hr_feed_digest", "digest", unique=True),
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant, default=now)
