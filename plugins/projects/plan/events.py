"""What plans tell, what they listen to, and whom they tell of milestones that are overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.sdk import Context, Job, Notice, On, Phase, Topic, _l
from app.sdk.models import Task, TaskLink
from app.sdk.services import access, for_user, notifications, records

from . import actions, days, making
from .choices import GOING
from .making import DEAL
from .models import PROJECT, Member, Milestone, Project, TaskPlan

LATE = "projects.late"
MOST = 500
WHOLE = {access.UNSCOPED: "what follows a task of a project belongs to it, whoever made it"}


def made(ctx: Context, events: Sequence[Any]) -> None:
    """Let a part of a task, and the next of a series, belong to the project and phase of the task it comes from."""
    for event in events:
        task = ctx.session.get(Task, event.record_id) if event.record_id else None
        origin = (task.previous_id or task.parent_id) if task is not None else None
        if task is None or origin is None:
            continue
        _tie(ctx, task.id, origin)
        _follow(ctx, task.id, origin, again=task.previous_id is not None)


def assigned(ctx: Context, events: Sequence[Any]) -> None:
    """Let those to whom tasks of projects are given see the projects."""
    ids = [event.record_id for event in events if event.record_id]
    query = select(TaskLink.record_id, Task.assignee_id).join(Task, Task.id == TaskLink.task_id)
    query = query.where(TaskLink.entity == PROJECT, TaskLink.task_id.in_(ids), Task.assignee_id.is_not(None))
    wanted = {(row[0], row[1]) for row in ctx.session.execute(query, execution_options=WHOLE)}
    known = select(Member.project_id, Member.user_id).where(Member.project_id.in_({p for p, _u in wanted}))
    have = {(row[0], row[1]) for row in ctx.session.execute(known)} if wanted else set()
    ctx.session.add_all(Member(project_id=p, user_id=u) for p, u in sorted(wanted - have))
    ctx.session.flush()


def _tie(ctx: Context, task_id: int, origin: int) -> None:
    """Tie a task to the projects of another, where it is about none itself."""
    query = select(TaskLink.task_id, TaskLink.record_id).where(TaskLink.entity == PROJECT)
    rows = ctx.session.execute(
        query.where(TaskLink.task_id.in_([task_id, origin])).order_by(TaskLink.id), execution_options=WHOLE
    ).all()
    if any(row.task_id == task_id for row in rows):
        return
    ctx.session.add_all(TaskLink(task_id=task_id, entity=PROJECT, record_id=row.record_id) for row in rows)
    ctx.session.flush()


def _follow(ctx: Context, task_id: int, origin: int, *, again: bool) -> None:
    known = select(TaskPlan).where(TaskPlan.task_id.in_([task_id, origin])).order_by(TaskPlan.id)
    found = {plan.task_id: plan for plan in ctx.session.execute(known).scalars()}
    if origin in found and task_id not in found:
        was = found[origin]
        plan = TaskPlan(task_id=task_id, phase_id=was.phase_id, milestone_id=was.milestone_id)
        plan.estimate = was.estimate if again else None
        ctx.session.add(plan)
        ctx.session.flush()


def won(ctx: Context, events: Sequence[Any]) -> None:
    """Begin the project of a won deal where the settings say so; told twice, there is one."""
    if not ctx.settings.from_won or not ctx.schema.has(DEAL):
        return
    for event in events:
        if event.record_id is None:
            continue
        asked = for_user(event.actor_id, source="workflow") if event.actor_id else ctx
        if not asked.may(f"{PROJECT}.create") or not records.exists(ctx, DEAL, event.record_id):
            continue
        deal = records.get(ctx, DEAL, event.record_id)
        with ctx.unit():
            project, fresh = making.from_deal(ctx, deal, actions.chosen(ctx, ""))
            if fresh and project.owner_id is None:
                records.update(ctx, PROJECT, project.id, {"owner_id": deal.owner_id})


def remind(ctx: Context, args: Mapping[str, Any]) -> None:
    """Tell the owners of milestones that are overdue, once for each day on which one was due."""
    today = days.today(ctx).isoformat()
    query = select(Milestone).join(Project, Project.id == Milestone.project_id)
    query = query.where(
        Milestone.reached_on == "",
        Milestone.due_on != "",
        Milestone.due_on < today,
        Milestone.owner_id.is_not(None),
        Project.status.in_(GOING),
    )
    for one in (
        ctx.session.execute(query.order_by(Milestone.due_on, Milestone.id).limit(MOST)).scalars().all()
    ):
        with ctx.unit():
            text = _l("Milestone “%(name)s” is overdue", name=one.name)
            key = f"{LATE}:{one.id}:{one.due_on}"
            notifications.send(
                ctx, [one.owner_id or 0], LATE, text, about=(PROJECT, one.project_id or 0), key=key
            )


ALL = (
    Topic(name="projects.reached", label=_l("A milestone was reached"), payload={"on": "the day, ISO 8601"}),
    Topic(
        name="projects.invoiced",
        label=_l("Hours or milestones were put on an invoice"),
        payload={"invoice": "its number"},
    ),
    Notice(
        name=LATE,
        label=_l("A milestone is overdue"),
        hint=_l("The morning after the day on which it was due."),
        icon="flag",
        tone="bad",
    ),
    On(name="task_made", topic="task.created", run=made, phase=Phase.BEFORE, record=False),
    *(
        On(
            name=f"task_given_{verb}",
            topic=f"task.{verb}",
            run=assigned,
            phase=Phase.BEFORE,
            record=False,
            fields=("assignee_id", "about"),
        )
        for verb in ("created", "updated")
    ),
    On(name="deal_won", topic="sales.deal.won", run=won, phase=Phase.BACKGROUND),
)

JOBS = (Job(name="late", label=_l("Tell of overdue milestones"), run=remind, schedule="daily 06:10"),)
