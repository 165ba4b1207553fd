"""Reminders are planned, moved, snoozed, and each is sent once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.kernel.errors import NotVisible
from app.services import context, reminders
from app.services.context import acting
from app.testing.factories import Make, frozen

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "clock", frozen(NOON))


def at(make: Make, record: Any) -> list[datetime]:
    found = reminders.planned(make.ctx(), "contact", [record.id])
    return [r.at for r in found.get(record.id, ())]


def test_a_new_plan_replaces_what_was_planned(make: Make) -> None:
    ana, user = make.contact(), make.user()

    reminders.set(make.ctx(), "contact", ana.id, [NOON + HOUR, NOON + 2 * HOUR], [user.id])
    reminders.set(make.ctx(), "contact", ana.id, [NOON + 2 * HOUR, NOON + 3 * HOUR], [user.id])

    assert at(make, ana) == [NOON + 2 * HOUR, NOON + 3 * HOUR]


def test_what_has_passed_is_not_planned(make: Make) -> None:
    ana, user = make.contact(), make.user()

    reminders.set(make.ctx(), "contact", ana.id, [NOON - HOUR, NOON], [user.id])

    assert at(make, ana) == []


def test_what_somebody_snoozed_outlives_a_new_plan_but_not_the_end(make: Make) -> None:
    user = make.user()
    ana = make.contact(owner=user)
    ctx = make.ctx(user)
    with acting(ctx):
        reminders.snooze(ctx, "contact", ana.id, NOON + HOUR)
        reminders.snooze(ctx, "contact", ana.id, NOON + HOUR)
        reminders.set(ctx, "contact", ana.id, [], [user.id])
    assert at(make, ana) == [NOON + HOUR]

    reminders.clear(make.ctx(), "contact", [ana.id])
    assert at(make, ana) == []


def test_nobody_plans_for_what_he_cannot_see(make: Make) -> None:
    ana = make.contact(owner=make.user(team="south"), team="south")
    ctx = make.ctx(make.user(team="north"))

    with acting(ctx), pytest.raises(NotVisible):
        reminders.set(ctx, "contact", ana.id, [NOON + HOUR], [ctx.user.id or 0])
