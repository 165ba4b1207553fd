"""Who has how much to do in the coming weeks, against the time that the working calendar leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context
from app.sdk.models import Task, TaskLink
from app.sdk.services import working_calendar

from ..plan import days
from ..plan.choices import GOING
from ..plan.models import PROJECT, Project, TaskPlan
from .models import Entry

WEEKS = 8
MOST = 5000


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A week of somebody: minutes that there are, and minutes that are planned."""

    capacity: int
    planned: int

    @property
    def percent(self) -> int:
        """How much of the time is taken; 999 where something is planned and there is no time."""
        if self.capacity:
            return round(100 * self.planned / self.capacity)
        return 999 if self.planned else 0


def weeks(ctx: Context, count: int = WEEKS) -> list[date]:
    """Return the Mondays of the present week and those after it."""
    today = days.today(ctx)
    monday = today - timedelta(days=today.weekday())
    return [monday + timedelta(days=7 * n) for n in range(count)]


def load(ctx: Context, user_ids: Sequence[int], mondays: Sequence[date]) -> dict[int, list[Cell]]:
    """Return the weeks of people: what is left of the estimates of their open tasks is spread over the days to come."""
    calendars = working_calendar.of_users(ctx, user_ids)
    planned = _planned(ctx, set(user_ids), mondays[0], mondays[-1] + timedelta(days=6))
    return {
        i: [
            Cell(capacity=_capacity(calendars[i], monday), planned=round(planned.get((i, monday), 0)))
            for monday in mondays
        ]
        for i in user_ids
        if i in calendars
    }


def _capacity(hours: Any, monday: date) -> int:
    start = datetime.combine(monday, time(), hours.zone)
    worked: timedelta = hours.hours_between(start, start + timedelta(days=7))
    return round(worked.total_seconds() / 60)


def _planned(ctx: Context, user_ids: set[int], first: date, last: date) -> dict[tuple[int, date], float]:
    found: dict[tuple[int, date], float] = {}
    today = days.today(ctx)
    calendar = days.working(ctx, min(first, today))
    spent = _spent(ctx)
    for row in _tasks(ctx):
        if row.assignee_id not in user_ids or not row.estimate:
            continue
        left = max(row.estimate - spent.get(row.id, 0), 0)
        for day in _span(calendar, row, today):
            if first <= day <= last:
                key = (row.assignee_id, day - timedelta(days=day.weekday()))
                found[key] = found.get(key, 0) + left / _length(calendar, row, today)
    return found


def _ends(row: Any, today: date) -> tuple[date, date]:
    """Return from when to when a task is worked on, as far as that is still to come."""
    start, end = days.parsed(row.start_on or ""), days.parsed(row.due_on)
    begin = max(start or today, today)
    return begin, max(end or begin, begin)


def _span(calendar: days.WorkingDays, row: Any, today: date) -> list[date]:
    begin, end = _ends(row, today)
    first = calendar.first(begin)
    return [calendar.day(n) for n in range(first, first + calendar.between(begin, end))]


def _length(calendar: days.WorkingDays, row: Any, today: date) -> int:
    return calendar.between(*_ends(row, today))


def _tasks(ctx: Context) -> Sequence[Any]:
    query = select(Task.id, Task.assignee_id, Task.due_on, TaskPlan.start_on, TaskPlan.estimate)
    query = query.join(TaskPlan, TaskPlan.task_id == Task.id)
    going = select(TaskLink.task_id).join(Project, Project.id == TaskLink.record_id)
    going = going.where(TaskLink.entity == PROJECT, Project.status.in_(GOING))
    query = query.where(Task.status == "todo", TaskPlan.estimate > 0, Task.id.in_(going))
    return ctx.session.execute(query.order_by(Task.due_on, Task.id).limit(MOST)).all()


def _spent(ctx: Context) -> dict[int, int]:
    open_ = select(Task.id).where(Task.status == "todo")
    query = select(Entry.task_id, func.sum(Entry.minutes)).where(Entry.task_id.in_(open_))
    rows = ctx.session.execute(query.group_by(Entry.task_id).order_by(Entry.task_id).limit(MOST))
    return {int(row[0] or 0): int(row[1]) for row in rows}
