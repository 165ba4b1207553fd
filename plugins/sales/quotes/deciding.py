"""What becomes of a quote: accepted, with the deal won in the same transaction, declined, or expired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import select

from app.sdk import Context, Invalid, KithError, NotVisible, _, _l
from app.sdk.services import notifications, records, unit

from ..deals import service, stages
from ..products import prices
from . import guarding
from .choices import ACCEPTED, DECLINED, EXPIRED, ISSUED, REPLACED
from .content import QUOTE
from .models import Quote

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was decided, by whom as he wrote his name, with which words, and from which network ("" by a colleague)."""

    accepted: bool
    name: str
    note: str = ""
    address: str = ""


@unit
def decide(ctx: Context, quote_id: int, answer: Answer) -> Quote:
    """Note what was decided about an issued quote and return it. Accepted, its deal is won in this transaction.

    Raises NotVisible, NotAllowed, and Invalid when it is too late or has been decided meanwhile.
    """
    quote: Quote = records.get(ctx, QUOTE, quote_id, "edit")
    if quote.status != ISSUED:
        raise Invalid({"status": _("This quote is not open any more.")})
    if answer.address and is_over(ctx, quote):
        raise Invalid({"status": _("This quote has expired. Ask for a new one.")})
    if not answer.name.strip():
        raise Invalid({"name": _("Write your name.")})
    quote.decided_from = network(answer.address)
    with guarding.ours(ctx):
        records.update(
            ctx,
            QUOTE,
            quote.id,
            {
                "status": ACCEPTED if answer.accepted else DECLINED,
                "decided_at": ctx.now,
                "decided_by": answer.name.strip()[:200],
                "decided_note": answer.note.strip()[:2000],
            },
        )
    won = _won(ctx, quote) if answer.accepted else ""
    topic = "sales.quote.accepted" if answer.accepted else "sales.quote.declined"
    ctx.events.emit(topic, entity=QUOTE, record_ids=[quote.id])
    _tell(ctx, quote, answer, won)
    return quote


def _won(ctx: Context, quote: Quote) -> str:
    """Win the deal of an accepted quote for what was accepted; return why that was not possible, or ""."""
    if quote.deal_id is None:
        return ""
    try:
        deal = records.get(ctx, "sales.deal", quote.deal_id, "edit")
        if deal.outcome == "won":
            return ""
        with ctx.unit(savepoint=True):
            changes: dict[str, Any] = {
                "amount": quote.net.quantize(Decimal("0.01")),
                "currency": quote.currency,
            }
            left = stages.find(ctx, deal.stage_id)
            if left is not None and set(left.checklist) - set(deal.checked):
                changes["checked"] = list(left.checklist)
            records.update(ctx, "sales.deal", deal.id, changes)
            service.win(ctx, [deal])
    except KithError as error:
        return str(error)
    return ""


def _tell(ctx: Context, quote: Quote, answer: Answer, trouble: str) -> None:
    """Tell the owner, unless it was himself."""
    if quote.owner_id is None or quote.owner_id == ctx.user.id:
        return
    number, name = quote.number, quote.decided_by
    if not answer.accepted:
        text = _l("%(name)s has declined quote %(number)s.", name=name, number=number)
    elif trouble:
        text = _l(
            "%(name)s has accepted quote %(number)s. The deal is still open: %(reason)s",
            name=name,
            number=number,
            reason=trouble,
        )
    else:
        text = _l("%(name)s has accepted quote %(number)s. The deal is won.", name=name, number=number)
    notifications.send(
        ctx,
        [quote.owner_id],
        "sales.quote_decided",
        text,
        about=(QUOTE, quote.id),
        key=f"quote:{quote.id}:{quote.status}",
    )


def network(address: str) -> str:
    """Return the network of an address: three quarters of an IPv4 address, the first 48 bits of an IPv6 one."""
    if not address:
        return ""
    try:
        found = ip_address(address)
    except ValueError:
        return "-"
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))


def is_over(ctx: Context, quote: Quote) -> bool:
    """Tell whether the last day on which a quote is valid is over."""
    return bool(quote.valid_until) and quote.valid_until < prices.today(ctx)


def expire(ctx: Context, args: Mapping[str, Any]) -> None:
    """Note of issued quotes whose last day is over that they have expired: a job of every night."""
    query = (
        select(Quote.id)
        .where(Quote.status == ISSUED, Quote.valid_until != "", Quote.valid_until < prices.today(ctx))
        .order_by(Quote.valid_until, Quote.id)
        .limit(BATCH)
    )
    while ids := ctx.session.execute(query).scalars().all():
        with ctx.unit(), guarding.ours(ctx):
            for quote_id in ids:
                records.update(ctx, QUOTE, quote_id, {"status": EXPIRED})
                ctx.events.emit("sales.quote.expired", entity=QUOTE, record_ids=[quote_id])


def revive(ctx: Context, quote_id: int) -> None:
    """Let a replaced quote be open again, or expired, when the version after it is taken back."""
    try:
        quote: Quote = records.get(ctx, QUOTE, quote_id, "edit")
    except NotVisible:
        return
    if quote.status == REPLACED:
        from . import tokens

        status = DECLINED if quote.decided_at else EXPIRED if is_over(ctx, quote) else ISSUED
        if status == ISSUED:
            tokens.give(quote)
        records.update(ctx, QUOTE, quote.id, {"status": status})
