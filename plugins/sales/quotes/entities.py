"""Quotes as a kind of record, and what is known of them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from app.sdk import EVERYWHERE, Context, Entity, Field, Kind, Privacy, Show, _, _l, _lp

from ..products.entities import _currency
from ..products.typed import amount
from . import content
from .choices import STATUSES
from .models import Quote

QUOTE = content.QUOTE
READ = Show.DETAIL | Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE | Show.HISTORY
WRITTEN = EVERYWHERE & ~Show.LIST


def _percent(ctx: Context, text: str) -> Decimal:
    try:
        found = amount(text or "0").quantize(Decimal("0.001"))
    except InvalidOperation as error:
        raise ValueError(_("“%(text)s” is no number. Write it like 12.5.", text=text[:40])) from error
    if not 0 <= found <= 100:
        raise ValueError(_("A discount is between 0 and 100 percent."))
    return found


def _country(ctx: Context, text: str) -> str:
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise ValueError(_("Write two letters, like PT."))
    return code


def _field(name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on=QUOTE, column=name, order=order, **more)


def title(quote: Quote) -> str:
    """Return what a quote is called: its number with its subject."""
    return f"{quote.number} {quote.name}".strip()


FIELDS = (
    _field(
        "number", _lp("of a quote", "Number"), 0, search=3, show=READ, sort=lambda m: m.number, personal=False
    ),
    _field("name", _l("Subject"), 1, required=True, search=3),
    _field("status", _l("State"), 2, kind=Kind.CHOICE, choices=STATUSES, show=READ, personal=False),
    _field("company_id", _l("Company"), 3, kind=Kind.REF, ref="company", search=1),
    _field("contact_id", _l("Contact"), 4, kind=Kind.REF, ref="contact", search=1),
    _field("deal_id", _l("Deal"), 5, kind=Kind.REF, ref="sales.deal"),
    _field("total", _l("Total"), 6, kind=Kind.MONEY, currency="currency", show=READ, personal=False),
    _field("currency", _l("Currency"), 7, parse=_currency, personal=False),
    _field("valid_until", _l("Valid until"), 8, kind=Kind.DATE, sort=lambda m: m.valid_until, personal=False),
    _field("issued_on", _l("Issued on"), 9, kind=Kind.DATE, show=READ, personal=False),
    _field(
        "discount",
        _l("Discount in percent"),
        10,
        kind=Kind.NUMBER,
        parse=_percent,
        show=WRITTEN,
        personal=False,
    ),
    _field("net", _l("Sum before tax"), 11, kind=Kind.NUMBER, show=READ & ~Show.LIST, personal=False),
    _field("tax", _l("Tax"), 12, kind=Kind.NUMBER, show=READ & ~Show.LIST, personal=False),
    _field("language", _l("Language"), 13, show=WRITTEN),
    _field("country", _l("Country"), 14, parse=_country, show=WRITTEN),
    _field("intro", _l("Words before"), 15, kind=Kind.LONG_TEXT, show=WRITTEN),
    _field("terms", _l("Terms"), 16, kind=Kind.LONG_TEXT, show=WRITTEN, personal=False),
    _field("decided_at", _l("Decided"), 17, kind=Kind.TIME, show=READ & ~Show.LIST),
    _field("decided_by", _l("Decided by"), 18, show=READ & ~Show.LIST),
    _field("decided_note", _l("Their words"), 19, kind=Kind.LONG_TEXT, show=READ & ~Show.LIST),
    _field("owner_id", _l("Owner"), 60, kind=Kind.USER),
    _field("team_id", _l("Team"), 61, kind=Kind.TEAM),
    _field(
        "created_at",
        _l("Created"),
        70,
        kind=Kind.TIME,
        sort=lambda m: m.created_at,
        show=READ & ~Show.HISTORY & ~Show.DETAIL,
    ),
    Field(
        name="lines",
        label=_l("Lines"),
        on=QUOTE,
        many=True,
        load=content.load,
        save=content.save,
        template="sales/products/_lines_value.html",
        show=Show.HISTORY,
        personal=False,
        order=95,
    ),
)

ALL = (
    Entity(
        name="quote",
        label=_l("Quote"),
        plural=_l("Quotes"),
        model=Quote,
        icon="file-text",
        url="sales_quotes.show",
        title=title,
        subject="contact_id",
        derive=content.derive,
        derive_from=("discount", "currency"),
        importable=False,
        fields=FIELDS,
        default_columns=("number", "name", "status", "company_id", "total", "currency", "valid_until"),
        default_sort="-created_at",
        privacy=Privacy(
            erase="anonymise",
            fields=("intro", "decided_by", "decided_note"),
            reason=_l("What was offered and accepted stays in the books."),
        ),
    ),
)
