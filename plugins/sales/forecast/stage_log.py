"""How far deals got and how long they stood, out of the log of their moves: never out of where they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from app.sdk import Context

from ..deals.models import Deal, Pipeline, Stage, StageChange
from .asked import Asked
from .dimensions import Dimension


@dataclass(frozen=True, kw_only=True)
class Place:
    """A stage on the way: `rank` counts from 1, the won one is the last; lost ones are on no way."""

    id: int
    name: str
    rank: int
    won: bool


@dataclass(frozen=True, kw_only=True)
class Stay:
    """How many deals left a stage and how many days they had stood in it, together."""

    left: int
    days: int


def way(ctx: Context, pipeline_id: int) -> Sequence[Place]:
    """Return the stages of a pipeline in their order, without lost ones."""
    query = select(Stage.id, Stage.name, Stage.outcome).where(
        Stage.pipeline_id == pipeline_id, Stage.outcome != "lost"
    )
    rows = ctx.session.execute(query.order_by(Stage.outcome == "won", Stage.position, Stage.id)).all()
    return [
        Place(id=row.id, name=row.name, rank=n, won=row.outcome == "won") for n, row in enumerate(rows, 1)
    ]


def pipeline_of(ctx: Context, asked: Asked) -> int | None:
    """Return the pipeline that is asked for, else the first; None when there is none."""
    if asked.pipeline_id is not None:
        return asked.pipeline_id
    query = select(Pipeline.id).order_by(Pipeline.retired, Pipeline.position, Pipeline.id).limit(1)
    return ctx.session.execute(query).scalar()


def pipeline_name(ctx: Context, places: Sequence[Place]) -> str:
    """Return what the pipeline of some stages is called."""
    query = select(Pipeline.name).join(Stage, Stage.pipeline_id == Pipeline.id)
    return ctx.session.execute(query.where(Stage.id.in_([p.id for p in places])).limit(1)).scalar() or ""


def cohort(asked: Asked, pipeline_id: int) -> list[ColumnElement[bool]]:
    """Return which deals are looked at: those of a pipeline that were opened in the period."""
    return [asked.dated(Deal.opened_on), Deal.pipeline_id == pipeline_id, *asked.whose(Deal)]


def furthest(places: Sequence[Place], where: Sequence[ColumnElement[bool]], *columns: Any) -> Any:
    """Return the select of deals with the rank of the furthest stage that each ever reached, 0 for none."""
    ranks: Any = case({p.id: p.rank for p in places}, value=StageChange.to_stage_id, else_=0)
    return (
        select(Deal.id.label("deal_id"), func.max(ranks).label("rank"), *columns)
        .join(StageChange, StageChange.deal_id == Deal.id)
        .where(*where)
        .group_by(Deal.id, *columns)
    )


def reached(
    ctx: Context, places: Sequence[Place], where: Sequence[ColumnElement[bool]], by: Dimension | None = None
) -> Mapping[Any, list[int]]:
    """Return how many deals reached each stage or went beyond it, in the order of the stages, by a dimension."""
    if not places:
        return {}
    named = by.column.label("part") if by is not None else None
    inner = furthest(places, where, *([named] if named is not None else [])).subquery()
    parts = [inner.c.part] if named is not None else []
    query = select(inner.c.rank, func.count().label("n"), *parts).group_by(inner.c.rank, *parts)
    found: dict[Any, list[int]] = {}
    for row in ctx.session.execute(query):
        counts = found.setdefault(row.part if parts else None, [0] * len(places))
        for n in range(row.rank):
            counts[n] += row.n
    return found


def stays(ctx: Context, where: Sequence[ColumnElement[bool]]) -> Mapping[int, Stay]:
    """Return how long deals stood in the stages that they left."""
    query = (
        select(StageChange.from_stage_id, func.count().label("n"), func.sum(StageChange.days).label("days"))
        .join(Deal, Deal.id == StageChange.deal_id)
        .where(StageChange.from_stage_id.is_not(None), *where)
        .group_by(StageChange.from_stage_id)
    )
    return {row.from_stage_id: Stay(left=row.n, days=int(row.days)) for row in ctx.session.execute(query)}


def who_reached(places: Sequence[Place], stage_id: int, where: Sequence[ColumnElement[bool]]) -> Any:
    """Return the select of the ids of deals that reached a stage or went beyond it."""
    rank = next((p.rank for p in places if p.id == stage_id), 10**6)
    inner = furthest(places, where).subquery()
    return select(inner.c.deal_id).where(inner.c.rank >= rank)


def who_left(stage_id: int, where: Sequence[ColumnElement[bool]]) -> Any:
    """Return the select of the ids of deals that left a stage."""
    return (
        select(Deal.id)
        .join(StageChange, StageChange.deal_id == Deal.id)
        .where(StageChange.from_stage_id == stage_id, *where)
    )
