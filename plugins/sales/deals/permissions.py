"""Rights of their own, and which deals, pipelines and stages exist for whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, true

from app.sdk import Context, Permission, RowRule, _l

from . import options
from .fields import DEAL, PIPELINE, REASON, STAGE

SEE_OTHERS = "sales.deals.others"
MANAGE = "sales.pipelines"


def own_only(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Show representatives their own deals only, where the settings say so."""
    if options.of(ctx).deals_seen != "own" or ctx.may(SEE_OTHERS):
        return true()
    found: ColumnElement[bool] = model.owner_id == ctx.user.id
    return found


def for_sellers(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Let everybody who may see deals read the pipelines, and those who manage pipelines change them."""
    needed = f"{DEAL}.view" if verb == "view" else MANAGE
    return true() if ctx.may(needed) else false()


ALL = (
    Permission(name="pipelines", label=_l("Manage pipelines, stages and exchange rates"), roles=("manager",)),
    Permission(name="sales.deals.others", label=_l("See deals of others"), roles=("manager", "read_only")),
    RowRule(name="own_deals", on=DEAL, restrict=own_only, stable=True),
    *(
        RowRule(name=f"{on.rpartition('.')[2]}s", on=on, grant=for_sellers, restrict=for_sellers, stable=True)
        for on in (PIPELINE, STAGE, REASON)
    ),
)
