"""The figures of a forecast: by team and person what is won, committed, hoped for and open, and what it weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.sdk import Context

from ..deals.models import Deal, Stage
from . import amounts
from .asked import Asked
from .changes import CATEGORIES, ZERO

OPEN = CATEGORIES[:3]


@dataclass(frozen=True)
class Figures:
    """Sums by category with numbers of deals, and the sum weighted by probability (what is won weighs in full)."""

    sums: Mapping[str, Decimal] = field(default_factory=lambda: dict.fromkeys(CATEGORIES, ZERO))
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(CATEGORIES, 0))
    weighted: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Everything that counts."""
        return sum(self.sums.values(), ZERO)

    @property
    def count(self) -> int:
        """How many deals count."""
        return sum(self.counts.values())

    @property
    def open(self) -> Decimal:
        """What is not decided yet."""
        return self.total - self.sums["closed"]

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            {c: self.sums[c] + other.sums[c] for c in CATEGORIES},
            {c: self.counts[c] + other.counts[c] for c in CATEGORIES},
            self.weighted + other.weighted,
        )


@dataclass(frozen=True, kw_only=True)
class Line:
    """The figures of a person within a team; None for deals of nobody or of no team."""

    team_id: int | None
    owner_id: int | None
    figures: Figures


def counts(table: Any) -> ColumnElement[bool]:
    """Return the condition that a deal (or its row in a snapshot) counts in a forecast."""
    return or_(table.outcome == "won", and_(table.outcome == "open", table.category.in_(OPEN)))


def bucket(table: Any) -> ColumnElement[str]:
    """Return the category in which a deal that counts does."""
    found: ColumnElement[str] = case((table.outcome == "won", "closed"), else_=table.category)
    return found


def percent(ctx: Context) -> ColumnElement[int]:
    """Return how probable a deal is, in percent: won ones surely, others as they or their stages say."""
    stages = ctx.session.execute(select(Stage.id, Stage.probability)).all()
    by_stage: Any = (
        case({row.id: row.probability for row in stages}, value=Deal.stage_id, else_=0) if stages else 0
    )
    found: ColumnElement[int] = case(
        (Deal.outcome == "won", 100), else_=func.coalesce(Deal.probability, by_stage)
    )
    return found


def condition(asked: Asked) -> list[ColumnElement[bool]]:
    """Return which deals a forecast is made of."""
    return [counts(Deal), asked.dated(Deal.close_on), *asked.whose(Deal)]


def lines(ctx: Context, asked: Asked) -> list[Line]:
    """Return the figures of every person in every team that the reader may see deals of: one query."""
    named = bucket(Deal).label("bucket")
    query = (
        select(
            Deal.team_id,
            Deal.owner_id,
            named,
            func.count().label("n"),
            amounts.total(Deal.amount_base).label("total"),
            amounts.weighted(Deal.amount_base, percent(ctx)).label("weighted"),
        )
        .where(*condition(asked))
        .group_by(Deal.team_id, Deal.owner_id, named)
    )
    found: dict[tuple[int | None, int | None], list[Any]] = {}
    for row in ctx.session.execute(query):
        found.setdefault((row.team_id, row.owner_id), []).append(row)
    return [
        Line(team_id=team, owner_id=owner, figures=_figures(rows)) for (team, owner), rows in found.items()
    ]


def added(lines: Iterable[Line]) -> Figures:
    """Return figures added up."""
    return sum((line.figures for line in lines), Figures())


def _figures(rows: Sequence[Any]) -> Figures:
    sums, numbers = dict.fromkeys(CATEGORIES, ZERO), dict.fromkeys(CATEGORIES, 0)
    for row in rows:
        sums[row.bucket] = amounts.money(row.total)
        numbers[row.bucket] = row.n
    return Figures(sums, numbers, sum((amounts.money_weighted(row.weighted) for row in rows), ZERO))


def address(asked: Asked, category: str = "") -> str:
    """Return the list of the deals of a category, or of all that count."""
    if category == "closed":
        return asked.deals("outcome = won")
    if category:
        return asked.deals("outcome = open", f"category = {category}")
    return asked.deals(f"(outcome = won or (outcome = open and category in ({', '.join(OPEN)})))")
