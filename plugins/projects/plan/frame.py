"""What the pages of a project share: the record, the ways between its views, names and faces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for

from app.sdk import Choice, Context, _l
from app.sdk.formats import user_face
from app.sdk.services import access, people, records
from app.sdk.web import day_text

from . import days, reading
from .choices import HEALTHS, STATUSES, choice
from .models import PROJECT, Project

VIEWS = (
    ("projects_plan.show", _l("Overview")),
    ("projects_plan.tasks", _l("Tasks")),
    ("projects_plan.board", _l("Board")),
    ("projects_plan.gantt", _l("Gantt")),
    ("projects_plan.calendar", _l("Calendar")),
    ("projects_hours.budget", _l("Budget")),
)


def project(asked: Context, record_id: int, verb: str = "view") -> Project:
    """Return a project the principal may see and do `verb` to. Raises NotVisible, NotAllowed."""
    found: Project = records.get(asked, PROJECT, record_id, verb)
    return found


def of(asked: Context, found: Project, here: str) -> dict[str, Any]:
    """Return what every page of a project shows: where one is, and what state the project is in."""
    return {
        "project": found,
        "views": [
            {
                "url": url_for(endpoint, record_id=found.id),
                "label": label,
                "n": None,
                "on": endpoint == here,
            }
            for endpoint, label in VIEWS
        ],
        **state_of(found),
        "may_edit": _may_edit(asked, found),
        "home": url_for("projects_plan.show", record_id=found.id),
    }


def state_of(found: Project) -> dict[str, Choice | None]:
    """Return status and health of a project in words."""
    return {"standing": choice(STATUSES, found.status), "health": choice(HEALTHS, found.health)}


def _may_edit(asked: Context, found: Project) -> bool:
    return bool(access.visible_ids(asked, Project, [found.id], "edit"))


def faces(asked: Context, ids: Iterable[int | None]) -> dict[int, tuple[str, str, int]]:
    """Return name, initials and hue of colleagues by id."""
    wanted = {i for i in ids if i is not None}
    names = people.user_names(asked, wanted) if wanted else {}
    return {i: (name, *user_face(i, name)) for i, name in names.items()}


def row(plan: reading.Plan, item: reading.Item, who: dict[int, tuple[str, str, int]]) -> dict[str, Any]:
    """Return what a line about a task shows."""
    late = not item.done and item.end is not None and item.end < plan.today
    return {
        "id": item.id,
        "name": item.name,
        "done": item.done,
        "url": url_for("projects_plan.task", record_id=plan.project.id, task_id=item.id),
        "due": day_text(item.end) if item.end else "",
        "late": late,
        "face": who.get(item.assignee_id or 0),
        "priority": item.priority,
        "phase_id": item.phase_id,
        "blocked": _blocked(plan, item),
    }


def _blocked(plan: reading.Plan, item: reading.Item) -> str:
    """Return the first task that keeps another from beginning, "" when there is none."""
    if item.done:
        return ""
    for wait in plan.befores.get(item.id, ()):
        if wait.kind[0] == "F" and not plan.by_id[wait.before].done:
            return plan.by_id[wait.before].name
    return ""


def is_late(found: Project, asked: Context) -> bool:
    """Tell whether a project that is going on should have been done."""
    return found.status not in ("done", "cancelled") and "" < found.due_on < days.today(asked).isoformat()
