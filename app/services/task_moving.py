"""Moving many tasks at once: all that are overdue to tomorrow or the next working day, or spread over several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import JournalEntry, Operation, Task
from app.services import access, journal, records, task_scopes, tasks
from app.services.task_days import working_days
from app.services.unit import unit
from app.services.values import load

MOST = 200
"""Tasks that are moved at once; the rest is offered again."""

TOMORROW, WORKDAY, SPREAD, ON_DAY = "tomorrow", "workday", "spread", "day"
A_DAY = 5
"""How many tasks a day gets when they are spread."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """What would happen to a task: to which day it goes."""

    task: Task
    day: str


def overdue(ctx: Context, who: str) -> Sequence[Task]:
    """Return the overdue tasks that the principal may change, the most urgent first, at most MOST."""
    late = Task.due_on < tasks.today(ctx).isoformat()
    found = task_scopes.rows(ctx, who, late, limit=MOST, verb="edit")
    return sorted(found, key=lambda task: (task.priority or 5, task.due_on, task.id))


def plan(ctx: Context, chosen: Sequence[Task], how: str, day: str = "") -> list[Move]:
    """Return to which days tasks would go. Raises Invalid for a day that is none, or that has passed."""
    if how == ON_DAY:
        return [Move(task=task, day=_future(ctx, day)) for task in chosen]
    if how == TOMORROW:
        return [Move(task=task, day=tasks.due(ctx, "tomorrow")) for task in chosen]
    if how not in {WORKDAY, SPREAD}:
        raise Invalid({"how": _("Choose where they are to go.")})
    number = 1 if how == WORKDAY else -(-len(chosen) // A_DAY)
    found = working_days(ctx, tasks.today(ctx), max(1, number))
    each = len(chosen) if how == WORKDAY else A_DAY
    return [Move(task=task, day=found[n // each].isoformat()) for n, task in enumerate(chosen)]


def next_workday(ctx: Context) -> str:
    """Return the ISO date of the next working day after today."""
    return working_days(ctx, tasks.today(ctx), 1)[0].isoformat()


def _future(ctx: Context, text: str) -> str:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        told = _("“%(text)s” is no date. Write it as 2026-02-28.", text=text)
        raise Invalid({"day": told if text.strip() else _("Choose a day.")}) from None
    if day < tasks.today(ctx):
        raise Invalid({"day": _("This day has passed. Choose today or a day to come.")})
    return day.isoformat()


@unit
def move(ctx: Context, ids: Sequence[int], how: str, day: str = "") -> tuple[int, int]:
    """Move tasks and return how many, with the operation under which the journal has it.

    Tasks that were done meanwhile, or that the principal may not change, stay as they are.
    """
    if len(ids) > MOST:
        raise Invalid({"id": _("Choose at most %(most)s tasks at once.", most=MOST)})
    query = select(Task).where(Task.id.in_(ids), Task.status == "todo", access.criterion(ctx, Task, "edit"))
    by_id = {task.id: task for task in ctx.session.execute(query).scalars()}
    chosen = [by_id[i] for i in ids if i in by_id]
    operation = journal.operation(ctx, "task.move").id
    for one in plan(ctx, chosen, how, day):
        records.update(ctx, "task", one.task.id, {"due_on": one.day})
    return len(chosen), operation


@unit
def move_back(ctx: Context, operation_id: int) -> int:
    """Take a move of the principal's own back; tasks that were changed since stay. Returns how many went back."""
    count = 0
    for task_id, before, after in journal_days(ctx, operation_id):
        task = ctx.session.execute(select(Task).where(Task.id == task_id)).scalar_one_or_none()
        if task is not None and task.due_on == after.get("due_on"):
            records.update(ctx, "task", task_id, {"due_on": before["due_on"]})
            count += 1
    return count


def journal_days(ctx: Context, operation_id: int) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Return what a move of the principal's changed: task, values before and after."""
    done = ctx.session.get(Operation, operation_id)
    if done is None or done.name != "task.move" or done.actor_id != ctx.user.id:
        return []
    query = select(JournalEntry).where(
        JournalEntry.operation_id == operation_id, JournalEntry.entity == "task"
    )
    entries = ctx.session.execute(query.order_by(JournalEntry.id).limit(MOST)).scalars()
    return [(e.record_id, load(e.before), load(e.after)) for e in entries]
