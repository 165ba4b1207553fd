"""Whose tasks are meant: mine, my team's, a colleague's, everybody's; each walks along an index."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, select, union_all

from app.kernel.context import Context
from app.models import Task, TaskMate

MINE, TEAM, ALL = "me", "team", "all"


def select_of(
    ctx: Context, who: str, *conditions: ColumnElement[bool], limit: int | None, status: str = "todo"
) -> Any:
    """Return a select of the tasks of `me`, `team`, `all` or a user's id that fulfil conditions, to be ordered.

    `limit` bounds what is read of each source: give what the select is limited to.
    """
    if who == TEAM:
        mine = Task.team_id.in_(sorted(ctx.user.teams)) if ctx.user.teams else false()
        return select(Task).where(Task.status == status, mine, *conditions)
    if who == ALL:
        return select(Task).where(Task.status == status, *conditions)
    person = int(who) if who.isdecimal() else ctx.user.id or 0
    return of_person(person, *conditions, limit=limit, status=status)


def of_person(person: Any, *conditions: ColumnElement[bool], limit: int | None, status: str = "todo") -> Any:
    """Return a select of the tasks that are assigned to somebody or that they help with.

    Two short walks along an index each, not one condition with "or", which databases answer by reading everything.
    """
    own = select(Task.id).where(Task.assignee_id == person, Task.status == status, *conditions)
    helped = (
        select(Task.id)
        .join(TaskMate, TaskMate.task_id == Task.id)
        .where(TaskMate.user_id == person, Task.status == status, *conditions)
    )
    if limit is not None:
        own = own.order_by(Task.due_on, Task.id).limit(limit)
        helped = helped.order_by(Task.due_on, Task.id).limit(limit)
    both = union_all(select(own.subquery().c.id), select(helped.subquery().c.id))
    return select(Task).where(Task.id.in_(both))
