"""Tasks as templates show them: due in words, what they are about, who does them; names are read for a whole page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for

from app.formats.recurrence_words import words
from app.i18n import _, _n
from app.kernel.context import Context
from app.models import Task
from app.services import fields, people, task_fields, tasks
from app.services.task_fields import SOMEDAY
from app.web import dates


def shown(asked: Context, found: Sequence[Task]) -> list[dict[str, Any]]:
    """Return tasks as templates show them: due in words, late counted, with the records they are about."""
    about = task_fields.links(asked, [t.id for t in found])
    wanted = {target for targets in about.values() for target in targets}
    mates = {("user", t.assignee_id) for t in found if t.assignee_id and t.assignee_id != asked.user.id}
    names = people.names(asked, wanted | mates)
    today = tasks.today(asked)
    return [
        {
            **row(t, today),
            "assignee": names[mate].name if (mate := ("user", t.assignee_id or 0)) in names else "",
            "about": [names[target] for target in about[t.id] if target in names],
        }
        for t in found
    ]


def row(task: Task, today: date) -> dict[str, Any]:
    """Return what the task alone tells."""
    return {
        "id": task.id,
        "summary": task.summary,
        "done": task.status == "done",
        "open": task.status == "todo",
        "due": "" if task.due_on == SOMEDAY else dates.day(task.due_on),
        "today": task.due_on == today.isoformat(),
        "clock": dates.clock(task.due_at) if task.due_at else "",
        "late": late(task.due_on, today) if task.status == "todo" else "",
        "urgency": task_fields.urgency(task.priority or 5),
        "repeats": bool(task.recurrence),
        "url": url_for("tasks.show", record_id=task.id),
    }


def late(due: str, today: date) -> str:
    """Return by how much a day has passed, in words; empty for one that has not."""
    days = (today - date.fromisoformat(due)).days
    return _n("%(num)s day late", "%(num)s days late", days) if days > 0 else ""


def repeats(asked: Context, task: Task) -> str:
    """Return how often a task comes, in words."""
    return words(task.recurrence, asked.locale, after_done=task.after_done)


def labels(asked: Context, field: str) -> dict[str, str]:
    """Return the choices of a field of tasks: value → label."""
    found = fields.choices(asked, asked.schema.field("task", field))
    return {choice.value: str(choice.label) for choice in found}


def choices() -> list[tuple[str, str]]:
    """Return when the next follow-up may be."""
    return [
        ("tomorrow", _("Tomorrow")),
        ("3d", _("In 3 days")),
        ("1w", _("In a week")),
        ("2w", _("In 2 weeks")),
        ("1m", _("In a month")),
    ]


def snoozes(asked: Context) -> list[tuple[str, str]]:
    """Return where a task can be moved in one tap; later today only while there is a later."""
    at = tasks.later(asked)
    soon = [("later", _("Today, %(clock)s", clock=dates.clock(at)))] if at else []
    monday = _("Next %(day)s", day=dates.named(tasks.due(asked, "monday")))
    return [*soon, ("tomorrow", _("Tomorrow")), ("monday", monday), ("1w", _("In a week"))]
