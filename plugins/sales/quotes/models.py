"""The tables of quotes: what was offered to whom, its lines, and the counter of numbers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live

from ..products.models import PERCENT, UNIT_PRICE, LineColumns


class Quote(Record):
    """An offer with lines and a price. `status` is draft, issued, accepted, declined, expired or replaced.

    `number` is given when it is issued: `serial` counts within `year`, `revision` the versions that share it, of which
    `replaces_id` is the one before. From then on its content stays as it is. `net`, `tax` and `total` follow from its
    lines and from `discount` (percent of all lines). `customer` and `sender` are the printed addresses, kept as they
    were when it was issued. `token_hash` finds it by the customer's link, `token` is that link's secret, sealed.
    `decided_by` is the name that the customer gave, `decided_from` the network of the address, shortened.
    """

    __tablename__ = "sales_quote"
    __entity__ = "sales.quote"
    __table_args__ = (
        Index("ux_sales_quote_number", "year", "serial", "revision", unique=True),
        Index("ux_sales_quote_token", "token_hash", unique=True),
        Index("ix_sales_quote_deal", "deal_id"),
        Index("ix_sales_quote_contact", "contact_id"),
        Index("ix_sales_quote_company", "company_id"),
        live("sales_quote", "created_at", "id"),
        live("sales_quote", "number", "id"),
        live("sales_quote", "status", "valid_until", "id"),
        live("sales_quote", "valid_until", "id"),
        live("sales_quote", "owner_id", "status", "id"),
    )
    name: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(40), default="")
    year: Mapped[int | None] = mapped_column()
    serial: Mapped[int | None] = mapped_column()
    revision: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("sales_quote.id", ondelete="SET NULL"))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("sales_deal.id", ondelete="SET NULL"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(10), default="draft")
    currency: Mapped[str] = mapped_column(String(3), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    discount: Mapped[Decimal] = mapped_column(PERCENT, default=Decimal(0))
    valid_until: Mapped[str] = mapped_column(String(10), default="")
    intro: Mapped[str] = mapped_column(Text, default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    net: Mapped[Decimal] = mapped_column(UNIT_PRICE, default=Decimal(0))
    tax: Mapped[Decimal] = mapped_column(UNIT_PRICE, default=Decimal(0))
    total: Mapped[Decimal] = mapped_column(UNIT_PRICE, default=Decimal(0))
    customer: Mapped[str] = mapped_column(Text, default="")
    sender: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    issued_on: Mapped[str] = mapped_column(String(10), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_from: Mapped[str] = mapped_column(String(60), default="")
    decided_note: Mapped[str] = mapped_column(Text, default="")
    token_hash: Mapped[str | None] = mapped_column(String(64))
    token: Mapped[bytes | None] = mapped_column(LargeBinary)


class QuoteLine(LineColumns, Model):
    """A line of a quote, copied from the deal and then its own."""

    __tablename__ = "sales_quote_line"
    __table_args__ = (
        Index("ix_sales_quote_line_quote", "quote_id", "position"),
        Index("ix_sales_quote_line_product", "product_id"),
    )
    quote_id: Mapped[int] = mapped_column(ForeignKey("sales_quote.id", ondelete="CASCADE"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("sales_product.id", ondelete="SET NULL"))


class QuoteNumber(Model):
    """The last serial that was given in a year; its row is the lock under which the next one is given."""

    __tablename__ = "sales_quote_number"
    __table_args__ = (Index("ux_sales_quote_number_year", "year", unique=True),)
    year: Mapped[int] = mapped_column()
    last: Mapped[int] = mapped_column(default=0)
