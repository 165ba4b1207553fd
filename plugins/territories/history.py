"""To which territories a record belonged, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.sdk import Context

from .models import Former, Place, Territory

MOST = 50


@dataclass(frozen=True)
class Stay:
    """A territory that a record belonged to, from when until when."""

    name: str
    since: datetime | None
    until: datetime


def of(ctx: Context, place: Place | None) -> Sequence[Stay]:
    """Return the former territories of a place, the latest first."""
    if place is None:
        return ()
    query = (
        select(Territory.name, Former.since, Former.until)
        .join(Territory, Territory.id == Former.territory_id)
        .where(Former.place_id == place.id)
        .order_by(Former.until.desc(), Former.id.desc())
    )
    return [Stay(*row) for row in ctx.session.execute(query.limit(MOST))]
