"""The way of deals through their stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from app.sdk import Context
from app.sdk.services import access

from .models import StageChange


def of(ctx: Context, deal_id: int, limit: int = 100) -> Sequence[StageChange]:
    """Return the moves of a deal that the caller has read, the latest first."""
    query = select(StageChange).where(StageChange.deal_id == deal_id)
    query = query.order_by(StageChange.at.desc(), StageChange.id.desc()).limit(limit)
    return ctx.session.execute(query).scalars().all()


SINCE = (
    select(StageChange.deal_id, func.max(StageChange.at, type_=StageChange.at.type).label("at"))
    .where(StageChange.deal_id.in_(bindparam("ids", expanding=True)))
    .group_by(StageChange.deal_id)
)


def since(ctx: Context, ids: Sequence[int]) -> Mapping[int, datetime]:
    """Return when deals came to where they are, by the last noted move of each."""
    return {row.deal_id: row.at for row in access.rows(ctx, SINCE, {"ids": list(ids)})}
