"""What is done with plans: projects begun, tasks written and moved, dates shifted, the baseline kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.sdk import Context, Invalid, _
from app.sdk.models import Task
from app.sdk.services import records, tasks, unit

from . import days, reading, schedule
from .choices import DONE, LANES, TODO, choice
from .entities import MILESTONE, PHASE, START
from .models import PROJECT, Project
from .task_fields import AFTER, rows, wait_text

Move = tuple[int, date, date]
"""A task with its new first and last day."""


@unit
def begin(ctx: Context, values: Mapping[str, Any]) -> Project:
    """Write a project down from field values and return it. Raises NotAllowed, Invalid, Refuse."""
    made: Project = records.create(ctx, PROJECT, {**START, **values})
    return made


@unit
def add_task(ctx: Context, project_id: int, values: Mapping[str, Any]) -> Task:
    """Add a task to a project, from field values of tasks ("projects.phase" …), and return it."""
    checked(values)
    return tasks.create(ctx, values, about=[(PROJECT, project_id)])


def checked(values: Mapping[str, Any]) -> None:
    """Raise Invalid when a task would end before it begins."""
    start, due = values.get("projects.start_on") or "", values.get("due_on") or days.SOMEDAY
    if start and due < start:
        raise Invalid({"due_on": _("It cannot be due before it begins.")})


@unit
def to_lane(ctx: Context, task_id: int, lane: str) -> Task:
    """Move a task to a lane of the board; into the last one it is done. Raises Invalid for a lane that is none."""
    if lane != DONE and choice(LANES, lane) is None:
        raise Invalid({"lane": _("There is no such lane.")})
    if lane == DONE:
        return tasks.finish(ctx, task_id)
    wanted = {"projects.lane": "" if lane == TODO else lane, "status": "todo"}
    made: Task = records.update(ctx, "task", task_id, wanted)
    return made


def follow(plan: reading.Plan, changed: reading.Item) -> list[Move]:
    """Return what moves when a task is changed: everything that waits for it and can no longer begin as planned."""
    items = [changed if item.id == changed.id else item for item in plan.items]
    after = replace_items(plan, items)
    own = schedule.Step(changed.id, after.step(changed).length, after.step(changed).begins)
    found: list[Move] = []
    for item in items:
        slot, step = after.slots[item.id], after.step(item)
        if item.done or item.id == own.id or slot.start <= step.begins:
            continue
        found.append((item.id, after.calendar.day(slot.start), after.calendar.day(slot.end - 1)))
    return found


def replace_items(plan: reading.Plan, items: Sequence[reading.Item]) -> reading.Plan:
    """Return a plan with other tasks, without what was computed of the former ones."""
    return replace(plan, items=items, _steps={})


def fitting(plan: reading.Plan) -> list[Move]:
    """Return what has to move for every task to begin when what it waits for is over."""
    return [
        (item.id, plan.bars[item.id].start, plan.bars[item.id].end)
        for item in plan.items
        if not item.done and plan.bars[item.id].pushed
    ]


@unit
def shift(ctx: Context, moves: Sequence[Move]) -> int:
    """Give tasks their new days and return how many were moved."""
    for task_id, start, end in moves:
        records.update(
            ctx, "task", task_id, {"projects.start_on": start.isoformat(), "due_on": end.isoformat()}
        )
    return len(moves)


@unit
def keep_baseline(ctx: Context, project_id: int) -> int:
    """Keep the days of all tasks as they are now, to be compared with later; returns how many."""
    project: Project = records.get(ctx, PROJECT, project_id, "edit")
    plan = reading.plan(ctx, project)
    for row in rows(ctx, list(plan.bars)).values():
        bar = plan.bars[row.task_id]
        row.base_start, row.base_due = bar.start.isoformat(), bar.end.isoformat()
    records.update(ctx, PROJECT, project_id, {"baseline_on": days.today(ctx).isoformat()})
    return len(plan.bars)


@unit
def add_phase(ctx: Context, project_id: int, name: str) -> Any:
    """Add a phase behind the others. Raises Invalid without a name."""
    records.get(ctx, PROJECT, project_id, "edit")
    place = len(reading.phases(ctx, project_id))
    return records.create(ctx, PHASE, {"project_id": project_id, "name": name.strip(), "position": place})


@unit
def reach(ctx: Context, milestone_id: int, *, reached: bool = True) -> Any:
    """Note that a milestone is reached today, or is not; tells `projects.reached`."""
    day = days.today(ctx).isoformat() if reached else ""
    made = records.update(ctx, MILESTONE, milestone_id, {"reached_on": day})
    if reached:
        ctx.events.emit("projects.reached", entity=MILESTONE, record_ids=[milestone_id], payload={"on": day})
    return made


@unit
def wait(ctx: Context, task_id: int, waits: Sequence[schedule.Wait]) -> None:
    """Replace what a task waits for. Raises Invalid for a circle or a task of another project."""
    texts = [wait_text(one.before, one.kind, one.lag) for one in waits]
    records.update(ctx, "task", task_id, {AFTER: texts})
