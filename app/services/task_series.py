"""What comes after a task: the next of a series, made exactly once, or the follow-up that somebody asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.formats import recurrence
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Refuse
from app.kernel.events import Event
from app.models import Task, TaskLink
from app.services import access, records, task_fields, tasks
from app.services.task_fields import OPEN
from app.services.unit import unit

WHOLE = {
    access.UNSCOPED: "whether a task has a follower does not depend on who asks",
    access.WITH_TRASH: True,
}
KEPT = ("summary", "description", "due_clock", "due_zone", "assignee_id", "parent_id")
"""What the next of a series has in common with the last."""


def followed(ctx: Context, events: Sequence[Event]) -> None:
    """Let the next of a series come when one is done, and take it back when that is to do again.

    A subscriber within the transaction of the change, whoever makes it: a page, bulk work, the API, a workflow. What
    it makes belongs to the same operation, so that one undo takes all of it back.
    """
    for event in events:
        if event.record_id is None:
            continue
        if event.after.get("parent_id") and tasks.circle(ctx, event.record_id, int(event.after["parent_id"])):
            raise Refuse(_("A task cannot be a part of itself. Choose another one above it."), [event])
        was, now = event.before.get("status"), event.after.get("status")
        if now == "done" and was != "done":
            _done(ctx, event.record_id)
        elif was == "done" and now == "todo":
            _open_again(ctx, event.record_id)


def _done(ctx: Context, task_id: int) -> None:
    task = ctx.session.execute(select(Task).where(Task.id == task_id)).scalar_one_or_none()
    if task is None or not task.recurrence:
        return
    known = follower(ctx, task_id)
    if known is not None and known.deleted_at is None:
        if known.status == "cancelled":
            records.update(ctx, "task", known.id, {"status": "todo"})
        return
    _forget(ctx, known)
    values = coming(ctx, task)
    if values is not None:
        _make(ctx, task, values)


def _open_again(ctx: Context, task_id: int) -> None:
    """Cancel the follower of a task that is to do again, unless somebody has worked on it since."""
    known = follower(ctx, task_id)
    if known is not None and known.status == "todo" and known.version == 1 and known.deleted_at is None:
        records.update(ctx, "task", known.id, {"status": "cancelled"})


def follower(ctx: Context, task_id: int) -> Task | None:
    """Return the task that was made when one was done, whoever may see it; there is at most one."""
    query = select(Task).where(Task.previous_id == task_id)
    return ctx.session.execute(query, execution_options=WHOLE).scalar_one_or_none()


def _forget(ctx: Context, known: Task | None) -> None:
    """Let a follower that was thrown away, or that is out of sight, be one no more: there is room for another."""
    if known is not None:
        known.previous_id = None
        ctx.session.flush()


def coming(ctx: Context, task: Task) -> dict[str, Any] | None:
    """Return what is different about the next of a series, or None when it is over.

    Days that were missed are left out; today's is not.
    """
    now = tasks.today(ctx)
    if task.after_done:
        found = recurrence.after_done(task.recurrence, now)
        if found is None:
            return None
        day, rule = found
        series = day.isoformat()
    else:
        last = max(date.fromisoformat(task.occurrence_on or task.due_on), now - timedelta(days=1))
        start = date.fromisoformat(task.series_from or task.due_on)
        next_day = recurrence.next_day(task.recurrence, start, last)
        if next_day is None:
            return None
        day, rule, series = next_day, task.recurrence, task.series_from
    return {
        "due_on": day.isoformat(),
        "recurrence": rule,
        "after_done": task.after_done,
        "series_from": series,
        "occurrence_on": day.isoformat(),
    }


def _make(ctx: Context, task: Task, values: Mapping[str, Any]) -> Task:
    """Make the follower of a task: the same people, records, checklist and reminders."""
    items = task_fields.items(ctx, [task.id])[task.id]
    kept: dict[str, Any] = {name: getattr(task, name) for name in KEPT} | dict(values)
    kept |= {
        "priority": task.priority,
        "mates": task_fields.load_mates(ctx, [task.id])[task.id],
        "checklist": "\n".join(f"{OPEN}{item.text}" for item in items),
        "remind": task_fields.load_remind(ctx, [task.id])[task.id],
        "previous_id": task.id,
    }
    mine = {name: value for name, value in kept.items() if access.writes(ctx, "task", name)}
    made: Task = records.create(ctx, "task", mine)
    made.owner_id, made.team_id = task.owner_id, task.team_id
    for entity, record_id in task_fields.links(ctx, [task.id])[task.id]:
        ctx.session.add(TaskLink(task_id=made.id, entity=entity, record_id=record_id))
    ctx.session.flush()
    return made


@unit
def schedule_next(ctx: Context, task_id: int, choice: str, summary: str = "") -> Task:
    """Mark a task as done and return the follow-up after it, on a day or at a choice (`1w`).

    Asked again, by whoever, the one follow-up is moved: there are never two. Raises Invalid for a day that is none.
    """
    day = tasks.due(ctx, choice)
    task = access.get(ctx, Task, task_id, "edit")
    if task.status != "done":
        tasks.finish(ctx, task_id)
    known = follower(ctx, task_id)
    if known is not None and known.deleted_at is None and records.exists(ctx, "task", known.id):
        moved: Task = records.update(ctx, "task", known.id, {"due_on": day, "status": "todo"})
        return moved
    _forget(ctx, known)
    plain = {"recurrence": "", "after_done": False, "due_on": day}
    return _make(ctx, task, plain | ({"summary": summary} if summary else {}))
