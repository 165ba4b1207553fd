"""Who sees which contacts and companies by their territory, and who may settle territories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from app.sdk import Context, Permission, RowRule, _l
from app.sdk.services import plugin_settings

from . import placing
from .models import Place, Territory

PIN = "territories.pin"

Rule = Callable[[Context, Any, str], ColumnElement[bool]]


def _setting(ctx: Context) -> str:
    return str(plugin_settings.of(ctx, "territories").get("visibility") or "role")


def _mine(ctx: Context) -> Any:
    """Return a select of the territories of who asks: the own ones, those of the own teams, and all below them."""
    own = [Territory.owner_id == ctx.user.id]
    if ctx.user.teams:
        own.append(Territory.team_id.in_(sorted(ctx.user.teams)))
    top = (
        select(Territory.id)
        .where(or_(*own), Territory.deleted_at.is_(None), Territory.marks.is_(False))
        .cte("territories_mine", recursive=True)
    )
    below = (
        select(Territory.id).join(top, Territory.parent_id == top.c.id).where(Territory.deleted_at.is_(None))
    )
    return select(top.union(below).c.id)


def _in_mine(ctx: Context, entity: str, model: Any) -> ColumnElement[bool]:
    whose = placing.column(entity)
    here = select(whose).where(whose.is_not(None), Place.territory_id.in_(_mine(ctx)))
    found: ColumnElement[bool] = model.id.in_(here)
    return found


def grant(entity: str) -> Rule:
    """Return the rule that shows records of a kind to whom their territory belongs, if the settings say so."""

    def opened(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
        if verb != "view" or not ctx.may(f"{entity}.view") or _setting(ctx) not in {"more", "only"}:
            return false()
        return _in_mine(ctx, entity, model)

    return opened


def restrict(entity: str) -> Rule:
    """Return the rule that hides records of other territories from those who do not see everything."""

    def closed(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
        if _setting(ctx) != "only" or ctx.user.system or ctx.user.reach(f"{entity}.view") == "all":
            return true()
        return or_(model.owner_id == ctx.user.id, _in_mine(ctx, entity, model))

    return closed


def known(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Show all territories to those who may see some: how the land is divided is nobody's secret."""
    return true() if verb == "view" and ctx.may("territories.territory.view") else false()


ALL: tuple[Permission | RowRule, ...] = (
    Permission(name="pin", label=_l("Put records on the map by hand"), roles=("manager", "representative")),
    Permission(name="balance", label=_l("Compare territories and move borders"), roles=("manager",)),
    RowRule(name="territories_known", on="territories.territory", grant=known, stable=True),
    *(
        RowRule(
            name=f"{entity}_by_territory",
            on=entity,
            grant=grant(entity),
            restrict=restrict(entity),
            stable=True,
        )
        for entity in placing.WHOSE
    ),
)
