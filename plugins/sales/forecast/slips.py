"""When expected closing days are moved: written down as it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.sdk import Context, Event
from app.sdk.services import unit

from .models import Slip


@unit
def note(ctx: Context, events: Sequence[Event]) -> None:
    """Write down the moves of closing days of open deals; told twice, they are written once."""
    moves = [event for event in events if _moved(event)]
    if not moves:
        return
    query = select(Slip.event_id).where(Slip.event_id.in_([event.id for event in moves]))
    known = set(ctx.session.execute(query).scalars())
    ctx.session.add_all(_slip(event) for event in moves if event.id not in known)
    ctx.session.flush()


def _moved(event: Event) -> bool:
    former, later = event.before.get("close_on"), event.after.get("close_on")
    return bool(event.id and former and later and former != later and "outcome" not in event.after)


def _slip(event: Event) -> Slip:
    former, later = str(event.before["close_on"]), str(event.after["close_on"])
    days: Any = date.fromisoformat(later) - date.fromisoformat(former)
    return Slip(
        deal_id=event.record_id,
        at=event.at,
        from_on=former,
        to_on=later,
        days=days.days,
        user_id=event.actor_id,
        event_id=event.id,
    )
