"""Days of people's lives that come round."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model, key


class ContactDate(Model):
    """A date to remember of a contact: kind "birthday", "anniversary" (both follow the contact's fields) or "custom".

    `on_date` is YYYY-MM-DD, or --MM-DD without a year; `day` is what it is found by: MM-DD when it comes every year,
    the date itself when it comes once.
    """

    __tablename__ = "contact_date"
    __table_args__ = (
        Index("ix_contact_date_day", "day", "contact_id"),
        Index("ix_contact_date_contact_id", "contact_id", "kind"),
    )
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12), default="custom")
    label: Mapped[str] = mapped_column(String(120), default="")
    on_date: Mapped[str] = mapped_column(String(10))
    yearly: Mapped[bool] = mapped_column(default=True)
    day: Mapped[str] = mapped_column(key(10))
