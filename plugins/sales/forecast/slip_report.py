"""The report on slippage: whose deals move out of the period, how far and how often."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, and_, case, func, select

from app.sdk import Context, _
from app.sdk.services import people

from ..deals.models import Deal
from . import amounts, links
from .asked import Asked
from .models import Slip
from .tables import Column, Row, Table

OFTEN = 20


def condition(asked: Asked) -> list[ColumnElement[bool]]:
    """Return which moves are looked at: of days within the period."""
    return [asked.dated(Slip.from_on), *asked.whose(Deal)]


def went_out(asked: Asked) -> ColumnElement[bool]:
    """Return the condition that a move led out of the period, behind its end, and the deal still is there."""
    end = asked.period.end.isoformat()
    return and_(Slip.to_on > end, Deal.close_on > end)


def who_went(asked: Asked) -> Any:
    """Return the select of the ids of the deals that moved out."""
    query = select(Deal.id).join(Slip, Slip.deal_id == Deal.id)
    return query.where(*condition(asked), went_out(asked))


def who_moved(asked: Asked) -> Any:
    """Return the select of the ids of the deals whose day was moved at all."""
    return select(Deal.id).join(Slip, Slip.deal_id == Deal.id).where(*condition(asked))


def tables(ctx: Context, asked: Asked) -> list[Table]:
    """Return slippage by person, and the deals that were moved most often."""
    return [_by_person(ctx, asked), _often(ctx, asked)]


def _by_person(ctx: Context, asked: Asked) -> Table:
    per_deal = (
        select(
            Deal.id,
            Deal.owner_id,
            Deal.amount_base,
            func.count().label("moves"),
            func.sum(Slip.days).label("days"),
            func.max(case((went_out(asked), 1), else_=0)).label("out"),
        )
        .join(Slip, Slip.deal_id == Deal.id)
        .where(*condition(asked))
        .group_by(Deal.id, Deal.owner_id, Deal.amount_base)
        .subquery()
    )
    gone = case((per_deal.c.out == 1, per_deal.c.amount_base), else_=0)
    query = select(
        per_deal.c.owner_id,
        func.count().label("deals"),
        func.sum(per_deal.c.moves).label("moves"),
        func.sum(per_deal.c.days).label("days"),
        func.sum(per_deal.c.out).label("out"),
        amounts.total(gone).label("value"),
    ).group_by(per_deal.c.owner_id)
    found = ctx.session.execute(query).all()
    names = people.user_names(ctx, {row.owner_id for row in found if row.owner_id is not None})
    rows = sorted(
        (_row(asked, names, row) for row in found), key=lambda row: (-row.values["value"], row.label)
    )
    return Table(
        id="slips",
        title=_("By person"),
        first=_("Person"),
        columns=[
            Column(key="deals", label=_("Deals moved"), kind="count"),
            Column(key="moves", label=_("Moves"), kind="count"),
            Column(key="days", label=_("Days per move"), kind="decimal"),
            Column(key="out", label=_("Moved out of the period"), kind="count"),
            Column(key="value", label=_("Value of these")),
        ],
        rows=rows,
        total=_total(asked, rows) if rows else None,
        bar="value",
    )


def _row(asked: Asked, names: Any, row: Any) -> Row:
    own = asked.args(owner=str(row.owner_id) if row.owner_id is not None else "none")
    moved = url_for("sales_reports.behind", what="moved", **own)
    out = url_for("sales_reports.behind", what="slipped", **own)
    return Row(
        label=names.get(row.owner_id, "") or _("Nobody"),
        values={
            "deals": row.deals,
            "moves": int(row.moves),
            "days": Decimal(int(row.days)) / int(row.moves),
            "out": int(row.out),
            "value": amounts.money(row.value),
        },
        urls={"deals": moved, "moves": moved, "days": moved, "out": out, "value": out},
    )


def _total(asked: Asked, rows: list[Row]) -> Row:
    values: dict[str, Any] = {
        key: sum(row.values[key] for row in rows) for key in ("deals", "moves", "out", "value")
    }
    moved = url_for("sales_reports.behind", what="moved", **asked.args())
    out = url_for("sales_reports.behind", what="slipped", **asked.args())
    return Row(label=_("All"), values=values, urls={"deals": moved, "moves": moved, "out": out, "value": out})


def _often(ctx: Context, asked: Asked) -> Table:
    counted = func.count().label("moves")
    query = (
        select(
            Deal.id,
            Deal.name,
            Deal.amount_base,
            Deal.close_on,
            counted,
            func.min(Slip.from_on).label("first"),
            func.sum(Slip.days).label("days"),
        )
        .join(Slip, Slip.deal_id == Deal.id)
        .where(*condition(asked))
        .group_by(Deal.id, Deal.name, Deal.amount_base, Deal.close_on)
        .order_by(counted.desc(), Deal.id)
        .limit(OFTEN)
    )
    return Table(
        id="often",
        title=_("Moved most often"),
        first=_("Deal"),
        columns=[
            Column(key="moves", label=_("Moves"), kind="count"),
            Column(key="days", label=_("Days in all"), kind="count"),
            Column(key="first", label=_("Was to close on"), kind="day"),
            Column(key="now", label=_("Closes on"), kind="day"),
            Column(key="value", label=_("Value")),
        ],
        rows=[
            Row(
                label=row.name,
                url=links.deal_url(ctx, row.id),
                values={
                    "moves": row.moves,
                    "days": int(row.days),
                    "first": row.first,
                    "now": row.close_on,
                    "value": row.amount_base,
                },
            )
            for row in ctx.session.execute(query)
        ],
    )
