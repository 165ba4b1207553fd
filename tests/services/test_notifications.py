"""What people are told: once, by the channels they chose, never about what they cannot see, never at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.i18n import _l
from app.kernel.contributions import Service
from app.kernel.protocols import Mail, Mailer, Notifier
from app.models import Notification
from app.services import (
    context,
    interactions,
    notifications,
    notify_preferences,
    providers,
    records,
    reminders,
    reminders_sending,
    tasks,
    tidying,
)
from app.services.context import acting
from app.services.interactions import Entry
from app.services.notify_preferences import Preferences
from app.testing.factories import Make, frozen

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Run = Callable[[], int]


class Post:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    made, real = Post(), providers.Chosen.get
    monkeypatch.setattr(providers.Chosen, "get", lambda self, p: made if p is Mailer else real(self, p))
    return made


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "PAUSE", timedelta(0))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def turn(to: datetime) -> None:
        monkeypatch.setattr(context, "clock", frozen(to))

    turn(NOON)
    return turn


def told(make: Make, user: Any) -> list[str]:
    rows = make.ctx().session.execute(
        select(Notification.text).where(Notification.user_id == user.id).order_by(Notification.id)
    )
    return list(rows.scalars())


def prefer(make: Make, user: Any, **chosen: Any) -> None:
    notify_preferences.save(make.ctx(), user.id, Preferences(**chosen))


def test_a_colleague_is_told_in_kith_and_by_mail(make: Make, post: Post, run_jobs: Run, clock: Any) -> None:
    ana, user = make.contact(), make.user("manager")

    notifications.send(make.ctx(), [user.id], "mention", "Ana\nwas mentioned", about=("contact", ana.id))
    run_jobs()

    assert told(make, user) == ["Ana was mentioned"]
    assert [m.subject for m in post.sent] == ["Ana was mentioned"]
    assert f"/contacts/{ana.id}" in post.sent[0].text
    assert "/account/notifications" in post.sent[0].text


def test_nobody_is_told_of_what_he_cannot_see(make: Make, post: Post, run_jobs: Run, clock: Any) -> None:
    ana = make.contact(owner=make.user(team="south"), team="south")
    stranger = make.user(team="north")

    count = notifications.send(make.ctx(), [stranger.id], "mention", "Secret", about=("contact", ana.id))
    run_jobs()

    assert (count, told(make, stranger), post.sent) == (0, [], [])


def test_what_goes_out_of_sight_is_neither_mailed_nor_shown_nor_counted(
    make: Make, post: Post, run_jobs: Run, clock: Any
) -> None:
    user = make.user()
    ana = make.contact(owner=user)
    notifications.send(make.ctx(), [user.id], "mention", "Ana", about=("contact", ana.id))
    notifications.send(make.ctx(), [user.id], "mention", "Free")
    mine = make.ctx(user)
    with acting(mine):
        assert notifications.unread(mine) == 2

    records.trash(make.ctx(), "contact", [ana.id])
    run_jobs()

    mine = make.ctx(user)
    with acting(mine):
        assert notifications.unread(mine) == 1
        assert [n.text for n in notifications.page(mine)[0]] == ["Free"]
    assert [m.subject for m in post.sent] == ["Free"]


def test_records_of_several_kinds_are_looked_at_in_one_query(
    make: Make, queries: Callable[[], Any], clock: Any
) -> None:
    user, other = make.user(team="north"), make.user(team="south")
    mine = [make.contact(owner=user), make.company(owner=user), make("task", owner=user, summary="Call")]
    theirs = [make.contact(owner=other), make.company(owner=other), make("task", owner=other, summary="Call")]
    gone = make.contact(owner=user)
    records.trash(make.ctx(), "contact", [gone.id])
    ctx = make.ctx(user)
    targets = [(type(r).__entity__, r.id) for r in (*mine, *theirs, gone)]

    with acting(ctx), queries() as seen:
        found = notifications.visible(ctx, targets)

    assert found == {(type(r).__entity__, r.id) for r in mine}
    assert len(seen) == 1


def test_the_same_key_tells_nobody_twice(make: Make, post: Post, run_jobs: Run, clock: Any) -> None:
    one, two = make.user(), make.user()

    for people in ([one.id], [one.id, two.id]):
        notifications.send(make.ctx(), people, "mention", "Once", key="x")
    run_jobs()

    assert told(make, one) == told(make, two) == ["Once"]
    assert len(post.sent) == 2


def test_what_is_rolled_back_was_never_said(make: Make, post: Post, run_jobs: Run, clock: Any) -> None:
    user, ctx = make.user(), make.ctx()

    def fail() -> None:
        with ctx.unit():
            notifications.send(ctx, [user.id], "mention", "Never")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    run_jobs()

    assert (told(make, user), post.sent) == ([], [])


def test_what_comes_within_a_moment_is_one_mail(
    make: Make, post: Post, run_jobs: Run, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "PAUSE", timedelta(seconds=30))
    user = make.user()
    notifications.send(make.ctx(), [user.id], "mention", "One")
    clock(NOON + timedelta(seconds=20))
    notifications.send(make.ctx(), [user.id], "mention", "Two")
    run_jobs()
    assert post.sent == []

    clock(NOON + timedelta(seconds=30))
    run_jobs()
    assert [m.subject for m in post.sent] == ["2 notifications"]

    notifications.send(make.ctx(), [user.id], "mention", "Three")
    clock(NOON + timedelta(seconds=60))
    run_jobs()
    assert [m.subject for m in post.sent] == ["2 notifications", "Three"]


def test_quiet_hours_hold_mail_and_bring_it_together_afterwards(
    make: Make, post: Post, run_jobs: Run, clock: Any
) -> None:
    user = make.user(zone="Europe/Lisbon")
    prefer(make, user, quiet_from="11:00", quiet_to="14:00")
    for text in ("One", "Two"):
        notifications.send(make.ctx(), [user.id], "mention", text)
    run_jobs()
    assert post.sent == []
    assert told(make, user) == ["One", "Two"]

    clock(NOON + 2 * HOUR)
    run_jobs()

    assert [m.subject for m in post.sent] == ["2 notifications"]
    assert "One" in post.sent[0].text
    assert "Two" in post.sent[0].text
    run_jobs()
    assert len(post.sent) == 1


def test_what_was_read_meanwhile_is_not_mailed(make: Make, post: Post, run_jobs: Run, clock: Any) -> None:
    user = make.user()
    prefer(make, user, quiet_from="11:00", quiet_to="14:00")
    notifications.send(make.ctx(), [user.id], "mention", "Seen")
    mine = make.ctx(user)
    with acting(mine):
        notifications.read_all(mine, 10**9)

    clock(NOON + 3 * HOUR)
    run_jobs()

    assert post.sent == []


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23T21:59", "2026-11-23T21:59"),
        ("2026-11-23T22:00", "2026-11-24T07:00"),
        ("2026-11-24T03:00", "2026-11-24T07:00"),
        ("2026-11-24T07:00", "2026-11-24T07:00"),
        ("2026-03-29T00:30", "2026-03-29T06:00"),
    ],
)
def test_quiet_hours_over_midnight_end_by_the_clock_on_the_wall(now: str, until: str) -> None:
    zone = context.zone("Europe/Lisbon")
    night = Preferences(quiet_from="22:00", quiet_to="07:00")

    found = night.held_until(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)

    assert found == datetime.fromisoformat(until).replace(tzinfo=UTC)


def test_a_topic_goes_only_where_its_receiver_wants_it(
    make: Make, post: Post, run_jobs: Run, clock: Any
) -> None:
    loud, silent = make.user(), make.user()
    prefer(make, loud, topics={"mention": ("mail",)})
    prefer(make, silent, topics={"mention": ()})

    notifications.send(make.ctx(), [loud.id, silent.id], "mention", "Psst")
    run_jobs()

    mine = make.ctx(loud)
    with acting(mine):
        assert notifications.page(mine)[0] == []
    assert told(make, silent) == []
    assert [m.to for m in post.sent] == [[loud.email]]


def test_without_a_mail_server_nothing_piles_up(make: Make, run_jobs: Run, clock: Any) -> None:
    user = make.user()

    notifications.send(make.ctx(), [user.id], "mention", "Here only")

    assert run_jobs() == 0
    assert told(make, user) == ["Here only"]


def test_each_receiver_reads_his_own_language(make: Make, clock: Any) -> None:
    english, german = make.user(locale="en"), make.user(locale="de")

    notifications.send(make.ctx(), [english.id, german.id], "mention", _l("Saved"))

    assert told(make, english) == ["Saved"]
    assert told(make, german) == ["Gespeichert"]


def test_a_plugin_brings_a_channel(
    make: Make, app: Flask, monkeypatch: pytest.MonkeyPatch, run_jobs: Run, clock: Any
) -> None:
    heard: list[tuple[int, str]] = []

    class Pigeon:
        def notify(self, user_id: int, subject: str, text: str, url: str = "") -> None:
            heard.append((user_id, subject))

    registry = app.extensions["kith"].registry
    with registry.thawed():
        registry.add(
            "core",
            [Service(name="pigeon", label="Pigeon", protocol=Notifier, factory=lambda config: Pigeon())],
        )
    monkeypatch.setattr(app.extensions["kith"], "schema_cache", None)
    user = make.user()
    prefer(make, user, topics={"mention": ("pigeon",)})

    notifications.send(make.ctx(), [user.id], "mention", "Coo")
    run_jobs()
    with registry.thawed():
        registry._items = [i for i in registry._items if i.name != "pigeon"]

    assert heard == [(user.id, "Coo")]


def test_a_colleague_who_is_mentioned_in_a_note_is_told(make: Make, clock: Any) -> None:
    writer, rui, other = make.user("manager"), make.user("manager", name="Rui Costa"), make.user("manager")
    ana = make.contact()
    ctx = make.ctx(writer)
    with acting(ctx):
        made = interactions.log(
            ctx,
            Entry(values={"kind": "note", "body": "Ask @Rui Costa, or rui@example.org"}, contacts=(ana.id,)),
        )

    assert len(told(make, rui)) == 1
    assert "mentioned you: Ask @Rui Costa" in told(make, rui)[0]
    assert told(make, other) == told(make, writer) == []

    with acting(make.ctx(writer)) as again:
        interactions.edit(again, made.id, {"body": "Ask @Rui Costa, please"})
    assert len(told(make, rui)) == 1


def test_a_private_note_mentions_nobody_who_cannot_read_it(make: Make, clock: Any) -> None:
    writer, rui = make.user("manager"), make.user("manager", name="Rui Costa")
    ana = make.contact()
    ctx = make.ctx(writer)
    with acting(ctx):
        values = {"kind": "note", "body": "@Rui Costa", "visibility": "private"}
        interactions.log(ctx, Entry(values=values, contacts=(ana.id,)))

    assert told(make, rui) == []


def test_a_task_from_a_colleague_is_told_and_one_s_own_is_not(make: Make, clock: Any) -> None:
    boss, rui = make.user("manager"), make.user("manager")
    ctx = make.ctx(boss)
    with acting(ctx):
        records.create(ctx, "task", {"summary": "Call Ana", "assignee_id": rui.id})
        records.create(ctx, "task", {"summary": "Mine", "assignee_id": boss.id})

        records.create(ctx, "task", {"summary": "Together", "assignee_id": boss.id, "mates": [rui.id]})

    assert [text.partition(": ")[2] for text in told(make, rui)] == ["Call Ana", "Together"]
    assert told(make, boss) == []


def test_many_tasks_at_once_are_told_once(make: Make, clock: Any) -> None:
    boss, rui = make.user("manager", name="Ida Boss"), make.user("manager")
    ctx = make.ctx(boss)
    with acting(ctx):
        for _unit in range(2):
            rows = [{"summary": f"Call {n}", "assignee_id": rui.id} for n in range(20)]
            records.create_many(ctx, "task", rows)

    assert told(make, rui) == ["Ida Boss gave you many tasks at once"]


def test_a_reminder_is_sent_once_and_says_when_it_is_late(make: Make, run_jobs: Run, clock: Any) -> None:
    user = make.user(zone="Europe/Lisbon", locale="en")
    ana = make.contact(owner=user, name="Ana Lima")
    reminders.set(make.ctx(), "contact", ana.id, [NOON + HOUR, NOON + 2 * HOUR], [user.id])

    clock(NOON + HOUR)
    for _again in range(2):
        reminders_sending.send_due(make.ctx(), {})
    assert told(make, user) == ["Reminder: Ana Lima"]

    clock(NOON + 26 * HOUR)
    reminders_sending.send_due(make.ctx(), {})
    assert "late: Ana Lima" in told(make, user)[1]
    assert "2:00" in told(make, user)[1]


def test_nobody_is_reminded_of_what_is_done(make: Make, clock: Any) -> None:
    user = make.user("manager")
    task = make("task", owner=user, summary="Call")
    reminders.set(make.ctx(), "task", task.id, [NOON + HOUR], [user.id])
    tasks.finish(make.ctx(), task.id)

    clock(NOON + 2 * HOUR)
    reminders_sending.send_due(make.ctx(), {})

    assert told(make, user) == []


def test_old_notifications_are_forgotten(make: Make, clock: Any) -> None:
    user = make.user()
    notifications.send(make.ctx(), [user.id], "mention", "Old")
    clock(NOON + timedelta(days=60))
    notifications.send(make.ctx(), [user.id], "mention", "Newer")

    clock(NOON + timedelta(days=100))
    tidying.tidy(make.ctx(), {})

    assert told(make, user) == ["Newer"]
