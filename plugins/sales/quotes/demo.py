"""Demonstration of quotes: some in every state, dated back from now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, func, select

from app.sdk import Context
from app.sdk.services import acting, for_user, records

from ..deals.models import Deal
from ..products import prices
from ..products.models import DealLine
from . import content, deciding, guarding, issuing
from .choices import ISSUED
from .content import QUOTE
from .models import Quote

TERMS = (
    "Prices are valid until the day given above. Delivery within six weeks of the order.\n\n"
    "Payment: 40 % with the order, 50 % on delivery, 10 % after commissioning, each within 14 days."
)
OPEN = ("draft", "draft", "issued", "issued", "soon", "issued", "again", "expired", "declined")


def build(demo: Context) -> None:
    """Add quotes for deals that have lines, in a house without quotes."""
    if demo.session.scalar(select(func.count(Quote.id))):
        return
    for deal, state in zip(_deals(demo, "open", len(OPEN)), OPEN, strict=False):
        _quote(deal, state)
    for deal in _deals(demo, "won", 3):
        _quote(deal, "accepted")


def _deals(demo: Context, outcome: str, most: int) -> list[Any]:
    lined = exists().where(DealLine.deal_id == Deal.id)
    query = select(Deal).where(Deal.outcome == outcome, Deal.owner_id.is_not(None), lined)
    return list(demo.session.execute(query.order_by(Deal.id).limit(most)).scalars())


def _quote(deal: Any, state: str) -> None:
    owner = for_user(deal.owner_id, source="demo")
    with acting(owner):
        quote = content.from_deal(owner, deal)
        records.update(owner, QUOTE, quote.id, {"terms": TERMS})
        if state != "draft":
            issuing.issue(owner, quote.id)
            WAYS[state](owner, quote)


def _leave(owner: Context, quote: Quote) -> None:
    """Leave it issued."""


def _again(owner: Context, quote: Quote) -> None:
    issuing.issue(owner, content.again(owner, quote).id)


def _ends(days: int) -> Callable[[Context, Quote], None]:
    def end(owner: Context, quote: Quote) -> None:
        last = date.fromisoformat(prices.today(owner)) + timedelta(days=days)
        with guarding.ours(owner):
            records.update(owner, QUOTE, quote.id, {"valid_until": last.isoformat()})
        if days < 0:
            with guarding.ours(owner):
                records.update(owner, QUOTE, quote.id, {"status": "expired"})

    return end


def _decides(accepted: bool) -> Callable[[Context, Quote], None]:
    def decide(owner: Context, quote: Quote) -> None:
        name = (
            quote.customer.splitlines()[-1 if not quote.contact_id else 1][:200]
            if quote.customer
            else "Office"
        )
        deciding.decide(owner, quote.id, deciding.Answer(accepted=accepted, name=name))

    return decide


WAYS: dict[str, Callable[[Context, Quote], None]] = {
    ISSUED: _leave,
    "soon": _ends(3),
    "expired": _ends(-4),
    "again": _again,
    "declined": _decides(False),
    "accepted": _decides(True),
}
