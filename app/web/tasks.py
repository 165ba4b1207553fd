"""Follow-ups: a task's page, done, not done, moved to another day; the next one about a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.errors import Conflict, Invalid
from app.models import Task
from app.services import access, people, records
from app.services import tasks as service
from app.services.context import ctx
from app.services.tasks import SOMEDAY
from app.web import dates, edit_page
from app.web.actions import offered
from app.web.render import done, render
from app.web.routes import requires
from app.web.security.redirects import local_path

tasks = Blueprint("tasks", __name__)

FIELDS = ("summary", "description", "due_on", "assignee_id")
SHOWN = 12
"""Follow-ups that Today lists; the rest is on the list of tasks."""


@tasks.get("/tasks/<int:record_id>")
@requires("task.view")
def show(record_id: int) -> Response:
    """Show a task with what it is about."""
    asked = ctx()
    task: Task = records.get(asked, "task", record_id)
    return render(
        "tasks/show.html",
        title=task.summary,
        task=task,
        t=shown(asked, [task])[0],
        soon=[("tomorrow", _("Tomorrow")), ("1w", _("In a week"))],
        may_edit=bool(access.visible_ids(asked, Task, [record_id], "edit")),
        actions=offered("task", task),
    )


@tasks.route("/tasks/<int:record_id>/edit", methods=["GET", "POST"])
@requires("task.edit")
def edit(record_id: int) -> Response:
    """Change what a task says, whose it is and when it is due."""
    asked = ctx()
    task: Task = records.get(asked, "task", record_id, "edit")
    stored = {name: getattr(task, name) for name in FIELDS}
    if request.method == "GET":
        typed = stored | {"due_on": "" if task.due_on == SOMEDAY else task.due_on}
        return _edit(asked, task, typed, version=task.version)
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    version = edit_page.seen_version()
    try:
        records.update(asked, "task", record_id, _values(asked, typed), seen_version=version)
        return done(url_for("tasks.show", record_id=record_id), toast=_("Saved"))
    except Invalid as error:
        return _edit(asked, task, typed, version=version, problems=error.problems, status=422)
    except Conflict as error:
        questions = edit_page.questions(asked, "task", error.clashes)
        return _edit(asked, task, typed, version=error.version, questions=questions, status=409)


def _values(asked: Context, typed: dict[str, str]) -> dict[str, Any]:
    mate = typed["assignee_id"]
    values: dict[str, Any] = {
        **typed,
        "due_on": service.due(asked, typed["due_on"]) if typed["due_on"] else SOMEDAY,
        "assignee_id": int(mate) if mate.isdecimal() and len(mate) < 10 else None,
    }
    return {name: value for name, value in values.items() if access.writes(asked, "task", name)}


def _edit(asked: Context, task: Task, typed: dict[str, Any], *, status: int = 200, **more: Any) -> Response:
    mates = {str(i): name for i, name in people.colleagues(asked)}
    if task.assignee_id and str(task.assignee_id) not in mates:
        mates |= {str(i): name for i, name in people.user_names(asked, [task.assignee_id]).items()}
    values: dict[str, Any] = {"problems": {}, "questions": (), **more}
    return render(
        "tasks/edit.html",
        status=status,
        title=_("Edit task") if status == 200 else _("Error: Edit task"),
        record_id=task.id,
        typed=typed,
        mates=[("", _("Nobody")), *mates.items()],
        **values,
    )


@tasks.post("/tasks/<int:record_id>/done")
@requires("task.edit")
def finish(record_id: int) -> Response:
    """Mark a task as done, or as to do again."""
    finished = request.values.get("done", "1") == "1"
    task = service.finish(ctx(), record_id, done=finished)
    undo = url_for("tasks.finish", record_id=record_id, done="0", next=_back(record_id)) if finished else None
    return _answer(task, _("Done: %(what)s", what=task.summary) if finished else _("To do again"), undo)


@tasks.post("/tasks/<int:record_id>/snooze")
@requires("task.edit")
def snooze(record_id: int) -> Response:
    """Move a task to another day."""
    asked = ctx()
    former = records.get(asked, "task", record_id, "edit").due_on
    task = service.snooze(asked, record_id, request.values.get("to", "tomorrow"))
    undo = url_for("tasks.snooze", record_id=record_id, to=former, next=_back(record_id))
    return _answer(task, _("Moved to %(day)s", day=dates.due(task.due_on)), undo)


def _answer(task: Task, toast: str, undo: str | None) -> Response:
    """Go back, or with htmx send what stands in the place where the button was: Today's list or a record's nudge."""
    asked, at = ctx(), request.form.get("at", "")
    if at == "today":
        return done(_back(task.id), block="tasks/_due.html", toast=toast, undo=undo, due=due_list(asked))
    entity, _sep, number = at.partition(":")
    if number.isdecimal() and asked.schema.has(entity):
        here = nudge(entity, records.get(asked, entity, int(number)))
        return done(_back(task.id), block="tasks/_nudge.html", toast=toast, undo=undo, nudge=here)
    return done(_back(task.id), toast=toast, undo=undo)


def nudge(entity: str, record: Any) -> dict[str, Any]:
    """Return what tasks/_nudge.html needs: the next thing to do about a record the caller has read, if any."""
    asked = ctx()
    here: dict[str, Any] = {"at": f"{entity}:{record.id}", "task": None, "back": ""}
    if not asked.may("task.view"):
        return here
    found = service.next_of(asked, entity, record.id)
    if found is None:
        return here
    task, may = found
    url = asked.schema.entity(entity).url
    mate = task.assignee_id if task.assignee_id != asked.user.id else None
    names = people.user_names(asked, [mate]) if mate else {}
    what = _shown(task, service.today(asked))
    due = what["late"] or (_("Due %(day)s", day=what["due"]) if what["due"] else "")
    why = ", ".join(filter(None, (due, names.get(mate or 0))))
    back = url_for(url, record_id=record.id) if url else "/"
    return {**here, "task": what, "why": why, "may": may, "back": back}


def due_list(asked: Context) -> dict[str, Any]:
    """Return what tasks/_due.html needs: the principal's follow-ups that are due, and how many come tomorrow."""
    if not asked.may("task.view"):
        return {"tasks": [], "counts": service.Counts(), "may": False, "more": 0}
    counts = service.counts(asked)
    found = service.open_tasks(asked, until=service.today(asked).isoformat(), limit=SHOWN)
    return {
        "tasks": shown(asked, found),
        "counts": counts,
        "may": True,
        "more": max(0, counts.late + counts.today - len(found)),
    }


def shown(asked: Context, found: Sequence[Task]) -> list[dict[str, Any]]:
    """Return tasks as templates show them: due in words, late counted, with the records they are about."""
    about = service.about(asked, [t.id for t in found])
    wanted = {target for targets in about.values() for target in targets}
    names = people.names(asked, wanted | {("user", t.assignee_id) for t in found if t.assignee_id})
    today = service.today(asked)
    return [
        {
            **_shown(t, today),
            "assignee": names[mate].name if (mate := ("user", t.assignee_id or 0)) in names else "",
            "about": [names[target] for target in about[t.id] if target in names],
        }
        for t in found
    ]


def _shown(task: Task, today: date) -> dict[str, Any]:
    return {
        "id": task.id,
        "summary": task.summary,
        "done": task.status == "done",
        "open": task.status == "todo",
        "due": "" if task.due_on == SOMEDAY else dates.day(task.due_on),
        "clock": dates.clock(task.due_at) if task.due_at else "",
        "late": _late(task.due_on, today) if task.status == "todo" else "",
        "url": url_for("tasks.show", record_id=task.id),
    }


def _late(due: str, today: date) -> str:
    days = (today - date.fromisoformat(due)).days
    return _n("%(num)s day late", "%(num)s days late", days) if days > 0 else ""


def _back(record_id: int) -> str:
    return local_path(request.values.get("next")) or url_for("tasks.show", record_id=record_id)
