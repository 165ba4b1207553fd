"""Quotes beside deals, and what somebody has bought, beside people and companies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from sqlalchemy import func, select

from app.sdk import Context, Panel, _l

from ..deals.models import Deal
from ..products import money
from ..products.models import DealLine
from .choices import ACCEPTED, STATUSES
from .content import QUOTE, paid
from .models import Quote, QuoteLine

ROWS = 8
TONES = {choice.value: choice for choice in STATUSES}


def of_deal(ctx: Context, deal: Any) -> str | None:
    """Show the quotes of a deal, the latest first."""
    query = select(Quote).where(Quote.deal_id == deal.id).order_by(Quote.id.desc()).limit(ROWS)
    found = ctx.session.execute(query).scalars().all()
    may = ctx.may(f"{QUOTE}.create")
    if not found and not may:
        return None
    return render_template(
        "sales/quotes/panel.html",
        rows=[_row(ctx, quote) for quote in found],
        make_url=url_for("actions.perform", owner="sales", name="quote") if may else None,
        deal_id=deal.id,
    )


def _row(ctx: Context, quote: Quote) -> dict[str, Any]:
    status = TONES[quote.status]
    return {
        "title": f"{quote.number} {quote.name}".strip(),
        "url": url_for("sales_quotes.show", record_id=quote.id),
        "status": status.label,
        "tone": status.tone,
        "amount": money.shown(quote.total, quote.currency, ctx.locale),
    }


def bought(ctx: Context, record: Any) -> str | None:
    """Show what a person or company has bought: lines of accepted quotes, and of won deals without one."""
    own = "company_id" if record.__entity__ == "company" else "contact_id"
    rows = _bought(ctx, own, record.id, ROWS + 1)
    if not rows:
        return None
    return render_template("sales/quotes/bought.html", rows=rows[:ROWS], more=len(rows) > ROWS)


def _bought(ctx: Context, own: str, record_id: int, limit: int) -> Sequence[dict[str, Any]]:
    quoted = (
        select(QuoteLine, Quote)
        .join(Quote, Quote.id == QuoteLine.quote_id)
        .where(getattr(Quote, own) == record_id, Quote.status == ACCEPTED)
        .order_by(Quote.decided_at.desc(), Quote.id.desc(), QuoteLine.position)
        .limit(limit)
    )
    lines = [(line, quote) for line, quote in ctx.session.execute(quoted)]
    amounts = paid(ctx, {quote.id: quote for _line, quote in lines}.values())
    found: list[tuple[Any, Any, Any, str, str, str]] = [
        (
            quote.decided_at,
            line,
            amounts[line.id],
            quote.currency,
            quote.issued_on,
            url_for("sales_quotes.show", record_id=quote.id),
        )
        for line, quote in lines
    ]
    accepted = select(Quote.deal_id).where(Quote.status == ACCEPTED, Quote.deal_id.is_not(None))
    won = (
        select(
            DealLine, Deal.currency, Deal.close_on, Deal.id, func.coalesce(Deal.closed_at, Deal.updated_at)
        )
        .join(Deal, Deal.id == DealLine.deal_id)
        .where(getattr(Deal, own) == record_id, Deal.outcome == "won", Deal.id.not_in(accepted))
        .order_by(Deal.closed_at.desc(), Deal.id.desc(), DealLine.position)
        .limit(limit)
    )
    found += [
        (at, line, line.total, currency, day, url_for("sales_deals.show", record_id=deal_id))
        for line, currency, day, deal_id, at in ctx.session.execute(won)
    ]
    found.sort(key=lambda one: one[0], reverse=True)
    house = str(ctx.settings.get("currency") or "EUR")
    return [
        {
            "text": line.description,
            "quantity": money.plain(line.quantity, ctx.locale),
            "unit": line.unit,
            "day": day,
            "url": url,
            "amount": money.shown(amount, currency or house, ctx.locale),
        }
        for _at, line, amount, currency, day, url in found[:limit]
    ]


def _panel(name: str, label: Any, slot: str, view: Any, order: int, **more: Any) -> Panel:
    return Panel(
        name=name, label=label, slot=slot, view=view, order=order, permission=f"{QUOTE}.view", **more
    )


TOLD = (f"{QUOTE}.created", f"{QUOTE}.updated", f"{QUOTE}.deleted", "sales.deal.updated")

ALL = (
    _panel("quotes", _l("Quotes"), "sales.deal.main", of_deal, 30, refresh_on=TOLD),
    _panel("bought", _l("Bought"), "contact.side", bought, 55, refresh_on=TOLD),
    _panel("bought_by_company", _l("Bought"), "company.side", bought, 55, refresh_on=TOLD),
)
