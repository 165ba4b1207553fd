"""The tables of training: skills with levels, courses with sessions, certificates, what a position asks for."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Model, Record, live


class Skill(Record):
    """Something people can do; levels are 1 (basics) to 5 (teaches others)."""

    __tablename__ = "hr_skill"
    __entity__ = "hr.skill"
    __table_args__ = (live("hr_skill", "name", "id"),)
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(120), default="")


class Course(Record):
    """A training. Who passes it has `skill_id` at `level`, by a certificate that lasts `months`; None is for good."""

    __tablename__ = "hr_course"
    __entity__ = "hr.course"
    __table_args__ = (live("hr_course", "name", "id"),)
    name: Mapped[str] = mapped_column(String(200))
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("hr_skill.id", ondelete="SET NULL"))
    level: Mapped[int | None]
    months: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")


class Certificate(Record):
    """Proof of a skill until `expires_on` (ISO 8601; empty is for good): expired, it gives the skill no more."""

    __tablename__ = "hr_certificate"
    __entity__ = "hr.certificate"
    __table_args__ = (
        live("hr_certificate", "expires_on", "id"),
        Index("ix_hr_certificate_employee", "employee_id", "expires_on"),
        Index("ix_hr_certificate_skill", "skill_id", "employee_id"),
    )
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("hr_employee.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("hr_skill.id", ondelete="SET NULL"))
    level: Mapped[int | None]
    issued_on: Mapped[str] = mapped_column(String(10), default="")
    expires_on: Mapped[str] = mapped_column(String(10), default="")


class Held(Model):
    """A skill that somebody has without a certificate, as those above see it."""

    __tablename__ = "hr_held"
    __table_args__ = (
        Index("ux_hr_held", "employee_id", "skill_id", unique=True),
        Index("ix_hr_held_skill", "skill_id"),
    )
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    skill_id: Mapped[int] = mapped_column(ForeignKey("hr_skill.id", ondelete="CASCADE"))
    level: Mapped[int]


class Requirement(Model):
    """A skill that a position asks for, at a level."""

    __tablename__ = "hr_requirement"
    __table_args__ = (
        Index("ux_hr_requirement", "position_id", "skill_id", unique=True),
        Index("ix_hr_requirement_skill", "skill_id"),
    )
    position_id: Mapped[int] = mapped_column(ForeignKey("hr_position.id", ondelete="CASCADE"))
    skill_id: Mapped[int] = mapped_column(ForeignKey("hr_skill.id", ondelete="CASCADE"))
    level: Mapped[int]


class Session(Model):
    """A date of a course; `seats` None is as many as come."""

    __tablename__ = "hr_session"
    __table_args__ = (
        Index("ix_hr_session_course", "course_id", "starts_on"),
        Index("ix_hr_session_day", "starts_on"),
    )
    course_id: Mapped[int] = mapped_column(ForeignKey("hr_course.id", ondelete="CASCADE"))
    starts_on: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(200), default="")
    trainer: Mapped[str] = mapped_column(String(200), default="")
    seats: Mapped[int | None]


class Enrolment(Model):
    """Somebody in a session: enrolled, passed, failed or absent."""

    __tablename__ = "hr_enrolment"
    __table_args__ = (
        Index("ux_hr_enrolment", "session_id", "employee_id", unique=True),
        Index("ix_hr_enrolment_employee", "employee_id"),
    )
    session_id: Mapped[int] = mapped_column(ForeignKey("hr_session.id", ondelete="CASCADE"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10), default="enrolled")
