"""A quote as it is printed, in the customer's language: what the page for printing, the PDF and the public page show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date
from flask import render_template

from app.sdk import Context, _, speaking

from ..products import money
from . import content, parties
from . import pdf as pdfs
from .choices import DRAFT, LETTER
from .models import Quote


@dataclass(frozen=True, kw_only=True)
class Document:
    """Everything that is printed, as text in the customer's language; `logo` says whether there is one."""

    language: str
    direction: str
    paper: str
    number: str
    title: str
    draft: bool
    sender_name: str
    sender: tuple[str, ...]
    customer: tuple[str, ...]
    issued_on: str
    valid_until: str
    intro: str
    terms: str
    rows: tuple[dict[str, str], ...]
    sums: tuple[tuple[str, str], ...]
    total: str
    recurring: str
    logo: bool


RTL = {"ar", "fa", "he", "ur"}


def language_of(ctx: Context, quote: Quote) -> str:
    """Return a language that can be written: that of the quote, else that of the house (CLDR)."""
    for code in (quote.language, str(ctx.settings.get("locale") or ""), "en"):
        try:
            return str(Locale.parse(code.replace("-", "_"))).replace("_", "-")
        except (UnknownLocaleError, ValueError):
            continue
    return "en"


def of(ctx: Context, quote: Quote) -> Document:
    """Return a quote as a document. The reader has read the quote; a draft shows the addresses of now."""
    language = language_of(ctx, quote)
    with speaking(language):
        return _of(ctx, quote, language.replace("-", "_"), language)


def _of(ctx: Context, quote: Quote, locale: str, language: str) -> Document:
    lines = content.of(ctx, quote)
    totals = money.totals(lines, quote.discount, quote.currency)
    sender = (quote.sender or parties.sender(ctx, quote)).splitlines()
    customer = (quote.customer or parties.customer(ctx, quote)).splitlines()
    return Document(
        language=language,
        direction="rtl" if language.split("-", maxsplit=1)[0] in RTL else "ltr",
        paper="Letter" if (quote.country or str(ctx.settings.get("region") or "")) in LETTER else "A4",
        number=quote.number,
        title=quote.name,
        draft=quote.status == DRAFT,
        sender_name=sender[0] if sender else "",
        sender=tuple(sender[1:]),
        customer=tuple(customer),
        issued_on=_day(quote.issued_on, locale),
        valid_until=_day(quote.valid_until, locale),
        intro=quote.intro,
        terms=quote.terms,
        rows=tuple(_row(line, quote.currency, locale) for line in lines),
        sums=tuple(_sums(totals, quote, locale)),
        total=money.shown(totals.total, quote.currency, locale),
        recurring=_recurring(lines, quote.currency, locale),
        logo=parties.has_logo(ctx),
    )


def _row(line: Any, currency: str, locale: str) -> dict[str, str]:
    again = {"month": _("every month"), "year": _("every year")}.get(line.recurring, "")
    return {
        "text": line.description,
        "again": again,
        "quantity": f"{money.plain(line.quantity, locale)} {line.unit}".strip(),
        "price": money.shown(line.unit_price, currency, locale),
        "discount": f"−{money.plain(line.discount, locale)} %" if line.discount else "",
        "tax": f"{money.plain(line.tax_rate, locale)} %",
        "total": money.shown(line.total, currency, locale),
    }


def _sums(totals: money.Totals, quote: Quote, locale: str) -> list[tuple[str, str]]:
    def amount(value: Any) -> str:
        return money.shown(value, quote.currency, locale)

    found = []
    if totals.discount:
        found.append((_("Sum of lines"), amount(totals.lines)))
        percent = money.plain(quote.discount, locale)
        found.append((_("Discount of %(percent)s %%", percent=percent), amount(-totals.discount)))
    found.append((_("Sum before tax"), amount(totals.net)))
    for tax in totals.taxes:
        percent = money.plain(tax.rate, locale)
        label = _("Tax of %(percent)s %% on %(amount)s", percent=percent, amount=amount(tax.base))
        found.append((label, amount(tax.tax)))
    return found


def _recurring(lines: Any, currency: str, locale: str) -> str:
    """Return what of it comes again, "" when everything is paid once."""
    sums = {again: [x.total for x in lines if x.recurring == again] for again in ("month", "year")}
    monthly, yearly = (money.shown(sum(found), currency, locale) if found else "" for found in sums.values())
    if monthly and yearly:
        return _(
            "Of this %(month)s each month and %(year)s each year, before tax.", month=monthly, year=yearly
        )
    if monthly:
        return _("Of this %(month)s each month, before tax.", month=monthly)
    return _("Of this %(year)s each year, before tax.", year=yearly) if yearly else ""


def day_of(ctx: Context, at: datetime | None, language: str) -> str:
    """Return the day of an instant where the house is, in full and in words: 22 November 2026."""
    zone = ZoneInfo(str(ctx.settings.get("zone") or "UTC"))
    return _day(at.astimezone(zone).date().isoformat() if at else "", language.replace("-", "_"))


def _day(text: str, locale: str) -> str:
    return str(format_date(date.fromisoformat(text), "long", locale=locale)) if text else ""


def html(document: Document, *, sheet: str, logo: str, paged: bool = False) -> str:
    """Return a document as a page of its own; `sheet` and `logo` are the addresses of stylesheet and logo.

    `paged` puts its foot on each page, which browsers cannot.
    """
    with speaking(document.language):
        return render_template(
            "sales/quotes/document.html", document=document, sheet=sheet, logo=logo, paged=paged
        )


def pdf(ctx: Context, document: Document) -> bytes:
    """Return a document as PDF. Raises pdfs.Missing where none can be drawn."""
    picture = parties.logo(ctx)
    logo = "kith:logo" if picture is not None else ""
    page = html(document, sheet="kith:quote.css", logo=logo, paged=True)
    return pdfs.render(page, {} if picture is None else {"logo": picture})


def sheet_url() -> str:
    """Return the address of the stylesheet for the page that is printed."""
    from flask import current_app

    found = current_app.jinja_env.globals["plugin_static"]
    return str(found("sales/quote.css")) if callable(found) else ""
