"""What a product costs for whom, today: the price list that holds, its tiers, and the tax rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from app.sdk import Context
from app.sdk.filters import ExprError, matches

from .models import Price, PriceList, Product, TaxRate

MOST_LISTS = 50


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """For whom prices are asked: the currency, the company if it is known, the country (ISO 3166, may be empty)."""

    currency: str
    company_id: int | None = None
    country: str = ""


def today(ctx: Context) -> str:
    """Return the date where the reader is, ISO 8601."""
    return ctx.now.astimezone(ctx.zone).date().isoformat()


def list_for(ctx: Context, buyer: Buyer) -> PriceList | None:
    """Return the price list that holds today: the first by name whose segment finds the company, else a standard one."""
    day = today(ctx)
    query = (
        select(PriceList)
        .where(
            PriceList.currency == buyer.currency,
            PriceList.valid_from <= day,
            or_(PriceList.valid_until == "", PriceList.valid_until >= day),
        )
        .order_by(PriceList.name, PriceList.id)
        .limit(MOST_LISTS)
    )
    found = ctx.session.execute(query).scalars().all()
    segments = [one for one in found if one.segment and _holds(ctx, one, buyer)]
    standard = [one for one in found if one.standard and not one.segment]
    return next(iter([*segments, *standard]), None)


def _holds(ctx: Context, one: PriceList, buyer: Buyer) -> bool:
    if buyer.company_id is None:
        return False
    try:
        return buyer.company_id in matches(ctx, "company", one.segment, [buyer.company_id])
    except ExprError as error:
        ctx.log.warning("the segment of price list %s cannot be understood: %s", one.id, error)
        return False


def price_of(ctx: Context, product: Product, quantity: Decimal, buyer: Buyer) -> Decimal | None:
    """Return the unit price of a product: the highest tier that the quantity reaches, else the product's own."""
    return prices_of(ctx, [(product, quantity)], buyer)[0]


def prices_of(ctx: Context, wanted: Sequence[tuple[Product, Decimal]], buyer: Buyer) -> list[Decimal | None]:
    """Return the unit prices of products in the quantities given, None where there is none; two queries for all."""
    tiers = _tiers(ctx, list_for(ctx, buyer), {product.id for product, _quantity in wanted})
    found = []
    for product, quantity in wanted:
        reached = [price for minimum, price in tiers.get(product.id, ()) if minimum <= quantity]
        own = product.price if product.currency in ("", buyer.currency) else None
        found.append(reached[-1] if reached else own)
    return found


def _tiers(
    ctx: Context, one: PriceList | None, product_ids: Iterable[int]
) -> Mapping[int, Sequence[tuple[Decimal, Decimal]]]:
    if one is None:
        return {}
    query = (
        select(Price.product_id, Price.minimum, Price.price)
        .where(Price.list_id == one.id, Price.product_id.in_(sorted(product_ids)))
        .order_by(Price.product_id, Price.minimum)
    )
    found: dict[int, list[tuple[Decimal, Decimal]]] = {}
    for row in ctx.session.execute(query):
        found.setdefault(row.product_id, []).append((row.minimum, row.price))
    return found


def tax_rate(ctx: Context, country: str, tax_class: str, day: str) -> Decimal:
    """Return the tax rate of a class in a country on a day, that of "elsewhere" if the country has none, else 0.

    Where a country has no reduced rate its standard one holds.
    """
    found = _rate(ctx, country, tax_class, day)
    if tax_class == "reduced" and (found is None or (country and not found.country)):
        standard = _rate(ctx, country, "standard", day)
        found = standard if found is None or (standard is not None and standard.country) else found
    return Decimal(0) if found is None else found.rate


def _rate(ctx: Context, country: str, tax_class: str, day: str) -> TaxRate | None:
    query = (
        select(TaxRate)
        .where(TaxRate.country.in_(["", country]), TaxRate.tax_class == tax_class, TaxRate.valid_from <= day)
        .order_by(TaxRate.country.desc(), TaxRate.valid_from.desc())
        .limit(1)
    )
    return ctx.session.execute(query).scalar_one_or_none()


def buyer_of(ctx: Context, deal: Any) -> Buyer:
    """Return for whom a deal's prices are: its currency or the house's, its company and the country of that."""
    currency = deal.currency or str(ctx.settings.get("currency") or "EUR")
    country = country_of(ctx, deal.company_id, deal.contact_id)
    return Buyer(currency=currency, company_id=deal.company_id, country=country)


def country_of(ctx: Context, company_id: int | None, contact_id: int | None) -> str:
    """Return the country of a company's, else a person's first address, else the house's."""
    from .addresses import of_record

    found = of_record(ctx, "company", company_id) or of_record(ctx, "contact", contact_id)
    code = str(found.get("country_code") or "") if found else ""
    return (code or str(ctx.settings.get("region") or "")).upper()[:2]
