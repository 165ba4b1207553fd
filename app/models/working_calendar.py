"""When work is done: the week of the company, of teams and of people, and the days that differ."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model, key


class WorkCalendar(Model):
    """What one level says: "company", "team" or "user"; empty values are those of the level above.

    `week` is JSON: seven lists (Monday first) of [from, to] as "HH:MM". `country` is ISO 3166, "-" for no holidays,
    `region` a subdivision of it. `zone` is an IANA name.
    """

    __tablename__ = "work_calendar"
    __table_args__ = (UniqueConstraint("scope", "scope_id"),)
    scope: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[int] = mapped_column(default=0)
    week: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    region: Mapped[str] = mapped_column(String(40), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")


class WorkException(Model):
    """Days that differ from the week, first to last: `periods` as in a week's day, "[]" when closed."""

    __tablename__ = "work_exception"
    __table_args__ = (Index("ix_work_exception_calendar_id", "calendar_id", "last_on"),)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("work_calendar.id", ondelete="CASCADE"))
    first_on: Mapped[str] = mapped_column(key(10))
    last_on: Mapped[str] = mapped_column(key(10))
    periods: Mapped[str] = mapped_column(Text, default="[]")
    label: Mapped[str] = mapped_column(String(120), default="")
