"""Keys by which programs come in, and the answers that are given again when a program asks twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, now


class ApiToken(Model):
    """A token of the API: only its hash is kept, and its last letters, by which its owner knows it again.

    It acts as `user_id` within its `scopes` (words, separated by blanks). A `service` token is looked after by
    administrators, a personal one by its user.
    """

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_user_id", "user_id", "id"),)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12), default="personal")
    scopes: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    used_from: Mapped[str] = mapped_column(String(64), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class ApiAnswer(Model):
    """What was answered to a request with an Idempotency-Key, for a day: the same request again gets the same answer."""

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("token_id", "key_hash"),)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"))
    key_hash: Mapped[str] = mapped_column(String(64))
    asked_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[str] = mapped_column(Text, default="{}")
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
