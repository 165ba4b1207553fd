"""How fast a token may ask: so many requests a minute, counted in the database for all processes together.

A process takes permits in blocks, so that hardly any request writes; together never more are handed out than the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.context import Context
from app.models import Attempt
from app.services.throttle import TooMany
from app.services.unit import unit

KIND = "api"
LIMIT = 600
BLOCK = 30
WINDOW = timedelta(minutes=1)


@dataclass
class Pace:
    """What is left of a token's window: permits at hand here, what was handed out in all, when a new one begins."""

    begins: datetime
    most: int
    held: int = 0
    given: int = 0

    def left(self) -> int:
        """Return how many requests may still follow within the window."""
        return max(0, self.most - self.given) + self.held

    def seconds(self, now: datetime) -> int:
        """Return after how many seconds a new window begins."""
        return max(1, int((self.begins + WINDOW - now).total_seconds()))


_held: dict[int, Pace] = {}
_lock = Lock()


def take(ctx: Context, token_id: int, limit: int | None = None) -> Pace:
    """Take one permit of a token. Raises TooMany when none is left in this minute."""
    begins, most = _window(ctx.now), LIMIT if limit is None else limit
    with _lock:
        pace = _held.get(token_id)
        if pace is None or pace.begins != begins:
            for old in [key for key, other in _held.items() if other.begins < begins]:
                del _held[old]
            pace = _held[token_id] = Pace(begins, most)
        if pace.held:
            pace.held -= 1
            return pace
        spent = pace.given >= most
    if not spent:
        total = _reserve(ctx, token_id, begins)
        with _lock:
            pace.held += max(0, min(BLOCK, most - (total - BLOCK)))
            pace.given = max(pace.given, min(total, most))
            if pace.held:
                pace.held -= 1
                return pace
    raise TooMany(pace.seconds(ctx.now))


def forget() -> None:
    """Forget the permits at hand: another application speaks in this process, as in tests."""
    with _lock:
        _held.clear()


def _window(now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // 60 * 60, UTC)


@unit
def _reserve(ctx: Context, token_id: int, begins: datetime) -> int:
    """Take a block for this process and return how many permits are taken now in all."""
    insert: Any = postgresql.insert if ctx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    ends = begins + WINDOW
    same = Attempt.window_ends_at == ends
    query = (
        insert(Attempt)
        .values(kind=KIND, key=str(token_id), count=BLOCK, window_ends_at=ends)
        .on_conflict_do_update(
            index_elements=[Attempt.kind, Attempt.key],
            set_={"count": case((same, Attempt.count + BLOCK), else_=BLOCK), "window_ends_at": ends},
        )
        .returning(Attempt.count)
    )
    return int(ctx.session.execute(query).scalar_one())
