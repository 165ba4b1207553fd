"""The outbox: nothing told is lost, nothing untold is delivered, and nobody pays who does not listen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.contributions import Job, On, Phase
from app.kernel.events import Event
from app.models import EventRow, JobRow, Operation, User
from app.services import context, events, jobs, journal

Build = Callable[..., Flask]
heard: list[Any] = []


@pytest.fixture(autouse=True)
def _nothing_heard() -> None:
    heard.clear()


def hear(ctx: Any, events: Sequence[Event]) -> None:
    heard.append([(e.topic, e.record_id) for e in events])


def tell(app: Flask, *topics: str, as_user: int | None = None) -> None:
    """Tell of one event per topic, record 1, 2 …, in one unit."""
    with app.app_context():
        ctx = context.for_user(as_user) if as_user else context.as_system("test")
        with ctx.unit():
            for number, topic in enumerate(topics, 1):
                ctx.events.emit(topic, entity="contact", record_ids=[number], payload={"n": number})


def rows(app: Flask, model: Any = JobRow) -> list[Any]:
    with app.app_context():
        return list(context.as_system("test").session.execute(select(model).order_by(model.id)).scalars())


def test_nobody_listens_nothing_is_queued(bare_house: Build) -> None:
    app = bare_house(On(name="other", topic="company.*", run=hear))
    tell(app, "contact.updated")
    assert rows(app) == []
    assert [e.topic for e in rows(app, EventRow)] == ["contact.updated"]


def test_after_is_delivered_with_the_commit_and_once(bare_house: Build) -> None:
    app = bare_house(On(name="all", topic="contact.*", run=hear))
    tell(app, "contact.created", "company.created", "contact.updated")
    assert heard == [[("contact.created", 1), ("contact.updated", 3)]]
    assert rows(app) == []
    assert app.extensions["kith"].worker.run_all() == 0


def test_background_is_left_to_the_worker(bare_house: Build) -> None:
    app = bare_house(On(name="all", topic="*", run=hear, phase=Phase.BACKGROUND))
    tell(app, "contact.created")
    assert heard == []
    assert app.extensions["kith"].worker.run_all() == 1
    assert heard == [[("contact.created", 1)]]


def test_who_asks_for_fields_hears_of_changes_of_these_alone(bare_house: Build) -> None:
    app = bare_house(
        On(name="one", topic="contact.*", run=hear, fields=("n", "other")),
        On(name="none", topic="contact.*", run=hear, phase=Phase.BACKGROUND, fields=("other",)),
    )
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            ctx.events.emit("contact.updated", entity="contact", record_ids=[1], payload={"n": 1})
            ctx.events.emit("contact.updated", entity="contact", record_ids=[2], payload={"note": 1})
    assert heard == [[("contact.updated", 1)]]
    assert rows(app) == []


def test_many_events_at_once_are_sifted_by_field_too(bare_house: Build) -> None:
    app = bare_house(
        On(name="one", topic="contact.*", run=hear, fields=("n",)),
        On(name="none", topic="contact.*", run=hear, fields=("other",)),
        On(name="first", topic="contact.*", run=hear, phase=Phase.BEFORE, fields=("other",)),
    )
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            ctx.events.emit("contact.updated", entity="contact", record_ids=range(1, 31), payload={"n": 1})
    assert [len(batch) for batch in heard] == [30]


def test_a_unit_that_fails_tells_nothing(bare_house: Build) -> None:
    app = bare_house(On(name="all", topic="*", run=hear))
    with pytest.raises(ZeroDivisionError):
        tell_and_fail(app)
    assert (heard, rows(app), rows(app, EventRow)) == ([], [], [])


def tell_and_fail(app: Flask) -> None:
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            ctx.events.emit("contact.created", entity="contact", record_ids=[1])
            raise ZeroDivisionError


def test_each_subscription_fails_and_is_retried_alone(bare_house: Build) -> None:
    fails = [True]

    def moody(ctx: Any, events: Sequence[Event]) -> None:
        if fails[0]:
            raise OSError("the other side is down")
        hear(ctx, events)

    app = bare_house(On(name="well", topic="*", run=hear), On(name="moody", topic="*", run=moody))
    tell(app, "contact.created")
    assert heard == [[("contact.created", 1)]]
    (left,) = rows(app)
    assert (left.name, left.error, left.attempts) == ("on:core:moody", "the other side is down", 1)
    fails[0] = False
    with app.app_context():
        jobs.retry(context.as_system("test"), [left.id])
    app.extensions["kith"].worker.run_all()
    assert len(heard) == 2
    assert rows(app) == []


def test_a_plugin_that_raises_is_caught_and_its_changes_undone(bare_house: Build) -> None:
    def half(ctx: Any, events: Sequence[Event]) -> None:
        with ctx.unit():
            ctx.session.add(User(name="half", email="half@example.org"))
            raise KeyError("gone")

    app = bare_house(sales=[On(name="half", topic="*", run=half)])
    tell(app, "contact.created")
    assert rows(app, User) == []
    assert "KeyError" in rows(app)[0].error


def test_a_slow_subscriber_is_left_to_the_worker_next_time(
    bare_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = bare_house(On(name="slow", topic="*", run=hear))
    worker = app.extensions["kith"].worker
    worker._last_took["on:core:slow"] = 3.0
    tell(app, "contact.created")
    assert heard == []
    (left,) = rows(app)
    assert (left.attempts, left.locked_until) == (0, None)
    assert worker.run_all() == 1
    assert heard == [[("contact.created", 1)]]
    tell(app, "contact.created")
    assert len(heard) == 2, "it was quick this time, so it is delivered at once again"


def test_what_a_subscriber_does_is_deeper_has_a_cause_and_ends_somewhere(bare_house: Build) -> None:
    depths: list[tuple[int, bool]] = []

    def echo(ctx: Any, events: Sequence[Event]) -> None:
        depths.append((ctx.depth, ctx.caused_by is not None))
        with ctx.unit():
            journal.operation(ctx, "echo")
            ctx.events.emit("contact.updated", entity="contact", record_ids=[1])

    app = bare_house(On(name="echo", topic="contact.updated", run=echo))
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            journal.operation(ctx, "first")
            ctx.events.emit("contact.updated", entity="contact", record_ids=[1])
    app.extensions["kith"].worker.run_all()
    assert depths == [(n, True) for n in range(1, 6)]
    operations = rows(app, Operation)
    assert [o.caused_by for o in operations] == [None, *(o.id for o in operations[:-1])]
    assert len(rows(app, EventRow)) == 6


def test_it_is_delivered_as_the_user_and_after_their_leaving_too(bare_house: Build) -> None:
    whom: list[Any] = []
    app = bare_house(
        On(name="who", topic="*", run=lambda ctx, events: whom.append(ctx.user.id), phase=Phase.BACKGROUND),
        Job(name="own", run=lambda ctx, args: whom.append("own")),
    )
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            user = User(name="Ana", email="ana@example.org")
            ctx.session.add(user)
        user_id = user.id
    tell(app, "contact.created", as_user=user_id)
    app.extensions["kith"].worker.run_all()
    assert whom == [user_id]
    tell(app, "contact.created", as_user=user_id)
    with app.app_context():
        ctx = context.for_user(user_id)
        jobs.enqueue(ctx, "own")
        with ctx.unit():
            ctx.session.get_one(User, user_id).active = False
        app.extensions["kith"].principal_cache.clear()
    app.extensions["kith"].worker.run_all()
    assert whom == [user_id, None], "a fact is told, but nothing is done in the name of somebody who left"
    assert [row.state for row in rows(app)] == ["dead"]


def test_two_subscriptions_without_a_name_are_both_told(bare_house: Build) -> None:
    app = bare_house(
        On(topic="contact.*", run=lambda ctx, events: heard.append(1)),
        On(topic="contact.*", run=lambda ctx, events: heard.append(2)),
    )
    tell(app, "contact.created")
    assert heard == [1, 2]


def test_of_many_that_are_stored_at_once_each_is_delivered_and_who_asks_for_other_fields_is_not_called(
    bare_house: Build,
) -> None:
    app = bare_house(
        On(name="all", topic="contact.*", run=hear),
        On(name="none", topic="contact.*", run=hear, phase=Phase.BACKGROUND, fields=("other",)),
    )
    many = list(range(1, events.MANY + 2))
    with app.app_context():
        ctx = context.as_system("test")
        for _time in range(2):
            with ctx.unit():
                ctx.events.emit("contact.updated", entity="contact", record_ids=many, payload={"n": 1})
    assert heard == [[("contact.updated", i) for i in many]] * 2
    assert rows(app) == []
    assert [e.record_id for e in rows(app, EventRow)] == many * 2
