"""Deals on the pages of contacts and companies, and on Today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from sqlalchemy import bindparam, func, or_, select

from app.sdk import Context, Panel, _l
from app.sdk.services import access
from app.sdk.web import money

from . import board, cards, days, of_records, options, stages, sums
from .choices import OPEN, WON
from .fields import DEAL
from .models import Deal

SIDE, TAB, DUE = 5, 100, 6
REFRESH = (f"{DEAL}.created", f"{DEAL}.updated", f"{DEAL}.deleted", f"{DEAL}.restored")


def _panel(entity: str, limit: int) -> Callable[[Context, Any], str | None]:
    def view(ctx: Context, record: Any) -> str | None:
        """Show the deals of a contact or company with what they come to."""
        found = of_records.latest(ctx, entity, record.id, limit + 1)
        may = ctx.may(f"{DEAL}.create")
        if not found and not may and limit == SIDE:
            return None
        where = of_records.belonging(entity, record.id)
        still, won = (sums.of(ctx, (where, Deal.outcome == outcome)) for outcome in (OPEN, WON))
        currency = options.currency(ctx)
        return render_template(
            "sales/deals/_of_record.html",
            deals=[_row(ctx, deal) for deal in found[:limit]],
            open=(still.count, money(still.value, currency)) if still.count else None,
            won=(won.count, money(won.value, currency)) if won.count else None,
            more=len(found) > limit,
            all_url=url_for("lists.index", entity=DEAL, f=f"{entity}_id:is:{record.id}"),
            new_url=url_for("sales_deals.new", of=entity, record_id=record.id) if may else None,
        )

    return view


def _row(ctx: Context, deal: Deal) -> dict[str, Any]:
    stage = stages.find(ctx, deal.stage_id)
    sign, tone = cards.signs(ctx, deal)
    return {
        "name": deal.name,
        "url": url_for("sales_deals.show", record_id=deal.id),
        "stage": stage.name if stage else "",
        "value": money(deal.amount, deal.currency) if deal.amount is not None and deal.currency else "",
        "sign": sign,
        "tone": tone if deal.outcome == OPEN else "",
        "outcome": deal.outcome,
    }


def _count(entity: str) -> Callable[[Context, Any], int | None]:
    query = select(func.count()).select_from(Deal)
    query = query.where(of_records.belonging(entity, bindparam("record")), Deal.outcome == OPEN)

    def count(ctx: Context, record: Any) -> int | None:
        """Count the open deals."""
        return int(access.rows(ctx, query, {"record": record.id}).scalar() or 0)

    return count


def pipeline(ctx: Context, _record: Any = None) -> str | None:
    """Show what somebody's own open deals come to, stage by stage, in the first pipeline."""
    found = stages.pipelines(ctx)
    if not found:
        return None
    asked = board.Asked(pipeline=found[0], owner="me")
    every = [stage for stage in board.shown(ctx, found[0]) if stage.outcome == OPEN]
    where = (*board.conditions(ctx, asked), Deal.pipeline_id == found[0].id, Deal.outcome == OPEN)
    totals = sums.by_stage(ctx, every, where, board.month_end(ctx))
    total = sum(totals.values(), sums.Sum())
    if not total.count:
        return None
    currency = options.currency(ctx)
    return render_template(
        "sales/deals/_mine.html",
        total=money(total.value, currency),
        count=total.count,
        weighted=money(total.weighted, currency),
        stages=[
            (stage.name, totals[stage.id].count, money(totals[stage.id].value, currency))
            for stage in every
            if stage.id in totals
        ],
        url=url_for("sales_deals.board_of", pipeline_id=found[0].id, owner="me"),
    )


def due(ctx: Context, _record: Any = None) -> str | None:
    """Show somebody's open deals that should have been decided, or that have been quiet for too long."""
    today = days.today(ctx)
    late = (Deal.close_on != "") & (Deal.close_on < today)
    query = select(Deal).where(Deal.owner_id == ctx.user.id, Deal.outcome == OPEN)
    query = query.where(or_(late, Deal.stale_on <= today)).order_by(Deal.close_on, Deal.id).limit(DUE)
    found = ctx.session.execute(query).scalars().all()
    if not found:
        return None
    rows = [
        {**_row(ctx, deal), "late": deal.close_on if deal.close_on and deal.close_on < today else ""}
        for deal in found
    ]
    more = url_for("lists.index", entity=DEAL, view="sales.stale_deals")
    return render_template("sales/deals/_due.html", deals=rows, more=more)


ALL = (
    *(
        Panel(
            name=f"deals_of_{entity}",
            label=_l("Deals"),
            slot=f"{entity}.side",
            view=_panel(entity, SIDE),
            order=15,
            permission=f"{DEAL}.view",
            refresh_on=REFRESH,
        )
        for entity in ("contact", "company")
    ),
    *(
        Panel(
            name=f"deals_tab_of_{entity}",
            label=_l("Deals"),
            slot=f"{entity}.tab",
            view=_panel(entity, TAB),
            badge=_count(entity),
            order=30,
            permission=f"{DEAL}.view",
        )
        for entity in ("contact", "company")
    ),
    Panel(
        name="pipeline",
        label=_l("Pipeline"),
        slot="dashboard",
        view=pipeline,
        order=30,
        permission=f"{DEAL}.view",
        refresh_on=REFRESH,
    ),
    Panel(
        name="due_deals",
        label=_l("Deals that wait"),
        slot="dashboard",
        view=due,
        order=25,
        permission=f"{DEAL}.view",
        refresh_on=REFRESH,
    ),
)
