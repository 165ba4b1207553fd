"""What somebody else has to approve before it is done: who asks for what, on which records, and what was decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, now

WAITING = text("state = 'waiting'")


class Approval(Model):
    """A request to run an Action: `data` (JSON) is what was asked for, `permission` and `team_id` say who may decide.

    `state` is waiting, approved, declined, expired or withdrawn; `operation_id` is what was done once it was approved.
    """

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_waiting", "until", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_approval_asked_by", "asked_by", "id"),
        Index("ix_approval_decided_by", "decided_by", "id"),
    )
    action: Mapped[str] = mapped_column(String(160))
    entity: Mapped[str] = mapped_column(String(80))
    data: Mapped[str] = mapped_column(Text, default="{}")
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    permission: Mapped[str] = mapped_column(String(120))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(Instant, default=now)
    until: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(500), default="")
    operation_id: Mapped[int | None]


class ApprovalLink(Model):
    """One of the records that a request is about."""

    __tablename__ = "approval_link"
    __table_args__ = (
        Index("ix_approval_link_record", "entity", "record_id"),
        Index("ix_approval_link_approval_id", "approval_id", "record_id"),
    )
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
