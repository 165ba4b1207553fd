"""Short lists of what a user did lately: kept in memory, and written at most every five minutes (DECISIONS 2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock

from app.kernel.context import Context
from app.services import settings
from app.services.context import for_user

WRITE_EVERY = timedelta(minutes=5)

Join = Callable[[Sequence[str], str], list[str]]


class Lately:
    """A list of texts per user, the latest first, stored as his setting `key`; `join` puts another in front."""

    def __init__(self, key: str, join: Join) -> None:
        self.key, self._join = key, join
        self._heard: dict[int, list[tuple[str, datetime]]] = {}
        self._written: dict[int, datetime] = {}
        self._lock = Lock()

    def note(self, ctx: Context, text: str) -> bool:
        """Remember a text for the principal; True when it is time to `write`."""
        user = ctx.user.id
        if user is None:
            return False
        with self._lock:
            times = {**dict(self._heard.get(user, [])), text: ctx.now}
            kept = self._join([said for said, _at in self._heard.get(user, [])], text)
            self._heard[user] = [(said, times[said]) for said in kept]
            if ctx.now - self._written.get(user, ctx.now - WRITE_EVERY) < WRITE_EVERY:
                return False
            self._written[user] = ctx.now
            return True

    def mine(self, ctx: Context) -> list[str]:
        """Return the principal's texts, the latest first: the stored ones and those this process heard since."""
        if ctx.user.id is None:
            return []
        stored = settings.of_user(ctx.session, 0, ctx.user.id)
        found: list[str] = list(stored.get(self.key, []))
        cleared = datetime.fromisoformat(str(stored.get(self._clearing) or "0001-01-01T00:00:00+00:00"))
        for text, at in reversed(self._heard.get(ctx.user.id, [])):
            found = self._join(found, text) if at > cleared else found
        return found

    def write(self, user_id: int) -> None:
        """Store a user's list, in a unit of its own and outside of any request."""
        ctx = for_user(user_id, source="web")
        settings.save(ctx, {self.key: self.mine(ctx)}, user_id=user_id)

    def clear(self, ctx: Context) -> None:
        """Empty the principal's list, also what other processes still hold in memory."""
        if ctx.user.id is not None:
            told = {self.key: [], self._clearing: ctx.now.isoformat()}
            settings.save(ctx, told, user_id=ctx.user.id)

    def forget(self) -> None:
        """Empty the memory of this process."""
        with self._lock:
            self._heard.clear()
            self._written.clear()

    @property
    def _clearing(self) -> str:
        return f"{self.key}_cleared"
