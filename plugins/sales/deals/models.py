"""The tables of deals: pipelines and their stages, deals, who is involved, and every move."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live, now

BOARD = ("stage_id", "close_on", "id", "outcome", "amount_base", "probability", "owner_id", "team_id")
"""The order of cards in a column of the board, and what its totals add up: they ask this index alone."""

SOMEDAY = "9999-12-31"
"""Stands for "no day" in a column of days."""


class Pipeline(Record):
    """A way in which something is sold, as an ordered row of stages. `currency` is what new deals are priced in.

    `stale_days` is after how many quiet days a deal is stale; a retired pipeline takes no new deals.
    """

    __tablename__ = "sales_pipeline"
    __entity__ = "sales.pipeline"
    __table_args__ = (
        live("sales_pipeline", "position", "id"),
        live("sales_pipeline", "name", "id"),
        {"info": {"config": True}},
    )
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="")
    stale_days: Mapped[int] = mapped_column(default=14)
    retired: Mapped[bool] = mapped_column(default=False)


class Stage(Record):
    """A stage of a pipeline. `outcome` is open, won or lost; `probability` in percent, 0 to 100.

    `expected_days` is how long a deal usually stays, 0 for no matter; `checklist` holds what must be true before a
    deal goes on, a list of sentences; `required` names fields of the deal that must be filled on entering.
    """

    __tablename__ = "sales_stage"
    __entity__ = "sales.stage"
    __table_args__ = (
        live("sales_stage", "position", "id"),
        Index("ix_sales_stage_pipeline", "pipeline_id", "position"),
        {"info": {"config": True}},
    )
    pipeline_id: Mapped[int | None] = mapped_column(ForeignKey("sales_pipeline.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(String(8), default="open")
    probability: Mapped[int] = mapped_column(default=0)
    expected_days: Mapped[int] = mapped_column(default=0)
    checklist: Mapped[list[str]] = mapped_column(JSON, default=list)
    required: Mapped[list[str]] = mapped_column(JSON, default=list)
    retired: Mapped[bool] = mapped_column(default=False)


class Reason(Record):
    """Why deals are won or lost: `outcome` is won or lost."""

    __tablename__ = "sales_reason"
    __entity__ = "sales.reason"
    __table_args__ = (
        live("sales_reason", "position", "id"),
        live("sales_reason", "name", "id"),
        {"info": {"config": True}},
    )
    outcome: Mapped[str] = mapped_column(String(8), default="lost")
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)


class Rate(Model):
    """An exchange rate: from day `day` (ISO 8601) on, one unit of `currency` is `rate` units of the reporting currency."""

    __tablename__ = "sales_rate"
    __table_args__ = (Index("ux_sales_rate", "currency", "day", unique=True),)
    currency: Mapped[str] = mapped_column(String(3))
    day: Mapped[str] = mapped_column(String(10))
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 8))


class Deal(Record):
    """Something that may be sold to somebody: an opportunity.

    `outcome` repeats that of the stage, so that lists ask one table. `amount` is in units of `currency`;
    `amount_base` is the same in the reporting currency, at the rate of the closing day or of today while open.
    `close_on` (date, ISO 8601, empty when unknown) is when it is expected to be decided, or was. `probability` is in
    percent, empty to take the stage's; `category` is that of the forecast: pipeline, best, commit, omitted; closed for
    a decided one. `active_at` is the last interaction or change, and `stale_on` the day from which an open one has been quiet for too
    long; `step_on` the day of its next open task, or empty.
    """

    __tablename__ = "sales_deal"
    __entity__ = "sales.deal"
    __table_args__ = (
        live("sales_deal", "name", "id"),
        live("sales_deal", "close_on", "id"),
        live("sales_deal", "amount_base", "id"),
        live("sales_deal", "created_at", "id"),
        live("sales_deal", *BOARD, name="ix_sales_deal_board"),
        live("sales_deal", "owner_id", "outcome", "close_on", "id"),
        live("sales_deal", "pipeline_id", "outcome", "close_on", "id"),
        live("sales_deal", "outcome", "close_on", "id"),
        live("sales_deal", "outcome", "stale_on", "id"),
        live("sales_deal", "active_at", "id"),
        Index("ix_sales_deal_contact", "contact_id"),
        Index("ix_sales_deal_company", "company_id"),
    )
    name: Mapped[str] = mapped_column(String(300))
    pipeline_id: Mapped[int | None] = mapped_column(ForeignKey("sales_pipeline.id", ondelete="SET NULL"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("sales_stage.id", ondelete="SET NULL"))
    outcome: Mapped[str] = mapped_column(String(8), default="open")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="SET NULL"))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str] = mapped_column(String(3), default="")
    amount_base: Mapped[Decimal] = mapped_column(Numeric(18, 2), default=Decimal(0))
    probability: Mapped[int | None] = mapped_column()
    category: Mapped[str] = mapped_column(String(12), default="pipeline")
    close_on: Mapped[str] = mapped_column(String(10), default="")
    opened_on: Mapped[str] = mapped_column(String(10), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    stage_since: Mapped[datetime] = mapped_column(Instant, default=now)
    active_at: Mapped[datetime] = mapped_column(Instant, default=now)
    stale_on: Mapped[str] = mapped_column(String(10), default=SOMEDAY)
    next_step: Mapped[str] = mapped_column(String(300), default="")
    step_on: Mapped[str] = mapped_column(String(10), default="")
    checked: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("sales_reason.id", ondelete="SET NULL"))
    reason_note: Mapped[str] = mapped_column(Text, default="")
    campaign: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class DealPerson(Model):
    """A person's part in a deal: `role` is decision_maker, economic_buyer, evaluator, influencer, user, purchaser or
    other; `stance` champion, blocker or empty."""

    __tablename__ = "sales_deal_person"
    __table_args__ = (
        Index("ux_sales_deal_person", "deal_id", "contact_id", unique=True),
        Index("ix_sales_deal_person_contact", "contact_id"),
    )
    deal_id: Mapped[int] = mapped_column(ForeignKey("sales_deal.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20), default="other")
    stance: Mapped[str] = mapped_column(String(12), default="")


class DealCompetitor(Model):
    """Somebody else who wants the same deal; `note` says how they stand."""

    __tablename__ = "sales_deal_competitor"
    __table_args__ = (Index("ix_sales_deal_competitor_deal", "deal_id"),)
    deal_id: Mapped[int] = mapped_column(ForeignKey("sales_deal.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")


class StageChange(Model):
    """A move of a deal: the first has no `from_stage_id`. `days` it had been in the stage it left; figures as then."""

    __tablename__ = "sales_stage_change"
    __table_args__ = (
        Index("ix_sales_stage_change_deal", "deal_id", "at"),
        Index("ix_sales_stage_change_at", "at", "id"),
    )
    deal_id: Mapped[int] = mapped_column(ForeignKey("sales_deal.id", ondelete="CASCADE"))
    from_stage_id: Mapped[int | None] = mapped_column(ForeignKey("sales_stage.id", ondelete="SET NULL"))
    to_stage_id: Mapped[int | None] = mapped_column(ForeignKey("sales_stage.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    days: Mapped[int] = mapped_column(default=0)
    amount_base: Mapped[Decimal] = mapped_column(Numeric(18, 2), default=Decimal(0))
    close_on: Mapped[str] = mapped_column(String(10), default="")
