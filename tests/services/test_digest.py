"""The daily mail: at the hour somebody chose, once a day, with what there is to say and a link that ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.config import Config
from app.services import context, digest, important_dates_reminding, notify_preferences
from app.services.notify_preferences import Preferences
from app.testing.factories import Make, frozen
from tests.services.test_mailing import Sink, served
from tests.services.test_notifications import told

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
Turn = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Turn:
    def turn(to: datetime) -> None:
        monkeypatch.setattr(context, "clock", frozen(to))

    turn(MONDAY)
    return turn


@pytest.fixture
def sink(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """A mail server on this machine, which the application uses."""
    kith = app.extensions["kith"]
    with served() as (found, port):
        changed = {
            "smtp_url": f"smtp://127.0.0.1:{port}",
            "mail_from": "Kith <crm@example.org>",
            "base_url": "https://crm.example.org",
        }
        monkeypatch.setattr(kith, "config", Config(**{**vars(kith.config), **changed}))
        yield found


def busy(make: Make, **values: Any) -> Any:
    user = make.user(name="Rui Costa", email="rui@example.org", **values)
    make("task", owner=user, summary="Offer for Ana", due_on="2026-11-20", assignee_id=user.id)
    make("task", owner=user, summary="Call <b>Eva</b>", due_on="2026-11-23", assignee_id=user.id)
    make("task", owner=user, summary="Not yet", due_on="2026-11-24", assignee_id=user.id)
    make.contact(owner=user, name="Ana Lima", birthday="1986-11-24")
    return user


def due(make: Make, run_jobs: Callable[[], int]) -> None:
    digest.begin(make.ctx(), {})
    run_jobs()


def body(message: Any, kind: str) -> str:
    part = next(p for p in message.walk() if p.get_content_type() == kind)
    return str(part.get_payload(decode=True).decode())


def test_the_day_comes_as_one_mail_with_links_and_a_way_out(
    make: Make, sink: Sink, clock: Turn, run_jobs: Callable[[], int]
) -> None:
    busy(make)

    due(make, run_jobs)
    due(make, run_jobs)

    [mail] = sink.got
    assert mail["Subject"] == "Your day: 2 tasks, 1 overdue"
    assert mail["Message-ID"]
    text, html = body(mail, "text/plain"), body(mail, "text/html")
    for words in ("Offer for Ana", "Call <b>Eva</b>", "Ana Lima: Birthday, 40 years"):
        assert words in text
    assert "Not yet" not in text
    assert "Call &lt;b&gt;Eva" in html
    assert "https://crm.example.org/tasks/" in text
    assert str(mail["List-Unsubscribe"]).strip("<>").startswith("https://crm.example.org/digest/off/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_way_out_works_and_no_mail_comes_any_more(
    make: Make, sink: Sink, clock: Turn, run_jobs: Callable[[], int], app: Flask
) -> None:
    busy(make)
    due(make, run_jobs)
    link = str(sink.got[0]["List-Unsubscribe"]).strip("<>")

    answer = app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    clock(MONDAY + timedelta(days=1))
    due(make, run_jobs)
    assert len(sink.got) == 1


def test_nothing_to_say_is_no_mail(make: Make, sink: Sink, clock: Turn, run_jobs: Callable[[], int]) -> None:
    make.user()

    due(make, run_jobs)

    assert sink.got == []


def test_it_comes_again_the_next_day_but_not_at_the_weekend(
    make: Make, sink: Sink, clock: Turn, run_jobs: Callable[[], int]
) -> None:
    busy(make)
    for days in range(7):
        clock(MONDAY + timedelta(days=days))
        due(make, run_jobs)

    assert len(sink.got) == 5


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("America/New_York", "2026-11-23T11:59", ""),
        ("America/New_York", "2026-11-23T12:00", "2026-11-23"),
        ("Pacific/Auckland", "2026-11-22T18:00", "2026-11-23"),
        ("Pacific/Auckland", "2026-11-22T17:59", ""),
        ("Europe/Lisbon", "2026-03-30T06:00", "2026-03-30"),
        ("Europe/Lisbon", "2026-03-27T06:59", ""),
    ],
)
def test_the_hour_is_that_of_the_reader_s_wall(zone: str, at: str, day: str) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert digest.due_day(Preferences(), now, context.zone(zone)) == day


def test_without_a_mail_server_nothing_is_queued(
    make: Make, clock: Turn, run_jobs: Callable[[], int]
) -> None:
    busy(make)

    digest.begin(make.ctx(), {})

    assert run_jobs() == 0


def test_a_birthday_is_told_once_so_many_days_before_as_somebody_chose(make: Make, clock: Turn) -> None:
    user = make.user()
    notify_preferences.save(make.ctx(), user.id, Preferences(days_before=(0, 7)))
    make.contact(owner=user, name="Ana Lima", birthday="--11-23")
    make.contact(owner=user, name="Eva Cruz", dates="Contract ends: 2026-11-30")
    make.contact(owner=make.user(), name="Not Mine", birthday="--11-23")

    for _again in range(2):
        important_dates_reminding.remind(make.ctx(), {})

    assert told(make, user) == ["Ana Lima: Birthday today", "Eva Cruz: Contract ends in 7 days"]


def test_nobody_is_told_of_a_birthday_at_night(make: Make, clock: Turn) -> None:
    user = make.user(zone="America/New_York")
    make.contact(owner=user, name="Ana Lima", birthday="--11-23")

    important_dates_reminding.remind(make.ctx(), {})
    assert told(make, user) == []

    clock(MONDAY + timedelta(hours=4))
    important_dates_reminding.remind(make.ctx(), {})
    assert told(make, user) == ["Ana Lima: Birthday today"]
