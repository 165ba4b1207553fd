"""Cards that could not be taken: each has a receipt with the reason until it is taken, or for thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.context import Context
from app.models import Receipt
from app.services.unit import unit

CHANNEL = "carddav"
KEPT = timedelta(days=30)
MOST = 50
"""Receipts of one person; the oldest go first."""


@unit
def failed(ctx: Context, name: str, reason: str) -> None:
    """Note that a card of the principal's could not be taken, and why; the last reason counts."""
    insert: Any = postgresql.insert if ctx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    told = {"state": "failed", "reason": reason[:1000], "at": ctx.now}
    query = insert(Receipt).values(channel=CHANNEL, key=_key(ctx, name), entity="contact", **told)
    same = [Receipt.channel, Receipt.key]
    ctx.session.execute(query.on_conflict_do_update(index_elements=same, set_=told))
    old = select(Receipt.id).where(*_mine(ctx)).order_by(Receipt.at.desc(), Receipt.id.desc()).offset(MOST)
    gone = list(ctx.session.execute(old.limit(MOST)).scalars())
    if gone:
        ctx.session.execute(delete(Receipt).where(Receipt.id.in_(gone)))


def taken(ctx: Context, name: str) -> None:
    """Forget within the open unit that a card could not be taken before."""
    ctx.session.execute(delete(Receipt).where(Receipt.channel == CHANNEL, Receipt.key == _key(ctx, name)))


def mine(ctx: Context) -> Sequence[Receipt]:
    """Return the principal's cards that could not be taken, the latest first."""
    query = select(Receipt).where(*_mine(ctx)).order_by(Receipt.at.desc(), Receipt.id.desc())
    return ctx.session.execute(query.limit(MOST)).scalars().all()


@unit
def purge(ctx: Context) -> None:
    """Forget receipts after thirty days."""
    ctx.session.execute(delete(Receipt).where(Receipt.channel == CHANNEL, Receipt.at < ctx.now - KEPT))


def _key(ctx: Context, name: str) -> str:
    return f"{ctx.user.id}:{name}"[:200]


def _mine(ctx: Context) -> tuple[Any, ...]:
    return Receipt.channel == CHANNEL, Receipt.key.startswith(f"{ctx.user.id}:", autoescape=True)
