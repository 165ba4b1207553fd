"""Two submits of one form make one record: each form carries a nonce, kept with what came of it (TRUST S36)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel.context import Context
from app.models import Receipt
from app.services.unit import unit

CHANNEL = "form"


def fresh() -> str:
    """Return a nonce for a form that is about to be shown."""
    return secrets.token_urlsafe(18)


def once(ctx: Context, nonce: str, entity: str, make: Callable[[], Any]) -> tuple[int, bool]:
    """Return the id of the record a form made, and whether it was made now; `make` runs at most once per nonce."""
    try:
        return _once(ctx, nonce, entity, make)
    except IntegrityError:
        made = _made(ctx, nonce, entity)
        if made is None:
            raise
        return made, False


@unit
def _once(ctx: Context, nonce: str, entity: str, make: Callable[[], Any]) -> tuple[int, bool]:
    made = _made(ctx, nonce, entity)
    if made is not None:
        return made, False
    record_id = int(make().id)
    if nonce:
        ctx.session.add(
            Receipt(
                channel=CHANNEL,
                key=_key(ctx, nonce),
                state="accepted",
                entity=entity,
                record_id=record_id,
                at=ctx.now,
            )
        )
        ctx.session.flush()
    return record_id, True


def _made(ctx: Context, nonce: str, entity: str) -> int | None:
    if not nonce:
        return None
    return ctx.session.scalar(
        select(Receipt.record_id).where(
            Receipt.channel == CHANNEL, Receipt.key == _key(ctx, nonce), Receipt.entity == entity
        )
    )


def _key(ctx: Context, nonce: str) -> str:
    return f"{ctx.user.id}:{nonce}"[:200]
