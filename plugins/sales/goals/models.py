"""The tables of goals: quotas, plans of commission with their statements, activity goals, products that go together."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, now


class Quota(Model):
    """What a person or a team is to win in a period: `metric` amount (in the reporting currency) or count of deals."""

    __tablename__ = "sales_quota"
    __table_args__ = (Index("ix_sales_quota_period", "starts_on", "ends_on", "user_id", "team_id"),)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    starts_on: Mapped[str] = mapped_column(String(10))
    ends_on: Mapped[str] = mapped_column(String(10))
    metric: Mapped[str] = mapped_column(String(8), default="amount")
    target: Mapped[Decimal] = mapped_column(Numeric(18, 2))


class Plan(Model):
    """How people earn commission: `unit` is how often it is settled, `tiers` pairs of texts [from, percent].

    With `of_quota` a tier begins at a percentage of the person's quota, else at an amount. What was paid for a deal
    that is no longer won within `clawback_days` of its closing day is taken back; 0 for never.
    """

    __tablename__ = "sales_plan"
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(8), default="quarter")
    of_quota: Mapped[bool] = mapped_column(default=False)
    tiers: Mapped[list[Any]] = mapped_column(JSON, default=list)
    clawback_days: Mapped[int] = mapped_column(default=180)
    starts_on: Mapped[str] = mapped_column(String(10), default="")
    ends_on: Mapped[str] = mapped_column(String(10), default="")


class PlanMember(Model):
    """Somebody who earns by a plan."""

    __tablename__ = "sales_plan_member"
    __table_args__ = (
        Index("ux_sales_plan_member", "plan_id", "user_id", unique=True),
        Index("ix_sales_plan_member_user", "user_id"),
    )
    plan_id: Mapped[int] = mapped_column(ForeignKey("sales_plan.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))


class Split(Model):
    """A person's share of a deal in percent; a deal without any is its owner's alone."""

    __tablename__ = "sales_split"
    __table_args__ = (
        Index("ux_sales_split", "deal_id", "user_id", unique=True),
        Index("ix_sales_split_user", "user_id"),
    )
    deal_id: Mapped[int] = mapped_column(ForeignKey("sales_deal.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    percent: Mapped[Decimal] = mapped_column(Numeric(7, 4))


class Statement(Model):
    """What a person earned by a plan in a period, closed: it does not change any more. `tiers` are those that held."""

    __tablename__ = "sales_statement"
    __table_args__ = (
        Index("ux_sales_statement", "plan_id", "user_id", "starts_on", unique=True),
        Index("ix_sales_statement_user", "user_id", "starts_on"),
    )
    plan_id: Mapped[int] = mapped_column(ForeignKey("sales_plan.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    starts_on: Mapped[str] = mapped_column(String(10))
    ends_on: Mapped[str] = mapped_column(String(10))
    quota: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    tiers: Mapped[list[Any]] = mapped_column(JSON, default=list)
    total: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    locked_at: Mapped[datetime] = mapped_column(Instant, default=now)
    locked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class StatementLine(Model):
    """A deal in a closed statement: `kind` won or clawback; `steps` are [tier, rate, amount, earned] as texts."""

    __tablename__ = "sales_statement_line"
    __table_args__ = (
        Index("ix_sales_statement_line_statement", "statement_id", "id"),
        Index("ix_sales_statement_line_deal", "deal_id"),
    )
    statement_id: Mapped[int] = mapped_column(ForeignKey("sales_statement.id", ondelete="CASCADE"))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("sales_deal.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(8), default="won")
    name: Mapped[str] = mapped_column(String(300))
    day: Mapped[str] = mapped_column(String(10), default="")
    deal_amount: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    percent: Mapped[Decimal] = mapped_column(Numeric(7, 4))
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    turnover: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    earned: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    steps: Mapped[list[Any]] = mapped_column(JSON, default=list)


class Dispute(Model):
    """Somebody does not agree with a statement, and what was answered."""

    __tablename__ = "sales_dispute"
    __table_args__ = (Index("ix_sales_dispute_statement", "plan_id", "user_id", "starts_on"),)
    plan_id: Mapped[int] = mapped_column(ForeignKey("sales_plan.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    starts_on: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class Goal(Model):
    """How many calls, meetings or new deals (`metric`) a person, or everybody of a role, aims at in a week or month."""

    __tablename__ = "sales_goal"
    __table_args__ = (Index("ix_sales_goal_user", "user_id"),)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(60), default="")
    metric: Mapped[str] = mapped_column(String(12), default="calls")
    unit: Mapped[str] = mapped_column(String(8), default="week")
    target: Mapped[int] = mapped_column(default=0)


class Affinity(Model):
    """Customers who have `product_id` also have `other_id`: counted in customers, as goals.baskets explains."""

    __tablename__ = "sales_affinity"
    __table_args__ = (
        Index("ux_sales_affinity", "product_id", "other_id", unique=True),
        Index("ix_sales_affinity_other", "other_id"),
    )
    product_id: Mapped[int] = mapped_column(ForeignKey("sales_product.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("sales_product.id", ondelete="CASCADE"))
    both: Mapped[int] = mapped_column()
    with_has: Mapped[int] = mapped_column()
    with_also: Mapped[int] = mapped_column()
    customers: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant, default=now)
