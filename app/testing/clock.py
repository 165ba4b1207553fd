"""A clock that tests stop and move: what contexts take as now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.services import context


class Clock:
    """The present of every context that is built from now on; it runs until it is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    @property
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return context.clock()

    def set(self, moment: datetime | str) -> datetime:
        """Stop at a moment: an instant, or ISO 8601 text which is UTC unless it says otherwise."""
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        self._monkeypatch.setattr(context, "clock", lambda: at)
        return at

    def forward(self, **by: float) -> datetime:
        """Stop later than now: `forward(days=1, hours=2)`, in the words of timedelta."""
        return self.set(self.now + timedelta(**by))
