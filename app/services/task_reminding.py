"""When people are reminded of tasks: planned anew with every change, within its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from app.kernel.context import Context
from app.kernel.events import Event
from app.models import Task, User
from app.services import access, reminders, task_fields
from app.services.context import acting, as_system, zone
from app.services.task_fields import SOMEDAY

MORNING = "09:00"
"""When a task that is due on a day without a time counts as due, where its assignee is."""

WHOLE = {
    access.UNSCOPED: "who is reminded of a task does not depend on who changes it",
    access.WITH_TRASH: True,
}
DECIDES = frozenset(
    {"due_on", "due_at", "due_clock", "remind", "assignee_id", "mates", "status", "deleted_at"}
)


def planned(ctx: Context, events: Sequence[Event]) -> None:
    """Plan the reminders of tasks that changed: a subscriber before the commit."""
    ids = [e.record_id for e in events if e.record_id is not None and _matters(e)]
    if not ids:
        return
    reminded = or_(Task.remind != "", Task.id.in_(i for i in ids if _was_reminded(events, i)))
    found = ctx.session.execute(select(Task).where(Task.id.in_(ids), reminded), execution_options=WHOLE)
    changed = found.scalars().all()
    snoozed = [e.record_id for e in events if e.record_id in ids and {"status", "deleted_at"} & {*e.after}]
    if not changed and not snoozed:
        return
    with acting(ctx):
        system = as_system("reminders of tasks", source=ctx.source)
        mates = task_fields.load_mates(system, [task.id for task in changed])
        for task in changed:
            if task.status == "todo" and task.deleted_at is None:
                whom = [i for i in (task.assignee_id, *mates[task.id]) if i]
                reminders.set(system, "task", task.id, times(system, task), whom)
        over = _over(ctx, [i for i in snoozed if i])
        if over:
            reminders.clear(system, "task", over)


def _matters(event: Event) -> bool:
    if event.topic.endswith(".created"):
        return bool(event.after.get("remind"))
    return bool(DECIDES & {*event.before, *event.after})


def _was_reminded(events: Sequence[Event], task_id: int) -> bool:
    return any(e.record_id == task_id and e.before.get("remind") for e in events)


def _over(ctx: Context, ids: Sequence[int]) -> list[int]:
    live = select(Task.id).where(Task.id.in_(ids), Task.status == "todo", Task.deleted_at.is_(None))
    still = set(ctx.session.execute(live, execution_options=WHOLE).scalars())
    return [i for i in ids if i not in still]


def times(ctx: Context, task: Task) -> list[datetime]:
    """Return the instants at which people are to be reminded of a task."""
    if task.due_on == SOMEDAY or not task.remind:
        return []
    at = task.due_at
    if at is None:
        there = ctx.session.get(User, task.assignee_id) if task.assignee_id else None
        at = task_fields.instant(
            date.fromisoformat(task.due_on), MORNING, zone(there.zone) if there and there.zone else ctx.zone
        )
    return [at - timedelta(minutes=int(n)) for n in task.remind.split(",")]
