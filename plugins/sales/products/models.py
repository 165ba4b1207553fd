"""The tables of products: what is sold, price lists with tiers, tax rates, and the lines of deals."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Model, Record, live

UNIT_PRICE = Numeric(18, 4)
QUANTITY = Numeric(14, 3)
PERCENT = Numeric(7, 3)


class Product(Record):
    """Something that is sold. `price` per `unit` without tax, in `currency`, is what it costs where no list says.

    `recurring` is none, month or year; `tax_class` standard, reduced, zero or exempt. A retired one is offered no more.
    """

    __tablename__ = "sales_product"
    __entity__ = "sales.product"
    __table_args__ = (
        live("sales_product", "name", "id"),
        live("sales_product", "category", "id"),
        live("sales_product", "created_at", "id"),
        Index("ix_sales_product_code", "code"),
    )
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(60), default="")
    category: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(40), default="")
    price: Mapped[Decimal | None] = mapped_column(UNIT_PRICE)
    currency: Mapped[str] = mapped_column(String(3), default="")
    tax_class: Mapped[str] = mapped_column(String(12), default="standard")
    recurring: Mapped[str] = mapped_column(String(8), default="none")
    retired: Mapped[bool] = mapped_column(default=False)


class PriceList(Record):
    """Prices in one currency, from `valid_from` to `valid_until` (dates, ISO 8601; empty: without end).

    `segment` is an expression over companies (docs/filters.md): the list is for those that it finds. One that is
    `standard` is for everybody whom no list with a segment finds.
    """

    __tablename__ = "sales_price_list"
    __entity__ = "sales.price_list"
    __table_args__ = (live("sales_price_list", "name", "id"),)
    name: Mapped[str] = mapped_column(String(120))
    currency: Mapped[str] = mapped_column(String(3), default="")
    valid_from: Mapped[str] = mapped_column(String(10), default="")
    valid_until: Mapped[str] = mapped_column(String(10), default="")
    segment: Mapped[str] = mapped_column(Text, default="", info={"filter": "company"})
    standard: Mapped[bool] = mapped_column(default=False)


class Price(Model):
    """What a product costs in a list from a quantity of `minimum` on."""

    __tablename__ = "sales_price"
    __table_args__ = (
        Index("ux_sales_price", "list_id", "product_id", "minimum", unique=True),
        Index("ix_sales_price_product", "product_id"),
    )
    list_id: Mapped[int] = mapped_column(ForeignKey("sales_price_list.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("sales_product.id", ondelete="CASCADE"))
    minimum: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(1))
    price: Mapped[Decimal] = mapped_column(UNIT_PRICE)


class TaxRate(Model):
    """The rate in percent of a class of products in a country (ISO 3166; empty: elsewhere) from day `valid_from` on."""

    __tablename__ = "sales_tax_rate"
    __table_args__ = (Index("ux_sales_tax_rate", "country", "tax_class", "valid_from", unique=True),)
    country: Mapped[str] = mapped_column(String(2), default="")
    tax_class: Mapped[str] = mapped_column(String(12), default="standard")
    label: Mapped[str] = mapped_column(String(40), default="")
    rate: Mapped[Decimal] = mapped_column(PERCENT)
    valid_from: Mapped[str] = mapped_column(String(10), default="")


class LineColumns:
    """What the lines of deals and quotes share.

    `list_price` is what the price list said when the line was made, by which discounts are judged; `total` the amount
    of the line after its discount and before tax, rounded to the currency.
    """

    position: Mapped[int] = mapped_column(default=0)
    description: Mapped[str] = mapped_column(String(500), default="")
    quantity: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(1))
    unit: Mapped[str] = mapped_column(String(40), default="")
    unit_price: Mapped[Decimal] = mapped_column(UNIT_PRICE, default=Decimal(0))
    list_price: Mapped[Decimal | None] = mapped_column(UNIT_PRICE)
    discount: Mapped[Decimal] = mapped_column(PERCENT, default=Decimal(0))
    tax_rate: Mapped[Decimal] = mapped_column(PERCENT, default=Decimal(0))
    recurring: Mapped[str] = mapped_column(String(8), default="none")
    total: Mapped[Decimal] = mapped_column(UNIT_PRICE, default=Decimal(0))


class DealLine(LineColumns, Model):
    """A product, or anything else, that a deal is about."""

    __tablename__ = "sales_deal_line"
    __table_args__ = (
        Index("ix_sales_deal_line_deal", "deal_id", "position"),
        Index("ix_sales_deal_line_product", "product_id"),
    )
    deal_id: Mapped[int] = mapped_column(ForeignKey("sales_deal.id", ondelete="CASCADE"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("sales_product.id", ondelete="SET NULL"))
