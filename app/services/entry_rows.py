"""Which interactions exist for somebody who has read the record they are tied to.

Of the row rules only two things are left to ask then: whether an entry is private to others, and whether a plugin
closes it. The full rules ask for every entry whether some record it is tied to is visible, which is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from app.kernel.context import Context
from app.kernel.contributions import RowRule
from app.models import Interaction, InteractionLink
from app.services import guarded
from app.services.access import UNSCOPED

TIED: Mapping[str, Any] = {
    UNSCOPED: "the caller read the record; `tied` is what else the rules of entries ask"
}


def open_to(ctx: Context, model: Any) -> ColumnElement[bool]:
    """Close private entries to all but their author and the colleagues who took part."""
    if ctx.user.system:
        return true()
    link = InteractionLink.__table__.alias()
    took_part = select(link.c.id).where(
        link.c.interaction_id == model.id, link.c.entity == "user", link.c.record_id == ctx.user.id
    )
    return or_(model.visibility != "private", model.created_by == ctx.user.id, took_part.exists())


def remembered(ctx: Context, name: str, build: Callable[[], Any], *, on: str = "interaction") -> Any:
    """Return a statement that holds rules of `on`, built once for each principal unless a plugin may answer anew."""
    if any(r.on == on and r.owner != "core" for r in ctx.schema.all(RowRule)):
        return build()
    if name not in ctx.user.memo:
        ctx.user.memo[name] = build()
    return ctx.user.memo[name]


def tied(ctx: Context) -> ColumnElement[bool]:
    """Return which live entries tied to a record that the principal has read exist for them."""
    rules = [r for r in ctx.schema.all(RowRule) if r.on == "interaction" and r.owner != "core" and r.restrict]
    closed = (
        []
        if ctx.user.system
        else [
            guarded.row_rule(r, r.restrict, ctx, Interaction, "view") for r in rules if r.restrict is not None
        ]
    )
    return and_(Interaction.deleted_at.is_(None), open_to(ctx, Interaction), *closed)
