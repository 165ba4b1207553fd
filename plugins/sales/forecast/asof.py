"""The pipeline as it was at the end of a day past, out of the log of moves: stages, values and days as noted then."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import and_, func, select

from app.sdk import Context, _

from ..deals.models import Deal, Stage, StageChange
from . import amounts
from .asked import Asked
from .tables import Column, Row, Table


def moment(ctx: Context, day: date) -> datetime:
    """Return the end of a day for the reader."""
    return datetime.combine(day + timedelta(days=1), time(), ctx.zone).astimezone(UTC)


def last_moves(ctx: Context, asked: Asked, day: date) -> Any:
    """Return the select of (deal, the last move before the end of a day) of deals that stood in an open stage then."""
    at = moment(ctx, day)
    latest = (
        select(StageChange.deal_id, func.max(StageChange.at, type_=StageChange.at.type).label("at"))
        .where(StageChange.at < at)
        .group_by(StageChange.deal_id)
        .subquery()
    )
    last = (
        select(func.max(StageChange.id).label("id"))
        .join(latest, and_(latest.c.deal_id == StageChange.deal_id, latest.c.at == StageChange.at))
        .group_by(StageChange.deal_id)
        .subquery()
    )
    open_stages = select(Stage.id).where(Stage.outcome == "open")
    return (
        select(
            Deal.id.label("deal_id"), StageChange.to_stage_id, StageChange.amount_base, StageChange.close_on
        )
        .join(StageChange, StageChange.deal_id == Deal.id)
        .join(last, last.c.id == StageChange.id)
        .where(StageChange.to_stage_id.in_(open_stages), *asked.whose(Deal))
    )


def table(ctx: Context, asked: Asked, day: date) -> Table:
    """Return the pipeline by stage as it was at the end of a day."""
    inner = last_moves(ctx, asked, day).subquery()
    query = select(
        inner.c.to_stage_id, func.count().label("n"), amounts.total(inner.c.amount_base).label("total")
    ).group_by(inner.c.to_stage_id)
    found = {row.to_stage_id: row for row in ctx.session.execute(query)}
    stages = ctx.session.execute(
        select(Stage.id, Stage.name, Stage.probability)
        .where(Stage.id.in_(found))
        .order_by(Stage.pipeline_id, Stage.position, Stage.id)
    ).all()
    rows = [_row(asked, day, stage, found[stage.id]) for stage in stages]
    sums = {key: sum((row.values[key] for row in rows), 0 * amounts.CENT) for key in ("total", "weighted")}
    everything = behind(asked, day)
    return Table(
        id="asof",
        title=_("Pipeline by stage"),
        said=_("Values are those that were noted when each deal was last moved before."),
        first=_("Stage"),
        columns=[
            Column(key="count", label=_("Deals"), kind="count"),
            Column(key="total", label=_("Value")),
            Column(key="weighted", label=_("Weighted")),
        ],
        rows=rows,
        total=Row(
            label=_("All"),
            values={"count": sum(row.values["count"] for row in rows), **sums},
            urls=dict.fromkeys(("count", "total"), everything),
        ),
        bar="total",
    )


def behind(asked: Asked, day: date, stage: int | None = None) -> str:
    """Return the address of the deals in a stage, or in all, as they were."""
    return url_for("sales_reports.behind", what="asof", **asked.args(on=day.isoformat(), stage=stage))


def who(ctx: Context, asked: Asked, day: date, stage: int | None) -> Any:
    """Return the select of the ids of those deals, with their values then."""
    inner = last_moves(ctx, asked, day).subquery()
    query = select(inner.c.deal_id, inner.c.amount_base)
    return query if stage is None else query.where(inner.c.to_stage_id == stage)


def _row(asked: Asked, day: date, stage: Any, found: Any) -> Row:
    total = amounts.money(found.total)
    address = behind(asked, day, stage.id)
    return Row(
        label=stage.name,
        values={
            "count": found.n,
            "total": total,
            "weighted": amounts.rounded(total * stage.probability / 100),
        },
        urls=dict.fromkeys(("count", "total", "weighted"), address),
    )
