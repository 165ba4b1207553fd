"""Apps of others that people let in (OAuth 2.1): the apps, who let which in, and the keys by which they stay in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, now


class OauthClient(Model):
    """An app that administrators registered: it may ask people for `scopes`, and is answered at `redirect_uris` alone.

    A confidential app runs on a server and keeps a secret, of which the hash is stored; a public one has none.
    """

    __tablename__ = "oauth_client"
    client_id: Mapped[str] = mapped_column(String(48), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(120))
    homepage: Mapped[str] = mapped_column(Text, default="")
    redirect_uris: Mapped[str] = mapped_column(Text)
    scopes: Mapped[str] = mapped_column(Text)
    confidential: Mapped[bool]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class OauthGrant(Model):
    """Somebody let an app in, for some scopes; it begins with a code that is good once and for a minute.

    Its access token is a row of `api_token`, whose hash changes with every renewal.
    """

    __tablename__ = "oauth_grant"
    __table_args__ = (
        Index("ix_oauth_grant_user_id", "user_id", "id"),
        Index("ix_oauth_grant_client_row", "client_row", "id"),
    )
    client_row: Mapped[int] = mapped_column(ForeignKey("oauth_client.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    token_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id", ondelete="SET NULL"), index=True)
    scopes: Mapped[str] = mapped_column(Text)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime] = mapped_column(Instant)
    code_used_at: Mapped[datetime | None] = mapped_column(Instant)
    challenge: Mapped[str] = mapped_column(String(128))
    redirect_uri: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    until: Mapped[datetime] = mapped_column(Instant, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class OauthRefresh(Model):
    """A key by which an app renews its access: good once. One that is used again was stolen, and ends the grant."""

    __tablename__ = "oauth_refresh"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("oauth_grant.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
