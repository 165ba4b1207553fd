"""A whole plan, read in a few statements: tasks with what the plan says of them, and the schedule that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select

from app.sdk import Context
from app.sdk.models import Task, TaskLink
from app.sdk.services import access

from . import days, schedule
from .choices import DONE, TODO
from .models import PROJECT, Dependency, Milestone, Phase, Project, TaskPlan

MOST = 1000
"""Tasks of a project that are planned with; the list has all of them."""

HOURS_A_DAY = 8 * 60

_TASKS = (
    select(
        Task.id,
        Task.summary,
        Task.status,
        Task.due_on,
        Task.priority,
        Task.assignee_id,
        Task.parent_id,
        TaskPlan.phase_id,
        TaskPlan.milestone_id,
        TaskPlan.lane,
        TaskPlan.start_on,
        TaskPlan.estimate,
        TaskPlan.base_start,
        TaskPlan.base_due,
    )
    .join(TaskLink, TaskLink.task_id == Task.id)
    .outerjoin(TaskPlan, TaskPlan.task_id == Task.id)
    .where(TaskLink.entity == PROJECT, TaskLink.record_id == bindparam("project"), Task.status != "cancelled")
    .order_by(Task.due_on, Task.id)
    .limit(MOST)
)
_WAITS = (
    select(Dependency.before_id, Dependency.task_id, Dependency.kind, Dependency.lag)
    .join(TaskLink, TaskLink.task_id == Dependency.task_id)
    .where(TaskLink.entity == PROJECT, TaskLink.record_id == bindparam("project"))
    .order_by(Dependency.task_id, Dependency.before_id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A task of a plan. `start` and `end` are its days as planned, None where nobody said; minutes are whole."""

    id: int
    name: str
    done: bool
    start: date | None
    end: date | None
    priority: int
    assignee_id: int | None
    parent_id: int | None
    phase_id: int | None
    milestone_id: int | None
    lane: str
    estimate: int | None
    base_start: date | None
    base_end: date | None

    @property
    def column(self) -> str:
        """The lane of the board in which the task is."""
        return DONE if self.done else self.lane or TODO


@dataclass(frozen=True, kw_only=True)
class Bar:
    """When a task is done, as days: what was planned, moved on by what it waits for."""

    start: date
    end: date
    slack: int
    critical: bool
    pushed: bool


@dataclass(kw_only=True)
class Plan:
    """A project with its tasks, the first due first, and what waits for what."""

    project: Project
    items: Sequence[Item]
    waits: Sequence[schedule.Wait]
    phases: Sequence[Phase]
    milestones: Sequence[Milestone]
    calendar: days.WorkingDays
    today: date
    _steps: dict[int, schedule.Step] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[int, Item]:
        """The tasks by their ids."""
        return {item.id: item for item in self.items}

    @cached_property
    def befores(self) -> Mapping[int, Sequence[schedule.Wait]]:
        """What each task waits for, by the task."""
        found: dict[int, list[schedule.Wait]] = {}
        for wait in self.waits:
            found.setdefault(wait.after, []).append(wait)
        return found

    @cached_property
    def slots(self) -> Mapping[int, schedule.Slot]:
        """The schedule in numbers of working days."""
        return schedule.slots((self.step(item) for item in self.items), self.waits)

    @cached_property
    def bars(self) -> Mapping[int, Bar]:
        """The schedule as days, by task."""
        return {i: self._bar(i, slot) for i, slot in self.slots.items()}

    def _bar(self, i: int, slot: schedule.Slot) -> Bar:
        return Bar(
            start=self.calendar.day(slot.start),
            end=self.calendar.day(slot.end - 1),
            slack=slot.slack,
            critical=slot.critical and not self.by_id[i].done,
            pushed=slot.start > self._steps[i].begins,
        )

    def step(self, item: Item) -> schedule.Step:
        """Return a task as a step of the schedule: how long it takes, and when it may begin."""
        if item.id not in self._steps:
            length, start = self._length(item), item.start
            if start is not None:
                begins = self.calendar.first(start)
            elif item.end is not None:
                begins = max(self.calendar.last(item.end) - length + 1, 0)
            else:
                begins = self.calendar.first(days.parsed(self.project.start_on) or self.today)
            self._steps[item.id] = schedule.Step(item.id, length, begins)
        return self._steps[item.id]

    def _length(self, item: Item) -> int:
        if item.start is not None and item.end is not None:
            return self.calendar.between(item.start, max(item.end, item.start))
        return max(-(-(item.estimate or 0) // HOURS_A_DAY), 1)

    @property
    def done(self) -> int:
        """How many tasks are done."""
        return sum(item.done for item in self.items)

    @property
    def percent(self) -> int:
        """How much of the plan is done, in percent: by the estimates where every task has one, else by the tasks."""
        if not self.items:
            return 0
        weights = [item.estimate or 0 for item in self.items]
        if not all(weights):
            return 100 * self.done // len(self.items)
        return 100 * sum(w for w, item in zip(weights, self.items, strict=True) if item.done) // sum(weights)

    @cached_property
    def end(self) -> date | None:
        """The day on which the last task is over, None without tasks."""
        return max((bar.end for bar in self.bars.values()), default=None)


def plan(ctx: Context, project: Project) -> Plan:
    """Return the plan of a project the caller has read, as far as the principal may see its tasks."""
    values = {"project": project.id}
    items = [_item(row) for row in access.rows(ctx, _TASKS, values)]
    known = {item.id for item in items}
    waits = [
        schedule.Wait(row.before_id, row.task_id, row.kind, row.lag)
        for row in access.rows(ctx, _WAITS, values)
        if row.before_id in known and row.task_id in known
    ]
    today = days.today(ctx)
    first = min(_edges(project, items, today))
    return Plan(
        project=project,
        items=items,
        waits=waits,
        phases=phases(ctx, project.id),
        milestones=milestones(ctx, project.id),
        calendar=days.working(ctx, first),
        today=today,
    )


def _edges(project: Project, items: Iterable[Item], today: date) -> list[date]:
    found = [today, days.parsed(project.start_on)]
    found += [day for item in items for day in (item.start, item.end)]
    return [day for day in found if day is not None]


def _item(row: Any) -> Item:
    return Item(
        id=row.id,
        name=row.summary,
        done=row.status == "done",
        start=days.parsed(row.start_on or ""),
        end=days.parsed(row.due_on),
        priority=row.priority,
        assignee_id=row.assignee_id,
        parent_id=row.parent_id,
        phase_id=row.phase_id,
        milestone_id=row.milestone_id,
        lane=row.lane or "",
        estimate=row.estimate,
        base_start=days.parsed(row.base_start or ""),
        base_end=days.parsed(row.base_due or ""),
    )


def phases(ctx: Context, project_id: int) -> Sequence[Phase]:
    """Return the phases of a project in their order."""
    query = select(Phase).where(Phase.project_id == project_id).order_by(Phase.position, Phase.id).limit(100)
    return ctx.session.execute(query).scalars().all()


def milestones(ctx: Context, project_id: int) -> Sequence[Milestone]:
    """Return the milestones of a project, the first due first; those without a day stand last."""
    query = select(Milestone).where(Milestone.project_id == project_id)
    query = query.order_by(Milestone.due_on == "", Milestone.due_on, Milestone.id).limit(100)
    return ctx.session.execute(query).scalars().all()
