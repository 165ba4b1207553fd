"""Snoozing ends when its reader begins to work."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.kernel.errors import Invalid
from app.services import context, reminders_later
from app.services.context import acting
from app.testing.factories import Make, frozen

FRIDAY = datetime(2026, 11, 20, 16, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("choice", "at"),
    [("1h", "2026-11-20T17:20"), ("tomorrow", "2026-11-23T14:00"), ("week", "2026-11-27T14:00")],
)
def test_a_snooze_ends_in_working_time(
    make: Make, monkeypatch: pytest.MonkeyPatch, choice: str, at: str
) -> None:
    monkeypatch.setattr(context, "clock", frozen(FRIDAY))
    ctx = make.ctx(make.user(zone="America/New_York"))

    with acting(ctx):
        assert reminders_later.instant(ctx, choice) == datetime.fromisoformat(at).replace(tzinfo=UTC)
        with pytest.raises(Invalid):
            reminders_later.instant(ctx, "never")
