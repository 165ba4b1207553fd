"""My work: the open tasks of projects that are mine, the first due first, with the timer at hand."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import select

from app.sdk import Context, _
from app.sdk.models import Task, TaskLink
from app.sdk.web import Response, ctx, day_text, render, requires

from . import days
from .blueprint import pages
from .choices import GOING
from .models import PROJECT, Project, TaskPlan

MOST = 200


@pages.get("/mine")
@requires("projects.project.view")
def mine() -> Response:
    """Show what the reader has to do in projects."""
    asked = ctx()
    today = days.today(asked).isoformat()
    rows = [_row(asked, row, today) for row in _rows(asked)]
    groups = [
        (_("Overdue"), [r for r in rows if r["late"]]),
        (_("In progress"), [r for r in rows if r["doing"] and not r["late"]]),
        (_("To do"), [r for r in rows if not r["doing"] and not r["late"]]),
    ]
    return render(
        "projects/plan/mine.html",
        title=_("My work"),
        groups=[(name, found) for name, found in groups if found],
        may_time=asked.may("projects.entry.create"),
        here=url_for("projects_plan.mine"),
    )


def _rows(asked: Context) -> Any:
    query = select(Task.id, Task.summary, Task.due_on, TaskPlan.lane, Project.id.label("of"), Project.name)
    query = query.join(TaskLink, TaskLink.task_id == Task.id).join(Project, Project.id == TaskLink.record_id)
    query = query.outerjoin(TaskPlan, TaskPlan.task_id == Task.id).where(
        TaskLink.entity == PROJECT,
        Task.assignee_id == asked.user.id,
        Task.status == "todo",
        Project.status.in_(GOING),
    )
    return asked.session.execute(query.order_by(Task.due_on, Task.id).limit(MOST)).all()


def _row(asked: Context, row: Any, today: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.summary,
        "project": row.name,
        "url": url_for("projects_plan.task", record_id=row.of, task_id=row.id),
        "place": f"{row.of}-{row.id}",
        "due": day_text(row.due_on) if days.valid(row.due_on) else "",
        "late": row.due_on < today,
        "doing": bool(row.lane),
    }
