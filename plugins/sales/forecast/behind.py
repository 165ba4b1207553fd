"""The deals behind a figure of a report that no filter of the list could say: chosen anew, by the same conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context, NotVisible, _
from app.sdk.services import people

from ..deals.models import Deal
from . import amounts, asof, board, dimensions, links, products, slip_report, snapshots, stage_log
from .asked import Asked
from .models import SnapshotDeal
from .tables import Column, Row, Table

SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which deals: a select of their ids, with the amount of then where the report has one; and what to call them."""

    title: str
    query: Any
    then: bool = False


def table(ctx: Context, asked: Asked, what: str, args: Mapping[str, str], *, whole: bool = False) -> Table:
    """Return the deals behind a figure, the largest first, with their number and sum. Raises NotVisible."""
    chosen = choose(ctx, asked, what, args)
    ids = _once(chosen)
    value = ids.c.amount if chosen.then else Deal.amount_base
    sums = select(func.count().label("n"), amounts.total(value).label("total")).join(ids, ids.c.id == Deal.id)
    counted = ctx.session.execute(sums.select_from(Deal)).one()
    query = (
        select(Deal.id, Deal.name, Deal.owner_id, Deal.outcome, Deal.close_on, value.label("value"))
        .select_from(Deal)
        .join(ids, ids.c.id == Deal.id)
        .order_by(value.desc(), Deal.id)
    )
    rows = ctx.session.execute(query if whole else query.limit(SHOWN)).all()
    said = _("The largest %(num)s of %(all)s.", num=SHOWN, all=counted.n) if counted.n > len(rows) else ""
    return _table(ctx, chosen, rows, counted, said)


def _once(chosen: Chosen) -> Any:
    """Return the chosen ids, each once however often a deal moved, with the amount of then where there is one."""
    inner = chosen.query.subquery()
    first = next(iter(inner.c))
    if not chosen.then:
        return select(first.label("id")).distinct().subquery()
    return select(first.label("id"), func.max(inner.c.amount_base).label("amount")).group_by(first).subquery()


def choose(ctx: Context, asked: Asked, what: str, args: Mapping[str, str]) -> Chosen:
    """Return the deals that an address asks for. Raises NotVisible for what is no figure of a report."""
    known: dict[str, Callable[[], Chosen]] = {
        "reached": lambda: _of_stage(ctx, asked, args, left=False),
        "left": lambda: _of_stage(ctx, asked, args, left=True),
        "moved": lambda: Chosen(
            title=_("Deals whose closing day was moved"), query=slip_report.who_moved(asked)
        ),
        "slipped": lambda: Chosen(
            title=_("Deals moved out of the period"), query=slip_report.who_went(asked)
        ),
        "asof": lambda: _as_of(ctx, asked, args),
        "snapshot": lambda: _of_snapshot(ctx, asked, args),
        "product": lambda: Chosen(
            title=_("Won deals with the product"),
            query=products.won_with(asked, int(args.get("product", ""))),
        ),
    }
    if what not in known:
        raise NotVisible(_("There is no such report."))
    try:
        return known[what]()
    except ValueError as error:
        raise NotVisible(_("There is no such report.")) from error


def _of_stage(ctx: Context, asked: Asked, args: Mapping[str, str], *, left: bool) -> Chosen:
    stage = int(args.get("stage", ""))
    pipeline = stage_log.pipeline_of(ctx, asked)
    places = stage_log.way(ctx, pipeline or 0)
    place = next((p for p in places if p.id == stage), None)
    where = stage_log.cohort(asked, pipeline or 0)
    if args.get("part"):
        where.append(dimensions.of(args.get("by", "")).is_(args["part"]))
    name = place.name if place else "–"
    if left:
        return Chosen(
            title=_("Deals that left “%(stage)s”", stage=name), query=stage_log.who_left(stage, where)
        )
    return Chosen(
        title=_("Deals that reached “%(stage)s”", stage=name),
        query=stage_log.who_reached(places, stage, where),
    )


def _as_of(ctx: Context, asked: Asked, args: Mapping[str, str]) -> Chosen:
    day = date.fromisoformat(args.get("on", ""))
    stage = int(args["stage"]) if args.get("stage") else None
    return Chosen(
        title=_("Pipeline on %(day)s", day=day.isoformat()),
        query=asof.who(ctx, asked, day, stage),
        then=True,
    )


def _of_snapshot(ctx: Context, asked: Asked, args: Mapping[str, str]) -> Chosen:
    found = snapshots.get(ctx, int(args.get("snapshot", "")))
    query = select(SnapshotDeal.deal_id, SnapshotDeal.amount_base).where(
        SnapshotDeal.snapshot_id == found.id,
        board.counts(SnapshotDeal),
        asked.dated(SnapshotDeal.close_on),
        *asked.whose(SnapshotDeal),
    )
    if args.get("categories"):
        query = query.where(board.bucket(SnapshotDeal).in_(args["categories"].split(",")))
    return Chosen(title=_("Forecast of %(day)s", day=found.day), query=query, then=True)


def _table(ctx: Context, chosen: Chosen, rows: Any, counted: Any, said: str) -> Table:
    names = people.user_names(ctx, {row.owner_id for row in rows if row.owner_id is not None})
    outcomes = {"open": _("Still open"), "won": _("Won"), "lost": _("Lost")}
    return Table(
        id="deals",
        title=chosen.title,
        said=said,
        first=_("Deal"),
        columns=[
            Column(key="owner", label=_("Owner"), kind="text"),
            Column(key="state", label=_("State"), kind="text"),
            Column(key="day", label=_("Closes on"), kind="day"),
            Column(key="value", label=_("Value then") if chosen.then else _("Value")),
        ],
        rows=[
            Row(
                label=row.name,
                url=links.deal_url(ctx, row.id),
                values={
                    "owner": names.get(row.owner_id, ""),
                    "state": outcomes.get(row.outcome, row.outcome),
                    "day": row.close_on or None,
                    "value": Decimal(row.value),
                },
            )
            for row in rows
        ],
        total=Row(label=_("%(num)s in all", num=counted.n), values={"value": amounts.money(counted.total)}),
    )
