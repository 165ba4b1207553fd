"""The tables of people: who works here, in which place of the tree, under which contract; private data sealed apart."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, LargeBinary, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live, now


class Department(Record):
    """A part of the house; `parent_id` makes a tree."""

    __tablename__ = "hr_department"
    __entity__ = "hr.department"
    __table_args__ = (live("hr_department", "name", "id"), Index("ix_hr_department_parent", "parent_id"))
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("hr_department.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="")


class Position(Record):
    """What somebody is employed as; what it asks for stands in the part of training."""

    __tablename__ = "hr_position"
    __entity__ = "hr.position"
    __table_args__ = (live("hr_position", "name", "id"),)
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")


class Employee(Record):
    """Somebody who works here, with a login (`user_id`) or without. Days are ISO 8601; `country` is ISO 3166."""

    __tablename__ = "hr_employee"
    __entity__ = "hr.employee"
    __table_args__ = (
        live("hr_employee", "name", "id"),
        live("hr_employee", "number", "id"),
        live("hr_employee", "started_on", "id"),
        Index("ix_hr_employee_user", "user_id"),
        Index("ix_hr_employee_contact", "contact_id"),
        Index("ix_hr_employee_manager", "manager_id"),
        Index("ix_hr_employee_department", "department_id"),
        Index("ix_hr_employee_position", "position_id"),
    )
    name: Mapped[str] = mapped_column(String(300), default="")
    given_name: Mapped[str] = mapped_column(String(120), default="")
    family_name: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[str] = mapped_column(String(40), default="")
    work_email: Mapped[str] = mapped_column(String(254), default="")
    work_phone: Mapped[str] = mapped_column(String(60), default="")
    location: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    region: Mapped[str] = mapped_column(String(10), default="")
    employment: Mapped[str] = mapped_column(String(20), default="")
    started_on: Mapped[str] = mapped_column(String(10), default="")
    ended_on: Mapped[str] = mapped_column(String(10), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("hr_department.id", ondelete="SET NULL"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("hr_position.id", ondelete="SET NULL"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("hr_employee.id", ondelete="SET NULL"))


class Above(Model):
    """Everybody above somebody with their login, `steps` away: 0 is the person, 1 the manager (kept by chain.py)."""

    __tablename__ = "hr_above"
    __table_args__ = (
        Index("ux_hr_above", "employee_id", "above_id", unique=True),
        Index("ix_hr_above_above", "above_id"),
        Index("ix_hr_above_user", "user_id", "steps", "employee_id"),
    )
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    above_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    steps: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class Post(Model):
    """Whom somebody answered to, as what and where, from a day on: what the tree was on a day (ISO 8601)."""

    __tablename__ = "hr_post"
    __table_args__ = (Index("ux_hr_post", "employee_id", "since", unique=True),)
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    since: Mapped[str] = mapped_column(String(10))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("hr_employee.id", ondelete="SET NULL"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("hr_position.id", ondelete="SET NULL"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("hr_department.id", ondelete="SET NULL"))


class Private(Model):
    """What only the person and HR may read, sealed (private.py): no list, search, export or API knows this table."""

    __tablename__ = "hr_private"
    __table_args__ = (Index("ux_hr_private_employee", "employee_id", unique=True),)
    employee_id: Mapped[int] = mapped_column(ForeignKey("hr_employee.id", ondelete="CASCADE"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(Instant, default=now)


class Contract(Record):
    """What was agreed with somebody, from a day until another; open while `ends_on` is empty."""

    __tablename__ = "hr_contract"
    __entity__ = "hr.contract"
    __table_args__ = (
        live("hr_contract", "starts_on", "id"),
        live("hr_contract", "ends_on", "id"),
        Index("ix_hr_contract_employee", "employee_id", "starts_on"),
    )
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("hr_employee.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="")
    starts_on: Mapped[str] = mapped_column(String(10), default="")
    ends_on: Mapped[str] = mapped_column(String(10), default="")
    probation_until: Mapped[str] = mapped_column(String(10), default="")
    weekly_hours: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    notice: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class Document(Record):
    """A file about somebody: the record has the file; only the person and HR see it."""

    __tablename__ = "hr_document"
    __entity__ = "hr.document"
    __table_args__ = (
        live("hr_document", "name", "id"),
        Index("ix_hr_document_employee", "employee_id", "id"),
    )
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("hr_employee.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="")
    valid_until: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str] = mapped_column(Text, default="")
