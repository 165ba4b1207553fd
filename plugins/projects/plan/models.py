"""The tables of plans: projects, phases, milestones, templates, and what the plan adds to the tasks of the core.

A task belongs to a project when it is about it (`TaskLink`), so every way of making tasks makes tasks of projects.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Model, Record, live

PROJECT = "projects.project"


class Project(Record):
    """Something with a beginning and an end, for a customer or, without one, for ourselves; its owner leads it.

    `status` is planned, active, paused, done or cancelled; `health` good, risk, bad or empty. Days are ISO 8601.
    `budget_hours` and `budget` (in `currency`) are what it may take; `rate` is the price of an hour; `billing` hours,
    fixed or none. `origin` names the record it came from ("sales.deal:12"). `wip` holds how many cards a lane of the
    board may have. The link of the customer's page is found by `token_hash`; `token` is sealed for those who lead.
    """

    __tablename__ = "projects_project"
    __entity__ = PROJECT
    __table_args__ = (
        live("projects_project", "name", "id"),
        live("projects_project", "status", "due_on", "id"),
        live("projects_project", "due_on", "id"),
        live("projects_project", "created_at", "id"),
        live("projects_project", "owner_id", "status", "due_on", "id"),
        Index("ix_projects_project_company", "company_id", "id"),
        Index("ix_projects_project_contact", "contact_id", "id"),
        Index("ix_projects_project_origin", "origin"),
        Index("ux_projects_project_token", "token_hash", unique=True),
    )
    name: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(12), default="active")
    health: Mapped[str] = mapped_column(String(8), default="")
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="SET NULL"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    start_on: Mapped[str] = mapped_column(String(10), default="")
    due_on: Mapped[str] = mapped_column(String(10), default="")
    finished_on: Mapped[str] = mapped_column(String(10), default="")
    baseline_on: Mapped[str] = mapped_column(String(10), default="")
    budget_hours: Mapped[int | None] = mapped_column()
    budget: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str] = mapped_column(String(3), default="")
    billing: Mapped[str] = mapped_column(String(8), default="hours")
    rate: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    origin: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    wip: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("projects_template.id", ondelete="SET NULL"))
    token_hash: Mapped[str | None] = mapped_column(String(64))
    token: Mapped[bytes | None] = mapped_column(LargeBinary)


class Phase(Record):
    """A stretch of a project that holds tasks."""

    __tablename__ = "projects_phase"
    __entity__ = "projects.phase"
    __table_args__ = (
        live("projects_phase", "name", "id"),
        Index("ix_projects_phase_project", "project_id", "position"),
    )
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects_project.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)


class Milestone(Record):
    """A day by which something has to be so. `share` is the part of the budget, in percent, that may be billed then.

    `reached_on` is the day on which it was so, or empty; `invoice` what it was put on.
    """

    __tablename__ = "projects_milestone"
    __entity__ = "projects.milestone"
    __table_args__ = (
        live("projects_milestone", "due_on", "id"),
        live("projects_milestone", "name", "id"),
        Index("ix_projects_milestone_project", "project_id", "due_on"),
    )
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects_project.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[str] = mapped_column(String(10), default="")
    reached_on: Mapped[str] = mapped_column(String(10), default="")
    share: Mapped[int | None] = mapped_column()
    invoice: Mapped[str] = mapped_column(String(60), default="")


class Template(Record):
    """A plan to begin with: `outline` is read by `outline.parse`. Projects made of it are copies."""

    __tablename__ = "projects_template"
    __entity__ = "projects.template"
    __table_args__ = (live("projects_template", "name", "id"),)
    name: Mapped[str] = mapped_column(String(200))
    outline: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")


class TaskPlan(Model):
    """What a plan says of a task: when it begins, how long it takes in minutes, where it stands, what was planned first."""

    __tablename__ = "projects_task"
    __table_args__ = (
        Index("ux_projects_task", "task_id", unique=True),
        Index("ix_projects_task_phase", "phase_id"),
        Index("ix_projects_task_milestone", "milestone_id"),
    )
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("projects_phase.id", ondelete="SET NULL"))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("projects_milestone.id", ondelete="SET NULL"))
    lane: Mapped[str] = mapped_column(String(12), default="")
    start_on: Mapped[str] = mapped_column(String(10), default="")
    estimate: Mapped[int | None] = mapped_column()
    base_start: Mapped[str] = mapped_column(String(10), default="")
    base_due: Mapped[str] = mapped_column(String(10), default="")


class Member(Model):
    """Somebody who has or had something to do in a project, and so sees it."""

    __tablename__ = "projects_member"
    __table_args__ = (
        Index("ux_projects_member", "project_id", "user_id", unique=True),
        Index("ix_projects_member_user", "user_id", "project_id"),
    )
    project_id: Mapped[int] = mapped_column(ForeignKey("projects_project.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))


class Dependency(Model):
    """`task_id` waits for `before_id`: `kind` is FS, SS, FF or SF, `lag` working days between, negative to overlap."""

    __tablename__ = "projects_dependency"
    __table_args__ = (
        Index("ux_projects_dependency", "task_id", "before_id", unique=True),
        Index("ix_projects_dependency_before", "before_id"),
    )
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    before_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(2), default="FS")
    lag: Mapped[int] = mapped_column(default=0)
