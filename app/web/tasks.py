"""Follow-ups: a task's page, done, not done, followed by another, moved to another day; the next one about a record."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import Task
from app.services import access, nonces, people, records, task_fields, task_series
from app.services import tasks as service
from app.services.context import ctx
from app.web import dates, task_agenda_view, task_rows
from app.web.actions import offered
from app.web.render import done, render
from app.web.routes import requires
from app.web.security.redirects import local_path
from app.web.task_rows import shown

tasks = Blueprint("tasks", __name__)

SHOWN = 12
"""Follow-ups that Today lists; the rest is in the agenda."""


@tasks.get("/tasks/<int:record_id>")
@requires("task.view")
def show(record_id: int) -> Response:
    """Show a task with what it is about, its checklist and its parts."""
    asked = ctx()
    task: Task = records.get(asked, "task", record_id)
    return render("tasks/show.html", title=task.summary, **_page(asked, task))


def _page(asked: Context, task: Task) -> dict[str, Any]:
    parts = service.children(asked, task.id)
    every = shown(asked, [task, *parts])
    above = people.names(asked, [("task", task.parent_id)]) if task.parent_id else {}
    helping = people.user_names(asked, task_fields.load_mates(asked, [task.id])[task.id])
    reminded = task_fields.load_remind(asked, [task.id])[task.id]
    items = task_fields.items(asked, [task.id])[task.id]
    return {
        "task": task,
        "t": every[0],
        "parts": every[1:],
        "above": next(iter(above.values()), None),
        "assignee": asked.user.name if task.assignee_id == asked.user.id else every[0]["assignee"],
        "mates": list(helping.values()),
        "items": items,
        "ticked": sum(item.done_at is not None for item in items),
        "urgency": task_rows.labels(asked, "priority")[every[0]["urgency"]],
        "repeats": task_rows.repeats(asked, task),
        "remind": [text for value, text in task_rows.labels(asked, "remind").items() if value in reminded],
        "choices": task_rows.choices(),
        "soon": task_rows.snoozes(asked),
        "strip": after_done(asked, request.args.get("after", "")),
        "may_edit": bool(access.visible_ids(asked, Task, [task.id], "edit")),
        "may_create": asked.may("task.create"),
        "actions": offered("task", task),
    }


@tasks.post("/tasks/<int:record_id>/done")
@requires("task.edit")
def finish(record_id: int) -> Response:
    """Mark a task as done, or as to do again."""
    finished = request.values.get("done", "1") == "1"
    task = service.finish(ctx(), record_id, done=finished)
    undo = url_for("tasks.finish", record_id=record_id, done="0", next=_back(record_id)) if finished else None
    toast = _("Done: %(what)s", what=task.summary) if finished else _("To do again")
    return _answer(task, toast, undo, after=record_id if finished else 0)


@tasks.post("/tasks/<int:record_id>/next")
@requires("task.edit")
def schedule(record_id: int) -> Response:
    """Mark a task as done and plan the follow-up after it."""
    text = request.values.get("summary", "").strip()[:500]
    made = task_series.schedule_next(ctx(), record_id, request.values.get("to", "1w"), text)
    return _answer(made, _("Follow-up: %(day)s", day=dates.due(made.due_on)), None)


@tasks.post("/tasks/<int:record_id>/snooze")
@requires("task.edit")
def snooze(record_id: int) -> Response:
    """Move a task to another day or to later today."""
    asked = ctx()
    task: Task = records.get(asked, "task", record_id, "edit")
    former: dict[str, Any] = {"day": task.due_on, "clock": task.due_clock}
    choice = request.values.get("day", "").strip() or request.values.get("to", "tomorrow")
    made = service.snooze(asked, record_id, choice)
    undo = url_for("tasks.put_back", record_id=record_id, next=_back(record_id), **former)
    when = dates.due(made.due_on) + (f", {dates.clock(made.due_at)}" if made.due_at else "")
    return _answer(made, _("Moved: %(day)s", day=when), undo)


@tasks.post("/tasks/<int:record_id>/back")
@requires("task.edit")
def put_back(record_id: int) -> Response:
    """Take a move back: the former day and time again."""
    given = request.values
    task = service.put_back(ctx(), record_id, given.get("day", ""), given.get("clock", "")[:5])
    return _answer(task, _("Undone"), None)


@tasks.post("/tasks/<int:record_id>/items")
@requires("task.edit")
def add_items(record_id: int) -> Response:
    """Add lines to a task's checklist."""
    task = service.add_items(ctx(), record_id, request.form.get("text", "")[:20_000])
    return _items(task)


@tasks.post("/tasks/<int:record_id>/items/<int:item_id>")
@requires("task.edit")
def tick(record_id: int, item_id: int) -> Response:
    """Tick a line of a checklist, or open it again."""
    task = service.tick(ctx(), record_id, item_id, done=request.form.get("done", "1") == "1")
    return _items(task)


def _items(task: Task) -> Response:
    url = url_for("tasks.show", record_id=task.id, _anchor="checklist")
    return done(url, block="tasks/_checklist.html", **_page(ctx(), task))


def _answer(task: Task, toast: str, undo: str | None, *, after: int = 0) -> Response:
    """Go back, or with htmx send what stands where the button was: Today's list, the agenda or a record's nudge.

    `after` is the task that was just done: the page then offers the next follow-up.
    """
    asked, at = ctx(), request.form.get("at", "")
    back = _back(task.id)
    if at == "today":
        due = due_list(asked, after=after)
        return done(_with(back, after), block="today/_changed.html", toast=toast, undo=undo, due=due)
    if at == "agenda":
        seen = task_agenda_view.values(asked, request.form.get("who", ""))
        strip = after_done(asked, str(after))
        return done(
            _with(back, after), block="tasks/_agenda.html", toast=toast, undo=undo, **seen, strip=strip
        )
    entity, _sep, number = at.partition(":")
    if number.isdecimal() and asked.schema.has(entity):
        nudged = nudge(entity, records.get(asked, entity, int(number)))
        return done(back, block="tasks/_nudge.html", toast=toast, undo=undo, nudge=nudged)
    return done(_with(back, after), toast=toast, undo=undo)


def _with(url: str, after: int) -> str:
    """Return an address that lets its page offer the next follow-up; only pages that can do so are asked."""
    path, _sep, query = url.partition("?")
    if not after or not (path == "/" or path.startswith("/tasks/")):
        return url
    kept = [pair for pair in query.split("&") if pair and not pair.startswith("after=")]
    return f"{path}?{'&'.join([*kept, urlencode({'after': after})])}"


def after_done(asked: Context, text: str) -> dict[str, Any] | None:
    """Return what tasks/_strip.html needs after a task was done: what was done, and when the next may be.

    None where there is nothing to offer: the task is open again, comes again by itself, or is out of sight.
    """
    if not text.isdecimal() or len(text) > 10 or not int(text) or not asked.may("task.create"):
        return None
    try:
        task: Task = records.get(asked, "task", int(text))
    except NotVisible:
        return None
    if task.status != "done":
        return None
    known = task_series.follower(asked, task.id)
    coming = known is not None and known.status == "todo"
    if coming and known is not None and records.exists(asked, "task", known.id):
        return {"summary": task.summary, "next": dates.due(known.due_on), "url": url_for("tasks.show", record_id=known.id)}  # fmt: skip
    return {"summary": task.summary, "id": task.id, "choices": task_rows.choices(), "next": ""}


def nudge(entity: str, record: Any) -> dict[str, Any]:
    """Return what tasks/_nudge.html needs: the next thing to do about a record the caller has read, if any."""
    asked = ctx()
    here: dict[str, Any] = {"at": f"{entity}:{record.id}", "task": None, "back": ""}
    here["add"] = url_for("tasks.new", about=here["at"]) if asked.may("task.create") else ""
    if not asked.may("task.view"):
        return here
    found = service.next_of(asked, entity, record.id)
    if found is None:
        return here
    task, may = found, bool(found.able)
    url = asked.schema.entity(entity).url
    mate = task.assignee_id if task.assignee_id != asked.user.id else None
    names = people.user_names(asked, [mate]) if mate else {}
    what = task_rows.row(task, service.today(asked))
    due = what["late"] or (_("Due: %(day)s", day=what["due"]) if what["due"] else "")
    why = ", ".join(filter(None, (due, names.get(mate or 0))))
    back = url_for(url, record_id=record.id) if url else "/"
    return {**here, "task": what, "why": why, "may": may, "back": back}


def due_list(asked: Context, *, after: int | str = 0) -> dict[str, Any]:
    """Return what tasks/_due.html needs: the principal's follow-ups that are due, and how many come tomorrow."""
    if not asked.may("task.view"):
        return {"tasks": [], "counts": service.Counts(), "may": False, "more": 0, "strip": None}
    counts = service.counts(asked)
    found = service.open_tasks(asked, until=service.today(asked).isoformat(), limit=SHOWN)
    return {
        "tasks": shown(asked, found),
        "counts": counts,
        "may": True,
        "may_create": asked.may("task.create"),
        "nonce": nonces.fresh(),
        "more": max(0, counts.late + counts.today - len(found)),
        "strip": after_done(asked, str(after)) if after else None,
    }


def _back(record_id: int) -> str:
    return local_path(request.values.get("next")) or url_for("tasks.show", record_id=record_id)
