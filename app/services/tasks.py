"""Follow-ups: created beside an interaction or alone, done, moved to another day, ticked off line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, func, inspect, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Task, TaskLink
from app.services import access, entry_rows, nonces, records, task_fields, task_scopes
from app.services.task_fields import SOMEDAY
from app.services.unit import unit

__all__ = ["SOMEDAY", "SOON", "create", "due", "finish", "snooze"]

SOON = {"tomorrow": 1, "3d": 3, "1w": 7, "2w": 14, "1m": 30}
"""What "follow up in …" offers, in days."""

COLUMNS: list[Any] = [getattr(Task, attribute.key) for attribute in inspect(Task).column_attrs]
"""A task as a plain row, for pages that only show it."""

LATER, MONDAY = "later", "monday"
LATER_HOURS = 3
LAST_HOUR = 21
"""What is moved to later today is not moved into the night: it is due tomorrow then."""


def today(ctx: Context) -> date:
    """Return the present day where the principal is."""
    return ctx.now.astimezone(ctx.zone).date()


def due(ctx: Context, choice: str) -> str:
    """Return the ISO date of a choice (`3d`, `monday`) or of a date as typed. Raises Invalid with a sentence."""
    if choice in SOON:
        return (today(ctx) + timedelta(days=SOON[choice])).isoformat()
    if choice == MONDAY:
        return (today(ctx) + timedelta(days=7 - today(ctx).weekday())).isoformat()
    try:
        return date.fromisoformat(choice.strip()).isoformat()
    except ValueError:
        told = _("“%(text)s” is no date. Write it as 2026-02-28.", text=choice)
        raise Invalid({"follow_up": told}) from None


def later(ctx: Context) -> datetime | None:
    """Return the full hour some hours from now where the principal is; None when that would be in the night."""
    now = ctx.now.astimezone(ctx.zone)
    at = (now + timedelta(hours=LATER_HOURS, minutes=59)).replace(minute=0, second=0, microsecond=0)
    return at if at.date() == now.date() and at.hour <= LAST_HOUR else None


@unit
def create(ctx: Context, values: Mapping[str, Any], *, about: Sequence[tuple[str, int]] = ()) -> Task:
    """Create a task about records and return it; it is the principal's unless assigned to somebody else.

    Raises NotAllowed, Invalid, or NotVisible when one of the records does not exist for the principal.
    """
    for entity, record_id in about:
        if not access.visible_ids(ctx, ctx.schema.entity(entity).model, [record_id]):
            raise NotVisible(_("One of the records does not exist any more."))
    ties = {"about": [f"{entity}:{i}" for entity, i in dict.fromkeys(about)]} if about else {}
    made: Task = records.create(ctx, "task", {"assignee_id": ctx.user.id, **values, **ties})
    return made


def create_once(
    ctx: Context, values: Mapping[str, Any], *, about: Sequence[tuple[str, int]] = (), nonce: str
) -> Task:
    """Create a task as `create` does; the same form sent twice makes one, and returns it both times."""
    record_id, _new = nonces.once(ctx, nonce, "task", lambda: create(ctx, values, about=about))
    made: Task = records.get(ctx, "task", record_id)
    return made


@unit
def finish(ctx: Context, task_id: int, *, done: bool = True) -> Task:
    """Mark a task as done, or as to do again; a recurring one is followed by its next (`task_series`)."""
    made: Task = records.update(ctx, "task", task_id, {"status": "done" if done else "todo"})
    return made


@unit
def snooze(ctx: Context, task_id: int, choice: str) -> Task:
    """Move a task to another day, at the same time of day if it has one, or to later today.

    Raises Invalid for a day that is none.
    """
    at = later(ctx) if choice == LATER else None
    if at is not None:
        made: Task = records.update(ctx, "task", task_id, {"due_at": at})
        return made
    day = due(ctx, "tomorrow" if choice == LATER else choice)
    made = records.update(ctx, "task", task_id, {"due_on": day})
    return made


@unit
def put_back(ctx: Context, task_id: int, day: str, clock: str) -> Task:
    """Give a task its former day and time again: what takes a move back."""
    access.get(ctx, Task, task_id, "edit")
    made: Task = records.update(ctx, "task", task_id, {"due_on": due(ctx, day), "due_clock": clock})
    return made


@unit
def tick(ctx: Context, task_id: int, item_id: int, *, done: bool) -> Task:
    """Tick a line of a task's checklist, or open it again. Raises NotVisible when the line is gone."""
    access.get(ctx, Task, task_id, "edit")
    found = task_fields.items(ctx, [task_id])[task_id]
    if item_id not in {item.id for item in found}:
        raise NotVisible(_("This line of the checklist is not there any more."))
    sign = {item.id: item.done_at is not None for item in found} | {item_id: done}
    lines = [f"{task_fields.TICKED if sign[i.id] else task_fields.OPEN}{i.text}" for i in found]
    made: Task = records.update(ctx, "task", task_id, {"checklist": "\n".join(lines)})
    return made


@unit
def add_items(ctx: Context, task_id: int, text: str) -> Task:
    """Add lines to a task's checklist. Raises Invalid for none, or too many."""
    access.get(ctx, Task, task_id, "edit")
    new = [line for line in text.splitlines() if line.strip()]
    if not new:
        raise Invalid({"checklist": _("Write what is to be ticked off.")})
    lines = [*task_fields.load_items(ctx, [task_id])[task_id], *new]
    made: Task = records.update(ctx, "task", task_id, {"checklist": "\n".join(lines)})
    return made


def children(ctx: Context, task_id: int, limit: int = 100) -> Sequence[Task]:
    """Return the subtasks of a task that the principal may see, those to do first."""
    query = select(Task).where(Task.parent_id == task_id)
    query = query.order_by(Task.status == "done", Task.due_on, Task.id).limit(limit)
    return ctx.session.execute(query).scalars().all()


def open_tasks(
    ctx: Context, *, entity: str = "", record_id: int = 0, until: str = "", limit: int = 50
) -> Sequence[Task]:
    """Return tasks to do, the most urgent first: about a record, or else those the principal does."""
    if entity:
        query: Any = _about(select(Task), entity, record_id)
        query = query.where(Task.due_on <= until) if until else query
        return ctx.session.execute(query.order_by(Task.due_on, Task.id).limit(limit)).scalars().all()
    query = entry_rows.remembered(ctx, f"my tasks {limit}", lambda: _mine(ctx, limit), on="task")
    values = {"me": ctx.user.id or 0, "until": until or SOMEDAY}
    return ctx.session.execute(query, values, execution_options=task_scopes.ONCE).scalars().all()


def _mine(ctx: Context, limit: int) -> Any:
    wanted = task_scopes.of_person(ctx, bindparam("me"), Task.due_on <= bindparam("until"), limit=limit)
    return wanted.order_by(Task.due_on, Task.id).limit(limit)


def next_of(ctx: Context, entity: str, record_id: int) -> Any:
    """Return what is to be done next about a record, or None: the columns of a task, and whether the principal may
    change it (`able`).

    The principal's own tasks come first, then anybody's.
    """
    query = entry_rows.remembered(ctx, "next task", lambda: _next(ctx), on="task")
    values = {"entity": entity, "record_id": record_id, "me": ctx.user.id or 0}
    return access.rows(ctx, query, values).first()


def _next(ctx: Context) -> Any:
    able = access.criterion(ctx, Task, "edit").label("able")
    query = _about(select(*COLUMNS, able), bindparam("entity"), bindparam("record_id"))
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
    query = entry_rows.remembered(ctx, "task counts", lambda: _counted(ctx), on="task")
    values = {"me": ctx.user.id or 0, "until": tomorrow}
    rows = ctx.session.execute(query, values, execution_options=task_scopes.ONCE)
    found = {"late": 0, day.isoformat(): 0, tomorrow: 0}
    for due_on, number in rows:
        found[due_on if due_on in found else "late"] += number
    return Counts(late=found["late"], today=found[day.isoformat()], tomorrow=found[tomorrow])


def _counted(ctx: Context) -> Any:
    wanted = task_scopes.of_person(ctx, bindparam("me"), Task.due_on <= bindparam("until"), limit=None)
    return wanted.with_only_columns(Task.due_on, func.count()).group_by(Task.due_on)


about = task_fields.links


def _about(query: Any, entity: Any, record_id: Any) -> Any:
    return query.join(TaskLink, TaskLink.task_id == Task.id).where(
        Task.status == "todo", TaskLink.entity == entity, TaskLink.record_id == record_id
    )


def circle(ctx: Context, task_id: int, parent_id: int) -> bool:
    """Tell whether a task would become a part of itself, whoever may see the tasks between."""
    seen = 0
    above: int | None = parent_id
    while above is not None and seen < MOST_LEVELS:
        if above == task_id:
            return True
        seen += 1
        above = ctx.session.execute(
            select(Task.parent_id).where(Task.id == above),
            execution_options={access.UNSCOPED: "a circle through tasks out of sight is a circle too"},
        ).scalar()
    return seen == MOST_LEVELS


MOST_LEVELS = 10
"""How deep tasks may be parts of one another."""
