"""How a contact or a company is reached: e-mail, phone, address and link as rows of their own."""

from __future__ import annotations

from sqlalchemy import Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.models.base import Model


class Reach(Model):
    """The shared part: whose it is (exactly one of the two), the vCard type, and whether it is the preferred one."""

    __abstract__ = True

    @declared_attr
    def contact_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)

    @declared_attr
    def company_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("company.id", ondelete="CASCADE"), index=True)

    kind: Mapped[str] = mapped_column(String(40), default="")
    preferred: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class EmailAddress(Reach):
    """An e-mail address as written and normalised (`key`)."""

    __tablename__ = "email_address"
    __table_args__ = (Index("ix_email_address_key", "key"),)
    value: Mapped[str] = mapped_column(String(320))
    key: Mapped[str] = mapped_column(String(320))


class PhoneNumber(Reach):
    """A phone number as written, in E.164 (`key`, empty when it is none) and its digits."""

    __tablename__ = "phone_number"
    __table_args__ = (Index("ix_phone_number_key", "key"),)
    value: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(20), default="")
    region: Mapped[str] = mapped_column(String(2), default="")
    digits: Mapped[str] = mapped_column(String(40), default="")


class PostalAddress(Reach):
    """A postal address (vCard ADR, schema.org PostalAddress); country as ISO 3166-1 alpha-2."""

    __tablename__ = "postal_address"
    post_office_box: Mapped[str] = mapped_column(String(120), default="")
    extended_address: Mapped[str] = mapped_column(String(300), default="")
    street_address: Mapped[str] = mapped_column(String(500), default="")
    locality: Mapped[str] = mapped_column(String(200), default="")
    region: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(40), default="")
    country_code: Mapped[str] = mapped_column(String(2), default="")
    country: Mapped[str] = mapped_column(String(120), default="")
    label: Mapped[str] = mapped_column(String(500), default="")
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)


class WebLink(Reach):
    """A web page, social profile or instant-messaging address; `service` names it (mastodon, linkedin, xmpp …)."""

    __tablename__ = "web_link"
    value: Mapped[str] = mapped_column(String(1000))
    service: Mapped[str] = mapped_column(String(60), default="")
