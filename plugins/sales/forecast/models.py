"""The tables of forecasts: how deals stood at moments past, what people expect, and how closing days moved."""

from __future__ import annotations

import operator
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, now


class Snapshot(Model):
    """A moment at which it was written down how all deals stood. `day` in the zone of the house; `kind` weekly or asked."""

    __tablename__ = "sales_snapshot"
    __table_args__ = (Index("ix_sales_snapshot_day", "day", "id"),)
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    day: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(8), default="weekly")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    deals: Mapped[int] = mapped_column(default=0)


class SnapshotDeal(Model):
    """How a deal stood at a snapshot: open deals, and those won in the last 400 days. `percent` is its probability then.

    Owner, team, pipeline and stage are what they were; some may be gone by now.
    """

    __tablename__ = "sales_snapshot_deal"
    __table_args__ = (
        Index("ux_sales_snapshot_deal", "snapshot_id", "deal_id", unique=True),
        Index("ix_sales_snapshot_deal_close", "snapshot_id", "close_on"),
        Index("ix_sales_snapshot_deal_deal", "deal_id"),
    )
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("sales_snapshot.id", ondelete="CASCADE"))
    deal_id: Mapped[int] = mapped_column(ForeignKey("sales_deal.id", ondelete="CASCADE"))
    owner_id: Mapped[int | None] = mapped_column(info={"points": "user"})
    team_id: Mapped[int | None] = mapped_column(info={"points": "team"})
    pipeline_id: Mapped[int | None] = mapped_column(info={"points": "sales_pipeline"})
    stage_id: Mapped[int | None] = mapped_column(info={"points": "sales_stage"})
    outcome: Mapped[str] = mapped_column(String(8))
    category: Mapped[str] = mapped_column(String(12))
    amount_base: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    percent: Mapped[int] = mapped_column(default=0)
    close_on: Mapped[str] = mapped_column(String(10), default="")


class ForecastCall(Model):
    """What somebody expects of a person for a period: the person's own word, or the manager's beside it.

    Rows are only added: the latest of a `side` (own, manager) counts, the others are its history.
    """

    __tablename__ = "sales_forecast_call"
    __table_args__ = (Index("ix_sales_forecast_call_period", "starts_on", "ends_on", "user_id"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    starts_on: Mapped[str] = mapped_column(String(10))
    ends_on: Mapped[str] = mapped_column(String(10))
    side: Mapped[str] = mapped_column(String(8), default="own")
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant, default=now)


class Slip(Model):
    """The expected closing day of an open deal was moved; `event_id` is the change that did it.

    Elsewhere changes are counted anew: one that was imported gets a number that no change has.
    """

    __tablename__ = "sales_slip"
    __table_args__ = (
        Index("ux_sales_slip_event", "event_id", unique=True),
        Index("ix_sales_slip_from", "from_on", "deal_id"),
        Index("ix_sales_slip_deal", "deal_id", "at"),
    )
    deal_id: Mapped[int] = mapped_column(ForeignKey("sales_deal.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    from_on: Mapped[str] = mapped_column(String(10))
    to_on: Mapped[str] = mapped_column(String(10))
    days: Mapped[int] = mapped_column(default=0)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    event_id: Mapped[int] = mapped_column(info={"export": False, "instead": operator.neg})
