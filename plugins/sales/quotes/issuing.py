"""Issuing: the number, without gaps in a year, the addresses as they are printed, the customer's link; new versions."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.sdk import Context, Invalid, _
from app.sdk.services import as_house, records, unit

from ..products import money, options
from . import content, deciding, guarding, parties, tokens
from .choices import ACCEPTED, DECLINED, DRAFT, EXPIRED, ISSUED, REPLACED
from .content import QUOTE
from .models import Quote, QuoteNumber

APPROVE = "sales.discounts"
REPLACEABLE = (ISSUED, DECLINED, EXPIRED)


@unit
def issue(ctx: Context, quote_id: int) -> Quote:
    """Issue a draft and return it: the number is given in this transaction, so that a failure leaves no gap.

    Raises NotAllowed, NotVisible, Invalid with what is missing, Refuse.
    """
    quote: Quote = records.get(ctx, QUOTE, quote_id, "edit")
    _ready(ctx, quote)
    reason = needs_approval(ctx, quote) if ctx.approved is None else None
    if reason is not None:
        raise Invalid({"discount": reason})
    former = _former(ctx, quote)
    year = _today(ctx)[:4]
    if quote.serial is None:
        _number(ctx, quote, int(year), former)
    quote.customer = parties.customer(ctx, quote)
    quote.sender = parties.sender(ctx, quote)
    quote.issued_at = ctx.now
    tokens.give(quote)
    number = numbered(ctx, quote)
    with guarding.ours(ctx):
        records.update(ctx, QUOTE, quote.id, {"status": ISSUED, "number": number, "issued_on": _today(ctx)})
        if former is not None and former.status in REPLACEABLE:
            records.update(ctx, QUOTE, former.id, {"status": REPLACED})
            tokens.take(former)
    ctx.events.emit("sales.quote.issued", entity=QUOTE, record_ids=[quote.id])
    return quote


def _ready(ctx: Context, quote: Quote) -> None:
    if quote.status != DRAFT:
        raise Invalid({"status": _("This quote has been issued already.")})
    if lacking := missing(ctx, quote):
        raise Invalid(lacking)


def missing(ctx: Context, quote: Quote) -> dict[str, str]:
    """Return what a draft lacks before it can be issued: field → sentence."""
    found = {}
    if not content.of(ctx, quote):
        found["lines"] = _("Add at least one line before you issue the quote.")
    if quote.valid_until and quote.valid_until < _today(ctx):
        found["valid_until"] = _("It would have expired already. Change until when it is valid.")
    if quote.company_id is None and quote.contact_id is None:
        found["company_id"] = _("Say for whom the quote is: a company or a contact.")
    return found


def _former(ctx: Context, quote: Quote) -> Quote | None:
    if quote.replaces_id is None:
        return None
    found: Quote = records.get(ctx, QUOTE, quote.replaces_id, "edit")
    if found.status == ACCEPTED:
        raise Invalid({"status": _("The version before was accepted. It cannot be replaced any more.")})
    return found


def _number(ctx: Context, quote: Quote, year: int, former: Quote | None) -> None:
    if former is not None and former.serial is not None:
        same = (Quote.year == former.year, Quote.serial == former.serial)
        with as_house("versions of a quote are counted whoever looks after them"):
            last = ctx.session.scalar(select(func.max(Quote.revision)).where(*same))
        quote.year, quote.serial, quote.revision = former.year, former.serial, int(last or 1) + 1
        return
    quote.year, quote.serial, quote.revision = year, next_serial(ctx, year), 1


def next_serial(ctx: Context, year: int) -> int:
    """Return the next serial of a year; others wait for this transaction, and get it if this one is rolled back."""
    dialect = ctx.session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = (
        insert(QuoteNumber)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=[QuoteNumber.year], set_={"last": QuoteNumber.last + 1})
        .returning(QuoteNumber.last)
    )
    return int(ctx.session.execute(statement).scalar_one())


def numbered(ctx: Context, quote: Quote) -> str:
    """Return a quote's number as it is printed: Q-2026-0007, and -2 for its second version."""
    prefix = str(options.get(ctx, "quote_prefix") or "")
    parts = [prefix, str(quote.year), f"{quote.serial:04}"]
    if quote.revision > 1:
        parts.append(str(quote.revision))
    return "-".join(part for part in parts if part)


@unit
def take_back(ctx: Context, quote_id: int) -> Quote:
    """Make a draft again of a quote that nobody has decided on; its link ends, its number stays its own."""
    quote: Quote = records.get(ctx, QUOTE, quote_id, "edit")
    if quote.status != ISSUED:
        raise Invalid({"status": _("Only an issued quote can be made a draft again.")})
    guarding.back_to_draft(quote, quote.number)
    with guarding.ours(ctx):
        records.update(ctx, QUOTE, quote.id, {"status": DRAFT, "issued_on": ""})
        if quote.replaces_id is not None:
            deciding.revive(ctx, quote.replaces_id)
    return quote


def needs_approval(ctx: Context, quote: Quote) -> str | None:
    """Return why somebody else has to approve a quote before it is issued, None when nobody has to."""
    if ctx.may(APPROVE):
        return None
    limit = int(options.get(ctx, "discount_limit"))
    given = content.off_list(ctx, quote)
    if given <= limit:
        return None
    return _(
        "%(given)s %% below the list price; without approval at most %(limit)s %%.",
        given=money.plain(given, ctx.locale),
        limit=limit,
    )


def _today(ctx: Context) -> str:
    """Return the day in the house's own zone: all who issue count in the same year."""
    zone = ZoneInfo(str(ctx.settings.get("zone") or "UTC"))
    return ctx.now.astimezone(zone).date().isoformat()
