"""Quotas: what a person or a team is to win in a period, in money or in deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.sdk import Context, Invalid, NotVisible, _
from app.sdk.services import access, unit

from ..forecast.periods import Period
from .models import Quota

MANAGE = "sales.quota.manage"
AMOUNT, COUNT = "amount", "count"
METRICS = (AMOUNT, COUNT)

Who = tuple[int | None, int | None]
"""A person (id, None) or a team (None, id)."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A quota as somebody writes it down."""

    who: Who
    period: Period
    metric: str
    target: Decimal


def read(ctx: Context, period: Period, metric: str = AMOUNT) -> Mapping[Who, Decimal]:
    """Return the quotas of a period by person or team.

    Where there is none for exactly these days, those of the quarters within it are added up, else of the months.
    """
    query = select(Quota).where(
        Quota.metric == metric,
        Quota.starts_on >= period.start.isoformat(),
        Quota.ends_on <= period.end.isoformat(),
    )
    by_who: dict[Who, dict[int, Decimal]] = {}
    for row in ctx.session.execute(query).scalars():
        days = (date.fromisoformat(row.ends_on) - date.fromisoformat(row.starts_on)).days // 25
        sums = by_who.setdefault((row.user_id, row.team_id), {})
        sums[days] = sums.get(days, Decimal(0)) + row.target
    return {who: sums[max(sums)] for who, sums in by_who.items()}


def listed(ctx: Context, period: Period, metric: str) -> Mapping[Who, Quota]:
    """Return the quotas that were written for exactly the days of a period."""
    query = select(Quota).where(
        Quota.metric == metric,
        Quota.starts_on == period.start.isoformat(),
        Quota.ends_on == period.end.isoformat(),
    )
    return {(row.user_id, row.team_id): row for row in ctx.session.execute(query).scalars()}


@unit
def save(ctx: Context, asked: Sequence[Asked]) -> int:
    """Write quotas down in place of those there were; a target of 0 takes one away. Returns how many changed.

    Raises NotAllowed, or Invalid naming what is wrong.
    """
    access.require(ctx, MANAGE)
    return sum(_save(ctx, one) for one in asked)


def _save(ctx: Context, asked: Asked) -> bool:
    if asked.metric not in METRICS:
        raise NotVisible(_("There is no such quota."))
    if asked.target < 0 or asked.target >= Decimal(10) ** 15:
        raise Invalid({"target": _("Write a quota from 0 on, like 250000.")})
    query = select(Quota).where(
        Quota.user_id.is_(None) if asked.who[0] is None else Quota.user_id == asked.who[0],
        Quota.team_id.is_(None) if asked.who[1] is None else Quota.team_id == asked.who[1],
        Quota.metric == asked.metric,
        Quota.starts_on == asked.period.start.isoformat(),
        Quota.ends_on == asked.period.end.isoformat(),
    )
    found = ctx.session.execute(query).scalars().first()
    if found is None and asked.target:
        ctx.session.add(
            Quota(
                user_id=asked.who[0],
                team_id=asked.who[1],
                metric=asked.metric,
                starts_on=asked.period.start.isoformat(),
                ends_on=asked.period.end.isoformat(),
                target=asked.target,
            )
        )
    elif found is not None and not asked.target:
        ctx.session.delete(found)
    elif found is not None and found.target != asked.target:
        found.target = asked.target
    else:
        return False
    ctx.session.flush()
    return True
