"""Row rules of the core: what is logged about a record is never less hidden than the record itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, text, true

from app.kernel.context import Context
from app.kernel.contributions import RowRule
from app.models import InteractionLink, TaskLink, TaskMate
from app.services import access, entry_rows

ROW_BY_ROW: tuple[Any, ...] = (text("OFFSET 0"),)
"""Keeps PostgreSQL from joining and hashing all ties for a page of fifty rows; it has no other meaning."""


def _parents(ctx: Context) -> list[Any]:
    return [e for e in ctx.schema.entities() if e.key not in {"interaction", "task"}]


def _linked(ctx: Context, model: Any, link: type[Any], fk: Any) -> ColumnElement[bool]:
    """Tell whether a row is tied to a record that exists for the principal (trashed ones keep their past)."""
    table = link.__table__.alias()
    mine = table.c[fk] == model.id
    whole, some = [], []
    for entity in _parents(ctx):
        parent = entity.model.__table__.alias()
        rule = access.criterion(ctx, parent.c, entity=entity.key)
        if rule is true():
            whole.append(entity.key)
        elif rule is not false():
            some.append(
                select(table.c.id)
                .join(parent, parent.c.id == table.c.record_id)
                .where(mine, table.c.entity == entity.key, rule)
                .suffix_with(*ROW_BY_ROW, dialect="postgresql")
                .exists()
            )
    if whole:
        found = select(table.c.id).where(mine, table.c.entity.in_(whole))
        some.append(found.suffix_with(*ROW_BY_ROW, dialect="postgresql").exists())
    return or_(*some) if some else false()


def _free(ctx: Context, model: Any, link: type[Any], fk: str) -> ColumnElement[bool]:
    table = link.__table__.alias()
    names = [e.key for e in _parents(ctx)]
    found = select(table.c.id).where(table.c[fk] == model.id, table.c.entity.in_(names))
    return ~found.suffix_with(*ROW_BY_ROW, dialect="postgresql").exists()


def _sees_all(ctx: Context) -> bool:
    return all(access.criterion(ctx, e.model, entity=e.key) is true() for e in _parents(ctx))


def interaction_grant(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Open to view what is tied to a visible record, if the principal may see interactions at all."""
    if verb != "view" or not ctx.may("interaction.view"):
        return false()
    return _linked(ctx, model, InteractionLink, "interaction_id")


def interaction_restrict(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Close what is private to others, and what is tied only to records out of sight."""
    open_to_me = entry_rows.open_to(ctx, model)
    if _sees_all(ctx):
        return open_to_me
    tied = _linked(ctx, model, InteractionLink, "interaction_id")
    return and_(open_to_me, or_(tied, _free(ctx, model, InteractionLink, "interaction_id")))


def task_grant(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Open a task to the one it is assigned to and to those who help, for every verb but deletion."""
    if verb not in {"view", "edit"}:
        return false()
    helped = select(TaskMate.task_id).where(TaskMate.user_id == ctx.user.id)
    return or_(model.assignee_id == ctx.user.id, model.id.in_(helped))


def task_restrict(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Close tasks that are about records out of sight only."""
    if _sees_all(ctx):
        return true()
    tied = _linked(ctx, model, TaskLink, "task_id")
    return or_(tied, _free(ctx, model, TaskLink, "task_id"))


ALL = (
    RowRule(
        name="interaction_rows", on="interaction", grant=interaction_grant, restrict=interaction_restrict
    ),
    RowRule(name="task_rows", on="task", grant=task_grant, restrict=task_restrict),
)
