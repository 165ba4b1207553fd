"""Organisations (vCard KIND:org, schema.org Organization)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import NEVER, Instant, Model, Record, key, live, trashed


class Company(Record):
    """A company; `parent_id` makes a tree. Revenue is in whole units of `currency` (ISO 4217)."""

    __tablename__ = "company"
    __entity__ = "company"
    __table_args__ = (
        live("company", "name_key", "id"),
        live("company", "created_at", "id"),
        live("company", "updated_at", "id"),
        live("company", "last_interaction_at", "id"),
        live("company", "owner_id", "name_key", "id"),
        live("company", "team_id", "name_key", "id"),
        Index("ix_company_parent_id", "parent_id"),
        trashed("company"),
    )
    name: Mapped[str] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(key(300), default="")
    legal_name: Mapped[str] = mapped_column(String(300), default="")
    industry: Mapped[str] = mapped_column(String(120), default="")
    number_of_employees: Mapped[int | None] = mapped_column(Integer)
    annual_revenue: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str] = mapped_column(String(3), default="")
    vat_id: Mapped[str] = mapped_column(String(40), default="")
    registration_number: Mapped[str] = mapped_column(String(60), default="")
    lei_code: Mapped[str] = mapped_column(String(20), default="")
    founding_date: Mapped[str] = mapped_column(String(20), default="")
    kinds: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="SET NULL"))
    logo_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachment.id", ondelete="SET NULL", use_alter=True)
    )
    extra: Mapped[str] = mapped_column(Text, default="[]")
    last_interaction_at: Mapped[datetime] = mapped_column(Instant, default=NEVER)


class CompanyDomain(Model):
    """An internet domain of a company, lower case; mail from it belongs to the company."""

    __tablename__ = "company_domain"
    __table_args__ = (Index("ix_company_domain_domain", "domain"),)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), index=True)
    domain: Mapped[str] = mapped_column(String(253))
