"""Tasks by the day: what is overdue, due and to come, a month of them, and what a page of them shows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import tuple_

from app.formats import recurrence
from app.kernel.context import Context
from app.models import Task
from app.services import task_scopes, tasks
from app.services.task_fields import SOMEDAY

OVERDUE_SHOWN, PAGE = 50, 100
MONTH_SHOWN, SERIES = 600, 50
DAYS_SHOWN = 42
COUNTED = 1000
"""Overdue tasks are counted up to here."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Tasks under one heading: overdue, today, tomorrow, week, later or someday."""

    key: str
    tasks: Sequence[Task]


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """A page of tasks to do; `overdue` counts up to COUNTED, `after` continues after the last task shown."""

    groups: Sequence[Group]
    overdue: int = 0
    after: str = ""


def agenda(ctx: Context, who: str, *, after: str = "") -> Agenda:
    """Return what is to do, in three queries whatever there is; `after` is what a former page ended with."""
    today = tasks.today(ctx)
    late = [] if after else _overdue(ctx, who, today)
    coming = _coming(ctx, who, today, after)
    more, coming = len(coming) > PAGE, coming[:PAGE]
    groups = [Group(key="overdue", tasks=late)] if late else []
    for key, found in groupby(coming, lambda task: heading(task.due_on, today)):
        groups.append(Group(key=key, tasks=list(found)))
    return Agenda(
        groups=groups,
        overdue=len(late) if len(late) < OVERDUE_SHOWN else overdue(ctx, who),
        after=f"{coming[-1].due_on}_{coming[-1].id}" if more else "",
    )


def heading(due_on: str, today: date) -> str:
    """Return under which heading a day stands; the week ends with its Sunday."""
    if due_on == SOMEDAY:
        return "someday"
    days = (date.fromisoformat(due_on) - today).days
    if days < 2:
        return "overdue" if days < 0 else ("today", "tomorrow")[days]
    return "week" if days < 7 - today.weekday() else "later"


def _overdue(ctx: Context, who: str, today: date) -> Sequence[Task]:
    return task_scopes.rows(ctx, who, Task.due_on < today.isoformat(), limit=OVERDUE_SHOWN)


def _coming(ctx: Context, who: str, today: date, after: str) -> Sequence[Task]:
    conditions = [Task.due_on >= today.isoformat()]
    day, _sep, number = after.partition("_")
    if number.isdecimal() and len(number) < 11 and len(day) == 10:
        conditions.append(tuple_(Task.due_on, Task.id) > (day, int(number)))
    return task_scopes.rows(ctx, who, *conditions, limit=PAGE + 1)


def overdue(ctx: Context, who: str) -> int:
    """Return how many tasks are overdue, counted up to COUNTED."""
    return task_scopes.count(ctx, who, Task.due_on < tasks.today(ctx).isoformat(), limit=COUNTED)


@dataclass(frozen=True, kw_only=True)
class Month:
    """The weeks of a month, whole ones: tasks by day, to do and done; `expected` are days on which a series comes again."""

    first: date
    days: dict[date, list[Task]]
    expected: dict[date, list[Task]]
    cut: bool = False


def month(ctx: Context, who: str, first: date, begin: date, end: date) -> Month:
    """Return the tasks of a month and of the days beside it, from `begin` to `end`: to do, done, and what series bring."""
    within = Task.due_on.between(begin.isoformat(), end.isoformat())
    found: list[Task] = []
    for status in ("todo", "done"):
        found += task_scopes.rows(ctx, who, within, limit=MONTH_SHOWN, status=status)
    days: dict[date, list[Task]] = {}
    for task in sorted(found, key=lambda t: (t.due_on, t.due_clock or "~", t.id)):
        days.setdefault(date.fromisoformat(task.due_on), []).append(task)
    return Month(
        first=first, days=days, expected=_expected(ctx, who, begin, end), cut=len(found) >= MONTH_SHOWN
    )


def _expected(ctx: Context, who: str, first: date, last: date) -> dict[date, list[Task]]:
    """Return on which of these days the series that run now will come again."""
    runs = (Task.recurrence != "", Task.after_done.is_(False), Task.due_on <= last.isoformat())
    found: dict[date, list[Task]] = {}
    for task in task_scopes.rows(ctx, who, *runs, limit=SERIES):
        start = date.fromisoformat(task.series_from or task.due_on)
        stands = date.fromisoformat(task.occurrence_on or task.due_on)
        known = max(stands, first - timedelta(days=1))
        for day in recurrence.upcoming(task.recurrence, start, known, DAYS_SHOWN):
            if day > last:
                break
            found.setdefault(day, []).append(task)
    return found
