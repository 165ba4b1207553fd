"""The link in a digest that switches it off: signed, for one person, good for nothing else."""

from __future__ import annotations

import base64
from dataclasses import replace

from sqlalchemy import select

from app.kernel.context import Context
from app.models import User
from app.services import notify_preferences, sealing
from app.services.unit import unit

PURPOSE = "digest"


def token(user: User) -> str:
    """Return the signed token of somebody's digest."""
    mac = base64.urlsafe_b64encode(sealing.mac(PURPOSE, user.uid)).decode().rstrip("=")
    return f"{user.uid}.{mac}"


def whose(ctx: Context, text: str) -> int | None:
    """Return whose digest a token is about, None for one that was not signed here or whose person has left."""
    uid, _dot, mac = text.partition(".")
    try:
        given = base64.urlsafe_b64decode(mac + "=" * (-len(mac) % 4))
    except ValueError:
        return None
    if not sealing.verify_mac(PURPOSE, given, uid):
        return None
    return ctx.session.execute(
        select(User.id).where(User.uid == uid, User.active.is_(True))
    ).scalar_one_or_none()


@unit
def switch_off(ctx: Context, user_id: int) -> None:
    """Send somebody no digest any more; the other preferences stay."""
    chosen = notify_preferences.of(ctx, [user_id])[user_id]
    notify_preferences.save(ctx, user_id, replace(chosen, digest=False))
