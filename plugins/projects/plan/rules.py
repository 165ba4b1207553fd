"""Rights of their own, and which projects and parts of projects exist for whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import aliased

from app.sdk import Context, Permission, RowRule, _l
from app.sdk.services import access

from ..hours.models import ENTRY
from .entities import MILESTONE, PHASE, TEMPLATE
from .models import PROJECT, Member, Project


def with_a_task(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Show a project to everybody who has or had something to do in it."""
    if verb != "view" or not ctx.may(f"{PROJECT}.view"):
        return false()
    mine = select(Member.project_id).where(Member.user_id == ctx.user.id)
    found: ColumnElement[bool] = model.id.in_(mine)
    return found


def with_the_project(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Show a part of a project to everybody who sees the project, and let who may edit the one edit the other."""
    if verb not in ("view", "edit", "delete") or not ctx.may(
        f"{PROJECT}.{'view' if verb == 'view' else 'edit'}"
    ):
        return false()
    project = aliased(Project)
    seen = select(project.id).where(
        access.criterion(ctx, project, "view" if verb == "view" else "edit", entity=PROJECT)
    )
    found: ColumnElement[bool] = model.project_id.in_(seen)
    return found


def by_the_lead(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Show the hours of a project to who leads it."""
    if verb != "view" or not ctx.may(f"{ENTRY}.view"):
        return false()
    project = aliased(Project)
    led = select(project.id).where(project.owner_id == ctx.user.id, project.deleted_at.is_(None))
    found: ColumnElement[bool] = model.project_id.in_(led)
    return found


def templates(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Show templates to everybody who may see templates, whoever wrote them."""
    return true() if verb == "view" and ctx.may(f"{TEMPLATE}.view") else false()


ALL = (
    Permission(name="approve", label=_l("Approve hours"), roles=("manager",)),
    Permission(name="invoice", label=_l("Put hours on invoices"), roles=("manager",)),
    Permission(name="load", label=_l("See who has time"), roles=("manager",)),
    Permission(name="rates", label=_l("Set prices of hours"), roles=("manager",)),
    RowRule(name="with_a_task", on=PROJECT, grant=with_a_task, stable=True),
    RowRule(name="phases", on=PHASE, grant=with_the_project),
    RowRule(name="milestones", on=MILESTONE, grant=with_the_project),
    RowRule(name="entries", on=ENTRY, grant=by_the_lead, stable=True),
    RowRule(name="templates", on=TEMPLATE, grant=templates, stable=True),
)
