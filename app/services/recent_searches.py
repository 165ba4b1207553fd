"""What somebody looked for lately, so that it can be looked for again."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.context import Context
from app.services.lately import Lately

KEPT = 8
SHORTEST = 3


def _with(texts: Sequence[str], text: str) -> list[str]:
    """Return texts with another in front; what was typed on the way to it, or back from it, goes."""
    folded = text.casefold()
    if texts and texts[0].casefold().startswith(folded):
        return list(texts)
    others = [t for t in texts if not folded.startswith(t.casefold())]
    return [text, *others][:KEPT]


_lately = Lately("recent_searches", _with)


def note(ctx: Context, text: str) -> bool:
    """Remember what the principal looked for; True when it is time to `write` it."""
    text = " ".join(text.split())[:100]
    return len(text) >= SHORTEST and _lately.note(ctx, text)


def mine(ctx: Context) -> list[str]:
    """Return what the principal looked for lately, the latest first."""
    return _lately.mine(ctx)


def write(user_id: int) -> None:
    """Store what a user looked for, in a unit of its own and outside of any request."""
    _lately.write(user_id)


def clear(ctx: Context) -> None:
    """Empty the principal's list."""
    _lately.clear(ctx)


def forget() -> None:
    """Empty the memory of this process."""
    _lately.forget()
