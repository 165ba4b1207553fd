"""The table of gifts."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Record, live


class Gift(Record):
    """A gift for a person: an idea while `given_on` (a date, ISO 8601) is empty. `price` is in units of `currency`."""

    __tablename__ = "gifts_gift"
    __entity__ = "gifts.gift"
    __table_args__ = (
        live("gifts_gift", "given_on", "id"),
        live("gifts_gift", "name", "id"),
        Index("ix_gifts_gift_contact", "contact_id", "given_on"),
    )
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(300))
    occasion: Mapped[str] = mapped_column(String(20), default="")
    given_on: Mapped[str] = mapped_column(String(10), default="")
    price: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str] = mapped_column(String(3), default="")
    note: Mapped[str] = mapped_column(Text, default="")
