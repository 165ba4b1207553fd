"""What a quote says: its lines and what follows from them. Made from a deal, changed while it is a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, inspect, select

from app.sdk import Context
from app.sdk.models import Contact
from app.sdk.services import records, unit

from ..products import lines, money, options, prices
from .choices import DRAFT
from .models import Quote, QuoteLine

QUOTE = "sales.quote"

CONTENT = (
    "name",
    "company_id",
    "contact_id",
    "deal_id",
    "currency",
    "valid_until",
    "discount",
    "language",
    "country",
    "intro",
    "terms",
    "lines",
)
"""Fields that stay as they are once a quote is issued; the totals follow from them."""

COPIED = ("name", "deal_id", "contact_id", "company_id", "currency", "language", "country", "discount")


def buyer_of(ctx: Context, quote: Quote) -> prices.Buyer:
    """Return for whom a quote is."""
    return prices.Buyer(currency=quote.currency, company_id=quote.company_id, country=quote.country)


def of_quotes(ctx: Context, quote_ids: Iterable[int]) -> Mapping[int, list[QuoteLine]]:
    """Return the lines of quotes that the reader holds, in their order; one query."""
    ids = list(quote_ids)
    found: dict[int, list[QuoteLine]] = {quote_id: [] for quote_id in ids}
    query = select(QuoteLine).where(QuoteLine.quote_id.in_(ids))
    for line in ctx.session.execute(query.order_by(QuoteLine.quote_id, QuoteLine.position)).scalars():
        found[line.quote_id].append(line)
    return found


def of(ctx: Context, quote: Quote) -> list[QuoteLine]:
    """Return the lines of a quote."""
    return of_quotes(ctx, [quote.id])[quote.id]


def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """Return the lines of quotes as plain values: the field `lines`."""
    return {
        quote_id: [lines.value_of(line) for line in rows] for quote_id, rows in of_quotes(ctx, ids).items()
    }


def save(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace the lines of quotes by plain values, and add them up: the field `lines`."""
    for quote_id, given in values.items():
        quote = records.get(ctx, QUOTE, quote_id, "edit")
        rows = lines.made(ctx, QuoteLine, {"quote_id": quote_id}, given, buyer_of(ctx, quote))
        ctx.session.execute(delete(QuoteLine).where(QuoteLine.quote_id == quote_id))
        ctx.session.add_all(rows)
        add_up(quote, rows)


def paid(ctx: Context, quotes: Iterable[Quote]) -> Mapping[int, Decimal]:
    """Return line → what is paid for it before tax: its share of the discount on the whole quote is off, to the cent."""
    known = {quote.id: quote for quote in quotes}
    found: dict[int, Decimal] = {}
    for quote_id, rows in of_quotes(ctx, known).items():
        quote = known[quote_id]
        whole = {Decimal(line.id): line.total for line in rows}
        off = money.rounded(sum(whole.values(), Decimal(0)) * quote.discount / 100, quote.currency)
        shares = money.shared(off, whole, quote.currency)
        found |= {int(line_id): amount - shares[line_id] for line_id, amount in whole.items()}
    return found


def derive(ctx: Context, quote: Quote) -> None:
    """Add a draft up anew when its discount or currency changes."""
    if not inspect(quote).persistent or quote.status != DRAFT:
        return
    with ctx.session.no_autoflush:
        rows = of(ctx, quote)
    for row in rows:
        row.total = money.total_of(row, quote.currency)
    add_up(quote, rows)


def add_up(quote: Quote, rows: Sequence[QuoteLine]) -> None:
    """Set the totals of a quote from its lines."""
    found = money.totals(rows, quote.discount or Decimal(0), quote.currency)
    quote.net, quote.tax, quote.total = found.net, found.tax, found.total


@unit
def from_deal(ctx: Context, deal: Any) -> Quote:
    """Make a draft from a deal: its customer, lines and owner, the customer's language and country, the house's terms."""
    buyer = prices.buyer_of(ctx, deal)
    days = int(options.get(ctx, "quote_days"))
    made: Quote = records.create(
        ctx,
        QUOTE,
        {
            "name": deal.name,
            "deal_id": deal.id,
            "contact_id": deal.contact_id,
            "company_id": deal.company_id,
            "currency": buyer.currency,
            "language": language_of(ctx, deal.contact_id),
            "country": buyer.country,
            "valid_until": (date.fromisoformat(prices.today(ctx)) + timedelta(days=days)).isoformat(),
            "terms": str(options.get(ctx, "quote_terms") or ""),
            "lines": [lines.value_of(line) for line in lines.of_deals(ctx, [deal.id])[deal.id]],
        },
    )
    made.owner_id, made.team_id = deal.owner_id, deal.team_id
    ctx.session.flush()
    return made


@unit
def again(ctx: Context, quote: Quote) -> Quote:
    """Make a draft of a new version; the one before stays readable and is replaced when the new one is issued."""
    days = int(options.get(ctx, "quote_days"))
    values: dict[str, Any] = {name: getattr(quote, name) for name in COPIED}
    values |= {"intro": quote.intro, "terms": quote.terms}
    values["valid_until"] = (date.fromisoformat(prices.today(ctx)) + timedelta(days=days)).isoformat()
    values["lines"] = [lines.value_of(line) for line in of(ctx, quote)]
    made: Quote = records.create(ctx, QUOTE, values)
    made.replaces_id, made.owner_id, made.team_id = quote.id, quote.owner_id, quote.team_id
    ctx.session.flush()
    return made


def language_of(ctx: Context, contact_id: int | None) -> str:
    """Return the language in which a person is written to, else that of the house (BCP 47)."""
    house = str(ctx.settings.get("locale") or "en")
    if contact_id is None:
        return house
    spoken = ctx.session.scalar(select(Contact.languages).where(Contact.id == contact_id)) or ""
    first = spoken.replace("[", "").replace('"', "").replace("]", "").split(",")[0].strip()
    return first or house


def off_list(ctx: Context, quote: Quote) -> Decimal:
    """Return the largest discount in percent that a line of a quote has against its list price."""
    found = [money.off_list(line, line.list_price, quote.discount) for line in of(ctx, quote)]
    return max(found, default=Decimal(0))
