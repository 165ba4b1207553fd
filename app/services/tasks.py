"""Follow-ups: created beside an interaction or alone, done, moved to another day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Task, TaskLink
from app.services import access, entry_rows, records
from app.services.unit import unit

SOON = {"tomorrow": 1, "3d": 3, "1w": 7, "2w": 14, "1m": 30}
"""What "follow up in …" offers, in days."""

SOMEDAY = "9999-12-31"
"""The due date of a task without one: it stands last in every order."""


def today(ctx: Context) -> date:
    """Return the present day where the principal is."""
    return ctx.now.astimezone(ctx.zone).date()


def due(ctx: Context, choice: str) -> str:
    """Return the ISO date of a choice (`3d`) or of a date as typed (2026-02-28). Raises Invalid with a sentence."""
    if choice in SOON:
        return (today(ctx) + timedelta(days=SOON[choice])).isoformat()
    try:
        return date.fromisoformat(choice.strip()).isoformat()
    except ValueError:
        told = _("“%(text)s” is no date. Write it as 2026-02-28.", text=choice)
        raise Invalid({"follow_up": told}) from None


@unit
def create(ctx: Context, values: Mapping[str, Any], *, about: Sequence[tuple[str, int]] = ()) -> Task:
    """Create a task about records and return it; it is the principal's unless assigned to somebody else.

    Raises NotAllowed, Invalid, or NotVisible when one of the records does not exist for the principal.
    """
    for entity, record_id in about:
        if not access.visible_ids(ctx, ctx.schema.entity(entity).model, [record_id]):
            raise NotVisible(_("One of the records does not exist any more."))
    made: Task = records.create(ctx, "task", {"assignee_id": ctx.user.id} | dict(values))
    for entity, record_id in dict.fromkeys(about):
        ctx.session.add(TaskLink(task_id=made.id, entity=entity, record_id=record_id))
    ctx.session.flush()
    return made


@unit
def finish(ctx: Context, task_id: int, *, done: bool = True) -> Task:
    """Mark a task as done, or as to do again."""
    values = {"status": "done" if done else "todo", "completed_at": ctx.now if done else None}
    made: Task = records.update(ctx, "task", task_id, values)
    return made


@unit
def snooze(ctx: Context, task_id: int, choice: str) -> Task:
    """Move a task to another day, at the same time of day if it has one. Raises Invalid for a day that is none."""
    task = access.get(ctx, Task, task_id, "edit")
    day = due(ctx, choice)
    values: dict[str, Any] = {"due_on": day}
    if task.due_at is not None:
        clock = task.due_at.astimezone(ctx.zone).timetz()
        values["due_at"] = datetime.combine(date.fromisoformat(day), clock)
    made: Task = records.update(ctx, "task", task_id, values)
    return made


def open_tasks(
    ctx: Context, *, entity: str = "", record_id: int = 0, until: str = "", limit: int = 50
) -> Sequence[Task]:
    """Return tasks to do, the most urgent first: about a record, or else the principal's own."""
    query: Any = select(Task).order_by(Task.due_on, Task.id).limit(limit)
    if entity:
        query = _about(query, entity, record_id)
    else:
        query = query.where(Task.status == "todo", Task.assignee_id == ctx.user.id)
    if until:
        query = query.where(Task.due_on <= until)
    return ctx.session.execute(query).scalars().all()


def next_of(ctx: Context, entity: str, record_id: int) -> tuple[Task, bool] | None:
    """Return what is to be done next about a record, and whether the principal may change it.

    The principal's own tasks come first, then anybody's.
    """
    query = entry_rows.remembered(ctx, "next task", lambda: _next(ctx), on="task")
    values = {"entity": entity, "record_id": record_id, "me": ctx.user.id or 0}
    row = ctx.session.execute(query, values, execution_options={access.PREPARED: True}).first()
    return (row[0], bool(row[1])) if row is not None else None


def _next(ctx: Context) -> Any:
    able = access.criterion(ctx, Task, "edit").label("able")
    query = _about(select(Task, able), bindparam("entity"), bindparam("record_id"))
    others = func.coalesce(Task.assignee_id, 0) != bindparam("me", type_=Integer)
    return query.order_by(others, Task.due_on, Task.id).limit(1)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many tasks the principal has to do: overdue, due today, due tomorrow."""

    late: int = 0
    today: int = 0
    tomorrow: int = 0


def counts(ctx: Context) -> Counts:
    """Return how many of the principal's tasks are late, due today and due tomorrow; one query."""
    day = today(ctx)
    tomorrow = (day + timedelta(days=1)).isoformat()
    query = select(Task.due_on, func.count()).where(
        Task.status == "todo", Task.assignee_id == ctx.user.id, Task.due_on <= tomorrow
    )
    found = {"late": 0, day.isoformat(): 0, tomorrow: 0}
    for due_on, number in ctx.session.execute(query.group_by(Task.due_on)):
        found[due_on if due_on in found else "late"] += number
    return Counts(late=found["late"], today=found[day.isoformat()], tomorrow=found[tomorrow])


def about(ctx: Context, ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """Return the records that tasks the caller has read are about.

    Some of them may be out of sight: show only those that `people.names` has a name for.
    """
    found: dict[int, list[tuple[str, int]]] = {i: [] for i in ids}
    query = select(TaskLink.task_id, TaskLink.entity, TaskLink.record_id).where(TaskLink.task_id.in_(ids))
    for row in ctx.session.execute(query.order_by(TaskLink.id)):
        found[row.task_id].append((row.entity, row.record_id))
    return found


def _about(query: Any, entity: Any, record_id: Any) -> Any:
    return query.join(TaskLink, TaskLink.task_id == Task.id).where(
        Task.status == "todo", TaskLink.entity == entity, TaskLink.record_id == record_id
    )
