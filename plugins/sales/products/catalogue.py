"""Changing price lists and tax rates: prices with their tiers, rates with their days. Whoever looks after the prices may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from app.sdk import Context, Invalid, _
from app.sdk.services import access, records, unit

from . import money
from .models import Price, PriceList, Product, TaxRate

MAY = "sales.catalogue"
MOST = 2000
MOST_RATES = 500


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A price of a list, as it is shown."""

    id: int
    product_id: int
    product: str
    code: str
    minimum: Decimal
    price: Decimal


def tiers(ctx: Context, price_list: PriceList) -> Sequence[Tier]:
    """Return the prices of a list by product and quantity, those of products that the reader may see."""
    query = (
        select(Price.id, Price.product_id, Product.name, Product.code, Price.minimum, Price.price)
        .join(Product, Product.id == Price.product_id)
        .where(Price.list_id == price_list.id)
        .order_by(Product.name, Product.id, Price.minimum)
        .limit(MOST)
    )
    return [
        Tier(id=r.id, product_id=r.product_id, product=r.name, code=r.code, minimum=r.minimum, price=r.price)
        for r in ctx.session.execute(query)
    ]


def of_product(ctx: Context, product: Product) -> Sequence[tuple[PriceList, Decimal, Decimal]]:
    """Return in which lists a product is: the list, the quantity from which on, and the price."""
    query = (
        select(PriceList, Price.minimum, Price.price)
        .join(Price, Price.list_id == PriceList.id)
        .where(Price.product_id == product.id)
        .order_by(PriceList.name, PriceList.id, Price.minimum)
        .limit(100)
    )
    return [(row[0], row[1], row[2]) for row in ctx.session.execute(query)]


@unit
def put_price(ctx: Context, list_id: int, product_id: int, minimum: Decimal, price: Decimal) -> None:
    """Set what a product costs in a list from a quantity on; the same quantity again changes its price.

    Raises NotAllowed, NotVisible, and Invalid for a quantity or price that is none.
    """
    access.require(ctx, MAY)
    price_list = records.get(ctx, "sales.price_list", list_id)
    problems = {}
    if not access.visible_ids(ctx, Product, [product_id]):
        problems["product_id"] = _("Choose a product.")
    if not Decimal(0) < minimum < money.MOST:
        problems["minimum"] = _("Write from which quantity on, at least a little more than 0.")
    if not Decimal(0) <= price < money.MOST:
        problems["price"] = _("Write a price of 0 or more.")
    if problems:
        raise Invalid(problems)
    minimum, price = minimum.quantize(Decimal("0.001")), price.quantize(Decimal("0.0001"))
    where = (Price.list_id == price_list.id, Price.product_id == product_id, Price.minimum == minimum)
    found = ctx.session.execute(select(Price).where(*where)).scalar_one_or_none()
    if found is None:
        ctx.session.add(Price(list_id=price_list.id, product_id=product_id, minimum=minimum, price=price))
    else:
        found.price = price
    ctx.session.flush()


@unit
def drop_price(ctx: Context, list_id: int, price_id: int) -> None:
    """Take a price out of a list. Raises NotAllowed or NotVisible."""
    access.require(ctx, MAY)
    price_list = records.get(ctx, "sales.price_list", list_id)
    ctx.session.execute(delete(Price).where(Price.list_id == price_list.id, Price.id == price_id))


def rates(ctx: Context) -> Sequence[TaxRate]:
    """Return the tax rates by country, class and day, the newest first."""
    query = select(TaxRate).order_by(TaxRate.country, TaxRate.tax_class, TaxRate.valid_from.desc())
    return ctx.session.execute(query.limit(MOST_RATES)).scalars().all()


@unit
def put_rate(ctx: Context, values: dict[str, Any]) -> None:
    """Set a tax rate from a day on: country, tax_class, label, rate (percent), valid_from. Raises NotAllowed, Invalid."""
    access.require(ctx, MAY)
    rate: Decimal = values["rate"]
    if not Decimal(0) <= rate <= money.HUNDRED:
        raise Invalid({"rate": _("A tax rate is between 0 and 100 percent.")})
    key = {name: values[name] for name in ("country", "tax_class", "valid_from")}
    found = ctx.session.execute(select(TaxRate).filter_by(**key)).scalar_one_or_none()
    if found is None:
        found = TaxRate(**key, rate=rate)
        ctx.session.add(found)
    found.rate, found.label = rate.quantize(Decimal("0.001")), values["label"]
    ctx.session.flush()


@unit
def drop_rate(ctx: Context, rate_id: int) -> None:
    """Take a tax rate away; lines keep the rate they have. Raises NotAllowed."""
    access.require(ctx, MAY)
    ctx.session.execute(delete(TaxRate).where(TaxRate.id == rate_id))
