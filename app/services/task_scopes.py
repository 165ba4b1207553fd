"""Whose tasks are meant: mine, my team's, a colleague's, everybody's; each walks along an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select, union_all

from app.kernel.context import Context
from app.models import Task, TaskMate
from app.services import access

MINE, TEAM, ALL = "me", "team", "all"

ONCE = {access.UNSCOPED: "the rules stand in the statement, once and not in each of its parts"}
"""How a statement of `of_person` is run: the rules of tasks are long, and its parts would repeat them."""


def rows(
    ctx: Context,
    who: str,
    *conditions: ColumnElement[bool],
    limit: int,
    status: str = "todo",
    verb: str = "view",
) -> Sequence[Task]:
    """Return the tasks of `me`, `team`, `all` or a user's id that fulfil conditions, the earliest first.

    With `verb` only those that the principal may do that to.
    """
    query, options = _select(ctx, who, conditions, limit, status)
    if verb != "view":
        query = query.where(access.criterion(ctx, Task, verb))
    query = query.order_by(Task.due_on, Task.id).limit(limit)
    found: Sequence[Task] = ctx.session.execute(query, execution_options=options).scalars().all()
    return found


def count(ctx: Context, who: str, *conditions: ColumnElement[bool], limit: int) -> int:
    """Return how many tasks to do fulfil conditions, counted up to a limit."""
    query, options = _select(ctx, who, conditions, limit, "todo")
    few = query.with_only_columns(Task.id).limit(limit).subquery()
    return ctx.session.scalar(select(func.count()).select_from(few), execution_options=options) or 0


def _select(
    ctx: Context, who: str, conditions: Sequence[ColumnElement[bool]], limit: int, status: str
) -> tuple[Any, dict[str, str]]:
    if who in {TEAM, ALL}:
        query = select(Task).where(Task.status == status, *conditions)
        if who == TEAM:
            query = query.where(Task.team_id.in_(sorted(ctx.user.teams)) if ctx.user.teams else false())
        return query, {}
    person = int(who) if who.isdecimal() else ctx.user.id or 0
    return of_person(ctx, person, *conditions, limit=limit, status=status), ONCE


def of_person(
    ctx: Context, person: Any, *conditions: ColumnElement[bool], limit: int | None, status: str = "todo"
) -> Any:
    """Return a select of the tasks that are assigned to somebody or that they help with; run it with ONCE.

    Two short walks along an index each, not one condition with "or", which databases answer by reading everything.
    """
    wanted = and_(Task.status == status, Task.deleted_at.is_(None), *conditions)
    own = select(Task.id).where(Task.assignee_id == person, wanted)
    helped = (
        select(Task.id).join(TaskMate, TaskMate.task_id == Task.id).where(TaskMate.user_id == person, wanted)
    )
    if limit is not None:
        most = limit * 4 + 50  # some may be closed to the principal
        own = own.order_by(Task.due_on, Task.id).limit(most)
        helped = helped.order_by(Task.due_on, Task.id).limit(most)
    both = union_all(select(own.subquery().c.id), select(helped.subquery().c.id))
    return select(Task).where(Task.id.in_(both), Task.deleted_at.is_(None), access.criterion(ctx, Task))
