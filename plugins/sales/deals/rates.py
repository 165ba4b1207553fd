"""Amounts in the currency of reports, by exchange rates with a date."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select

from app.sdk import Context, Invalid, _
from app.sdk.services import access, unit

from . import days, options
from .models import Rate

CENT = Decimal("0.01")
MANAGE = "sales.pipelines"


def rate(ctx: Context, currency: str, day: str) -> Decimal | None:
    """Return how much of the reporting currency one unit is worth on a day; None when no rate is known.

    The last rate up to the day holds; before the first one, the first.
    """
    if not currency or currency == options.currency(ctx):
        return Decimal(1)
    kept = ctx.__dict__.setdefault("_sales_rates", {})
    if currency not in kept:
        query = select(Rate.day, Rate.rate).where(Rate.currency == currency).order_by(Rate.day)
        with ctx.session.no_autoflush:
            kept[currency] = [(row.day, row.rate) for row in ctx.session.execute(query)]
    known: Sequence[tuple[str, Decimal]] = kept[currency]
    earlier = [value for since, value in known if since <= day]
    return earlier[-1] if earlier else known[0][1] if known else None


def base(ctx: Context, amount: Decimal | None, currency: str, day: str) -> Decimal:
    """Return an amount in the reporting currency, to the cent; nought without an amount or without any rate."""
    if amount is None:
        return Decimal(0)
    worth = rate(ctx, currency, day)
    return (amount * worth).quantize(CENT, ROUND_HALF_UP) if worth is not None else Decimal(0)


def every(ctx: Context) -> Sequence[Rate]:
    """Return all rates: by currency, the latest first."""
    return ctx.session.execute(select(Rate).order_by(Rate.currency, Rate.day.desc())).scalars().all()


@unit
def save(ctx: Context, currency: str, day: str, value: Decimal) -> Rate:
    """Set the rate of a currency from a day on. Raises NotAllowed, or Invalid with a sentence."""
    access.require(ctx, MANAGE)
    problems = {}
    if len(currency) != 3 or not currency.isalpha() or not currency.isupper():
        problems["currency"] = _("Write its three letters, like USD.")
    elif currency == options.currency(ctx):
        problems["currency"] = _("This is the currency of reports itself.")
    if not days.valid(day):
        problems["day"] = _("“%(text)s” is no date. Write it as 2026-02-28.", text=day)
    if value <= 0:
        problems["rate"] = _("A rate is above zero.")
    if problems:
        raise Invalid(problems)
    query = select(Rate).where(Rate.currency == currency, Rate.day == day)
    found = ctx.session.execute(query).scalar_one_or_none()
    if found is None:
        found = Rate(currency=currency, day=day, rate=value)
        ctx.session.add(found)
    found.rate = value
    ctx.session.flush()
    ctx.__dict__.pop("_sales_rates", None)
    return found


@unit
def remove(ctx: Context, rate_id: int) -> None:
    """Remove a rate; amounts that were converted by it stay until their deals change."""
    access.require(ctx, MANAGE)
    found = ctx.session.get(Rate, rate_id)
    if found is not None:
        ctx.session.delete(found)
        ctx.session.flush()
    ctx.__dict__.pop("_sales_rates", None)
