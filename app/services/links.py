"""Links that work once: reset, invitation, change of address. Only the hash of their token is kept."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Secret, User
from app.services.unit import unit

RESET = "reset"
INVITE = "invite"
EMAIL = "email"
LIFETIME = {RESET: timedelta(minutes=30), INVITE: timedelta(days=7), EMAIL: timedelta(hours=24)}


@dataclass(frozen=True)
class Link:
    """A link that is still good: whose it is and what was noted with it."""

    id: int
    user_id: int
    data: Mapping[str, Any]


@unit
def issue(ctx: Context, purpose: str, user: User, data: Mapping[str, Any] | None = None) -> str:
    """Return a fresh token of 32 random bytes for a user; former links of the same purpose end."""
    withdraw(ctx, user.id, purpose)
    token = secrets.token_urlsafe(32)
    ctx.session.add(
        Secret(
            token_hash=_hash(token),
            purpose=purpose,
            user_id=user.id,
            bound_to=_state_of(user),
            data=json.dumps(data or {}),
            created_at=ctx.now,
            expires_at=ctx.now + LIFETIME[purpose],
        )
    )
    return token


def find(ctx: Context, purpose: str, token: str) -> Link:
    """Return the link of a token. Raises Invalid if it was used, is too old, or the user changed since."""
    row = ctx.session.execute(
        select(Secret, User)
        .join(User, User.id == Secret.user_id)
        .where(Secret.token_hash == _hash(token), Secret.purpose == purpose, Secret.used_at.is_(None))
        .with_for_update(of=Secret)
    ).first()
    if row is None or row.Secret.expires_at <= ctx.now or row.Secret.bound_to != _state_of(row.User):
        raise Invalid({"token": _("This link was used already or is too old. Ask for a new one.")})
    return Link(row.Secret.id, row.User.id, json.loads(row.Secret.data))


@unit
def use(ctx: Context, purpose: str, token: str) -> Link:
    """Return the link of a token and spend it, in the unit that does what it is for. Raises Invalid."""
    link = find(ctx, purpose, token)
    ctx.session.get_one(Secret, link.id).used_at = ctx.now
    ctx.session.flush()
    return link


@unit
def withdraw(ctx: Context, user_id: int, *purposes: str) -> None:
    """End the open links of a user: those of the named purposes, or all."""
    query = delete(Secret).where(Secret.user_id == user_id, Secret.used_at.is_(None))
    ctx.session.execute(query.where(Secret.purpose.in_(purposes)) if purposes else query)


@unit
def purge(ctx: Context) -> None:
    """Remove links that are over."""
    ctx.session.execute(delete(Secret).where(Secret.expires_at < ctx.now - timedelta(days=30)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _state_of(user: User) -> str:
    """What a link is bound to: it dies with the next change of password, address or standing."""
    return hashlib.sha256(f"{user.id}|{user.email}|{user.password_hash}|{user.active}".encode()).hexdigest()
