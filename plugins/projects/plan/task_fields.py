"""What plans know about tasks, as fields of the task itself: written, taken back and seen like its others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from app.sdk import EVERYWHERE, Context, Field, Invalid, Kind, Show, _, _l
from app.sdk.models import Task, TaskLink

from . import typed
from .choices import KINDS, LANES
from .entities import MILESTONE, PHASE
from .models import PROJECT, Dependency, TaskPlan

WRITTEN = EVERYWHERE & ~Show.LIST
AFTER = "projects.after"
_WAIT = re.compile(r"(\d{1,9})\s*(FS|SS|FF|SF)?\s*([+-]\s*\d{1,4})?", re.IGNORECASE)
MOST = 50
"""Tasks that one may wait for."""

Load = Callable[[Context, Sequence[int]], Mapping[int, Any]]
Save = Callable[[Context, Mapping[int, Any]], None]


def _loader(name: str) -> Load:
    column = getattr(TaskPlan, name)

    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, Any]:
        query = select(TaskPlan.task_id, column).where(TaskPlan.task_id.in_(ids)).order_by(TaskPlan.task_id)
        return {row[0]: row[1] for row in ctx.session.execute(query)}

    return load


def _sql(name: str, nothing: Any) -> Callable[[Any], ColumnElement[Any]]:
    column = getattr(TaskPlan, name)

    def sql(task: Any) -> ColumnElement[Any]:
        found = select(column).where(TaskPlan.task_id == task.id).scalar_subquery()
        return found if nothing is None else func.coalesce(found, nothing)

    return sql


def _saver(name: str, nothing: Any) -> Save:
    def save(ctx: Context, values: Mapping[int, Any]) -> None:
        for plan in rows(ctx, values).values():
            value = values[plan.task_id]
            setattr(plan, name, nothing if value is None else value)
        ctx.session.flush()

    return save


def rows(ctx: Context, ids: Iterable[int]) -> dict[int, TaskPlan]:
    """Return the row of each task in the plan, a new one where there was none."""
    wanted = list(ids)
    query = select(TaskPlan).where(TaskPlan.task_id.in_(wanted)).order_by(TaskPlan.id)
    found = {plan.task_id: plan for plan in ctx.session.execute(query).scalars()}
    for task_id in wanted:
        if task_id not in found:
            found[task_id] = TaskPlan(task_id=task_id)
            ctx.session.add(found[task_id])
    return found


def _estimate(ctx: Context, text: str) -> int | None:
    return int(text) if text.strip().isdecimal() and len(text.strip()) < 8 else typed.minutes(text)


def load_after(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return task id → what it waits for: "12 FS +2" is two working days after the end of task 12."""
    query = (
        select(Dependency)
        .where(Dependency.task_id.in_(ids))
        .order_by(Dependency.task_id, Dependency.before_id)
    )
    found: dict[int, list[str]] = {i: [] for i in ids}
    for one in ctx.session.execute(query).scalars():
        found[one.task_id].append(wait_text(one.before_id, one.kind, one.lag))
    return found


def wait_text(before: int, kind: str, lag: int) -> str:
    """Return a dependency as the text in which it is kept in the history."""
    return f"{before} {kind} {lag:+d}" if lag else f"{before} {kind}"


def read_wait(text: str) -> tuple[int, str, int]:
    """Return task, kind and lag of a text like "12 FS +2". Raises Invalid with a sentence."""
    match = _WAIT.fullmatch(text.strip())
    if match is None:
        raise Invalid({AFTER: _("“%(text)s” is no dependency. Write it like 12 FS +2.", text=text[:40])})
    lag = int((match[3] or "0").replace(" ", ""))
    return int(match[1]), (match[2] or "FS").upper(), lag


def save_after(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace what tasks wait for. Raises Invalid for a circle, and for a task that is not in the same project."""
    for task_id, wanted in values.items():
        waits = {wait[0]: wait for wait in map(read_wait, wanted or ())}
        if len(waits) > MOST:
            raise Invalid({AFTER: _("A task waits for at most %(num)s others.", num=MOST)})
        _check(ctx, task_id, set(waits))
        ctx.session.execute(delete(Dependency).where(Dependency.task_id == task_id))
        for before, kind, lag in waits.values():
            ctx.session.add(Dependency(task_id=task_id, before_id=before, kind=kind, lag=lag))
        ctx.session.flush()
        _refuse_circle(ctx, task_id)


def _check(ctx: Context, task_id: int, befores: set[int]) -> None:
    if task_id in befores:
        raise Invalid({AFTER: _("A task cannot wait for itself.")})
    mine = select(TaskLink.record_id).where(TaskLink.task_id == task_id, TaskLink.entity == PROJECT)
    query = select(TaskLink.task_id).join(Task, Task.id == TaskLink.task_id)
    query = query.where(
        TaskLink.entity == PROJECT, TaskLink.record_id.in_(mine), TaskLink.task_id.in_(befores)
    )
    if befores - set(ctx.session.execute(query.order_by(TaskLink.id)).scalars()):
        raise Invalid({AFTER: _("Choose tasks of the same project.")})


def _refuse_circle(ctx: Context, task_id: int) -> None:
    """Walk from what a task waits for to what that waits for, and refuse when this leads back to it."""
    seen: set[int] = set()
    ahead = {task_id}
    while ahead:
        query = select(Dependency.before_id).where(Dependency.task_id.in_(sorted(ahead)))
        ahead = set(ctx.session.execute(query.order_by(Dependency.id)).scalars()) - seen
        if task_id in ahead:
            raise Invalid({AFTER: _("These tasks would wait for one another in a circle.")})
        seen |= ahead


def of_project(project: Any) -> ColumnElement[bool]:
    """Return the condition of the tasks of a project, or of those of some; also those done."""
    ids = project if isinstance(project, (list, tuple)) else [project]
    tied = select(TaskLink.task_id).where(TaskLink.entity == PROJECT, TaskLink.record_id.in_(ids))
    return and_(Task.id.in_(tied), or_(Task.status != "cancelled", Task.status.is_(None)))


def _field(name: str, label: Any, order: int, nothing: Any = None, column: str = "", **more: Any) -> Field:
    return Field(
        name=name,
        label=label,
        on="task",
        load=_loader(column or name),
        sql=_sql(column or name, nothing),
        save=_saver(column or name, nothing),
        order=order,
        personal=False,
        **{"show": WRITTEN, **more},
    )


ALL = (
    _field(
        "start_on",
        _l("Begins"),
        81,
        "",
        kind=Kind.DATE,
    ),
    _field(
        "estimate",
        _l("Estimate in minutes"),
        82,
        kind=Kind.NUMBER,
        parse=_estimate,
    ),
    _field("lane", _l("Lane"), 83, "", kind=Kind.CHOICE, choices=LANES),
    _field("phase", _l("Phase"), 84, column="phase_id", kind=Kind.REF, ref=PHASE),
    _field("milestone", _l("Milestone"), 85, column="milestone_id", kind=Kind.REF, ref=MILESTONE),
    Field(
        name="after",
        label=_l("Waits for"),
        on="task",
        many=True,
        load=load_after,
        save=save_after,
        show=Show.HISTORY,
        order=86,
        personal=False,
    ),
)


KIND_NAMES = {choice.value: choice.label for choice in KINDS}
