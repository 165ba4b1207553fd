"""What somebody looked for lately: kept in memory, and written at most every five minutes (DECISIONS 2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from app.kernel.context import Context
from app.services import settings
from app.services.context import for_user

KEY = "recent_searches"
KEPT = 8
WRITE_EVERY = timedelta(minutes=5)
SHORTEST = 3

_heard: dict[int, list[str]] = {}
_written: dict[int, datetime] = {}
_lock = Lock()


def note(ctx: Context, text: str) -> bool:
    """Remember what the principal looked for; True when it is time to `write` it."""
    user, text = ctx.user.id, " ".join(text.split())[:100]
    if user is None or len(text) < SHORTEST:
        return False
    with _lock:
        _heard[user] = _with(_heard.get(user, []), text)
        if ctx.now - _written.get(user, ctx.now - WRITE_EVERY) < WRITE_EVERY:
            return False
        _written[user] = ctx.now
        return True


def mine(ctx: Context) -> list[str]:
    """Return what the principal looked for lately, the latest first."""
    if ctx.user.id is None:
        return []
    found: list[str] = list(settings.of_user(ctx.session, 0, ctx.user.id).get(KEY, []))
    for text in reversed(_heard.get(ctx.user.id, [])):
        found = _with(found, text)
    return found


def write(user_id: int) -> None:
    """Store what a user looked for, in a unit of its own and outside of any request."""
    ctx = for_user(user_id, source="web")
    settings.save(ctx, {KEY: mine(ctx)}, user_id=user_id)


def forget() -> None:
    """Empty the memory of this process."""
    with _lock:
        _heard.clear()
        _written.clear()


def _with(texts: list[str], text: str) -> list[str]:
    """Return texts with another in front; what was typed on the way to it goes."""
    folded = text.casefold()
    others = [t for t in texts if not folded.startswith(t.casefold())]
    return [text, *others][:KEPT]
