"""What the pages of projects show when every page is walked through: the demonstration, with a link and open hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import Task, TaskLink
from app.sdk.services import acting

from ..plan import tokens
from ..plan.models import PROJECT, Phase, Project, Template
from ..plugin import Projects

PAGES = ("show", "edit", "tasks", "task", "board", "gantt", "fit", "calendar", "phases")


def records(ctx: Context) -> Mapping[Any, Any]:
    """Make what the pages show; returns (endpoint, part) or part of an address → value."""
    with ctx.unit(), acting(ctx):
        Projects().kith_demo(ctx)
    project = ctx.session.execute(select(Project).order_by(Project.id).limit(1)).scalar_one()
    template = ctx.session.execute(select(Template).order_by(Template.id).limit(1)).scalar_one()
    phase = ctx.session.execute(select(Phase).order_by(Phase.id).limit(1)).scalar_one()
    with ctx.unit():
        token = tokens.of(project) or tokens.give(project)
    query = select(Task.id).join(TaskLink, TaskLink.task_id == Task.id)
    query = query.where(TaskLink.entity == PROJECT, TaskLink.record_id == project.id)
    task = ctx.session.execute(query.order_by(Task.id).limit(1)).scalar_one()
    return {
        **{(f"projects_plan.{page}", "record_id"): project.id for page in PAGES},
        **{(f"projects_hours.{page}", "record_id"): project.id for page in ("budget", "invoice")},
        **{(f"projects_templates.{page}", "record_id"): template.id for page in ("show", "edit", "use")},
        ("projects_status.share", "record_id"): project.id,
        ("projects_status.show", "token"): token,
        ("projects_plan.task", "task_id"): task,
        "phase_id": phase.id,
    }
