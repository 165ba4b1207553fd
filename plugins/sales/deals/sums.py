"""Totals of deals from SQL: how many, how much, weighted by probability, due within a month; exact to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, bindparam, case, cast, func, select

from app.sdk import Context

from .models import Deal, Stage

CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Sum:
    """Totals of some deals: their number, their value, its part by probability, what is due by a day."""

    count: int = 0
    value: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    due: Decimal = Decimal(0)

    def __add__(self, other: Sum) -> Sum:
        return Sum(
            count=self.count + other.count,
            value=self.value + other.value,
            weighted=self.weighted + other.weighted,
            due=self.due + other.due,
        )


def cents() -> ColumnElement[int]:
    """Return the value of a deal in whole cents of the reporting currency."""
    return cast(func.round(Deal.amount_base * 100), BigInteger)


def by_stage(
    ctx: Context, stages: Sequence[Stage], conditions: Sequence[ColumnElement[bool]], until: str
) -> Mapping[int, Sum]:
    """Return the totals of each stage, over deals that the principal sees and that meet the conditions; one query."""
    return of_rows(stages, ctx.session.execute(selected(conditions), {"until": until}))


def selected(conditions: Sequence[ColumnElement[bool]]) -> Any:
    """Return the select of the totals of each stage; it takes the day `until` which amounts count as due."""
    own = case((Deal.probability.is_not(None), cents()), else_=0)
    likely = case((Deal.probability.is_not(None), cents() * Deal.probability), else_=0)
    due = Deal.close_on.between("1", bindparam("until", type_=String))
    soon = func.coalesce(func.sum(case((due, cents()), else_=0)), 0)
    query = select(Deal.stage_id, func.count(), func.sum(cents()), func.sum(likely), func.sum(own), soon)
    return query.where(*conditions).group_by(Deal.stage_id)


def of_rows(stages: Sequence[Stage], rows: Iterable[Any]) -> Mapping[int, Sum]:
    """Return what such a select found, by stage."""
    chances = {stage.id: stage.probability for stage in stages}
    return {
        row[0]: Sum(
            count=row[1],
            value=_money(row[2] or 0),
            weighted=_weighted(int(row[2] or 0) - int(row[4] or 0), chances[row[0]], int(row[3] or 0)),
            due=_money(row[5]),
        )
        for row in rows
        if row[0] in chances
    }


def of(ctx: Context, conditions: Sequence[ColumnElement[bool]]) -> Sum:
    """Return number and value of the deals that the principal sees and that meet the conditions."""
    row = ctx.session.execute(select(func.count(), func.sum(cents())).where(*conditions)).one()
    return Sum(count=row[0], value=_money(row[1] or 0))


def _weighted(cents: int, chance: int, likely: int) -> Decimal:
    """Return what is to be expected of the amounts with the chance of their stage, and of those with one of their own."""
    return Decimal(likely + cents * chance).scaleb(-4).quantize(CENT, ROUND_HALF_UP)


def _money(found: Any) -> Decimal:
    return Decimal(int(found)).scaleb(-2)
