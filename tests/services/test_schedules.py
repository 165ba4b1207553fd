"""Schedules: each slot once, whatever clock, zone, process or downtime."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.contributions import Job
from app.models import JobRow, ScheduleState
from app.services import context, schedules

Build = Callable[..., Flask]
BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "now", "last", "following"),
    [
        ("daily 06:00", UTC_ZONE, "2026-03-01 06:00", "2026-03-01 06:00", "2026-03-02 06:00"),
        ("daily 06:00", BERLIN, "2026-01-10 04:59", "2026-01-09 05:00", "2026-01-10 05:00"),
        ("daily 06:00", BERLIN, "2026-07-10 04:01", "2026-07-10 04:00", "2026-07-11 04:00"),
        ("every 15m", BERLIN, "2026-03-01 06:14:59", "2026-03-01 06:00", "2026-03-01 06:15"),
        ("every 2 h", UTC_ZONE, "2026-03-01 06:14", "2026-03-01 06:00", "2026-03-01 08:00"),
        ("weekly mon 07:30", UTC_ZONE, "2026-11-22 00:00", "2026-11-16 07:30", "2026-11-23 07:30"),
        ("0 9 1 * *", UTC_ZONE, "2026-11-22 00:00", "2026-11-01 09:00", "2026-12-01 09:00"),
    ],
)
def test_slots(text: str, zone: ZoneInfo, now: str, last: str, following: str) -> None:
    assert schedules.latest(text, zone, at(now)) == at(last)
    assert schedules.upcoming(text, zone, at(now)) == at(following)


@pytest.mark.parametrize("text", ["daily 25:00", "every 0m", "sometimes", "61 * * * *", "daily"])
def test_what_is_no_schedule_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is no schedule"):
        schedules.latest(text, UTC_ZONE, at("2026-03-01 06:00"))


@pytest.mark.parametrize(
    ("start", "days"), [("2026-03-27 12:00", 4), ("2026-10-23 12:00", 4)], ids=["spring", "autumn"]
)
def test_a_daily_slot_comes_once_a_day_when_the_clocks_change(start: str, days: int) -> None:
    """02:30 does not exist on 29 March and comes twice on 25 October in Berlin."""
    slots = set()
    for minute in range(0, days * 24 * 60, 5):
        slots.add(schedules.latest("daily 02:30", BERLIN, at(start) + timedelta(minutes=minute)))
    slots.discard(schedules.latest("daily 02:30", BERLIN, at(start)))
    assert len(slots) == days


class Clock:
    """A clock that tests set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        self.now = at(text)
        monkeypatch.setattr(context, "clock", lambda: self.now)

    def tick(self, app: Flask, text: str) -> list[str]:
        """Look at a moment and return what is queued then, removing it."""
        self.now = at(text)
        with app.app_context():
            schedules.tick(context.as_system("test"), {})
            ctx = context.as_system("test")
            with ctx.unit():
                found = ctx.session.execute(select(JobRow).order_by(JobRow.id)).scalars().all()
                for row in found:
                    ctx.session.delete(row)
                return [row.name for row in found]


DIGEST = Job(name="digest", run=lambda ctx, args: None, schedule="daily 06:00")


def test_a_slot_is_taken_once_and_none_before_kith_knew_it(
    bare_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = bare_house(DIGEST)
    clock = Clock(monkeypatch, "2026-03-01 12:00")
    assert clock.tick(app, "2026-03-01 12:00") == []
    assert clock.tick(app, "2026-03-02 05:59") == []
    assert clock.tick(app, "2026-03-02 06:00") == ["digest"]
    assert clock.tick(app, "2026-03-02 06:01") == [], "another process looks at the same slot"


def test_after_a_downtime_only_the_latest_slot_is_caught_up(
    bare_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = bare_house(DIGEST)
    clock = Clock(monkeypatch, "2026-03-01 12:00")
    clock.tick(app, "2026-03-01 12:00")
    assert clock.tick(app, "2026-03-09 23:00") == ["digest"]
    assert clock.tick(app, "2026-03-10 05:00") == []


def test_a_clock_that_jumps_runs_nothing_twice_and_stops_nothing(
    bare_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = bare_house(DIGEST)
    clock = Clock(monkeypatch, "2026-03-01 12:00")
    clock.tick(app, "2026-03-01 12:00")
    assert clock.tick(app, "2026-03-02 06:30") == ["digest"]
    assert clock.tick(app, "2026-03-02 05:30") == [], "back by an hour"
    assert clock.tick(app, "2026-03-02 06:30") == []
    assert clock.tick(app, "2026-03-09 06:30") == ["digest"], "forward by a week"
    assert clock.tick(app, "2026-03-02 07:30") == [], "back again: the wrong future is forgotten"
    assert clock.tick(app, "2026-03-03 06:00") == ["digest"]


def test_a_paused_schedule_goes_on_with_its_next_slot(
    bare_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = bare_house(DIGEST)
    clock = Clock(monkeypatch, "2026-03-01 12:00")
    clock.tick(app, "2026-03-01 12:00")
    with app.app_context():
        schedules.pause(context.as_system("test"), "digest", True)
    assert clock.tick(app, "2026-03-02 07:00") == []
    with app.app_context():
        schedules.pause(context.as_system("test"), "digest", False)
    assert clock.tick(app, "2026-03-02 08:00") == []
    assert clock.tick(app, "2026-03-03 06:00") == ["digest"]


def test_the_overview_tells_how_the_last_run_ended(
    bare_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(ctx: Any, args: Any) -> None:
        raise OSError("no room")

    app = bare_house(Job(name="digest", run=fail, schedule="daily 06:00"), Job(name="other", run=fail))
    clock = Clock(monkeypatch, "2026-03-01 12:00")
    clock.tick(app, "2026-03-01 12:00")
    clock.now = at("2026-03-02 06:00")
    with app.app_context():
        schedules.tick(context.as_system("test"), {})
    app.extensions["kith"].worker.run_all()
    with app.app_context():
        (shown,) = schedules.overview(context.as_system("test"))
    assert (shown.last_error, shown.last_done_at) == ("no room", None)
    assert shown.next_at == at("2026-03-03 06:00")


def test_the_time_of_the_backup_is_a_setting(bare_house: Build) -> None:
    job = Job(name="backup", run=lambda ctx, args: None, schedule="daily @backup_at")
    app = bare_house(job)
    with app.app_context():
        assert schedules.text_of(job) == "daily 03:30"
        schedules.tick(context.as_system("test"), {})
        found = context.as_system("test").session.execute(select(ScheduleState.name)).scalars().all()
        assert list(found) == ["backup"]
