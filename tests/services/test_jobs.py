"""The queue: at least once, once per key, in order per lane, nobody in another's way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.contributions import Job
from app.kernel.errors import Refuse
from app.models import JobRow
from app.services import context, jobs

Build = Callable[..., Flask]
ran: list[Any] = []


def note(ctx: Any, args: Any) -> None:
    ran.append(args.get("n"))


def broken(ctx: Any, args: Any) -> None:
    ran.append("broken")
    raise ValueError("no such thing")


def refusing(ctx: Any, args: Any) -> None:
    raise Refuse("this can never work")


NOTE = Job(name="note", run=note)
ALL = (NOTE, Job(name="broken", run=broken, retries=2), Job(name="refusing", run=refusing))


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


def rows() -> list[JobRow]:
    ctx = context.as_system("test")
    return list(ctx.session.execute(select(JobRow).order_by(JobRow.id)).scalars())


def enqueue(app: Flask, name: str, *args: Any, **more: Any) -> int:
    with app.app_context():
        return jobs.enqueue(context.as_system("test"), name, *args, **more)


def shift(app: Flask, **values: Any) -> None:
    """Change all jobs as if time had passed."""
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            ctx.session.execute(update(JobRow).values(**values))


def test_a_job_runs_once_and_is_gone(bare_house: Build) -> None:
    app = bare_house(*ALL)
    enqueue(app, "note", {"n": 1})
    assert app.extensions["kith"].worker.run_all() == 1
    assert ran == [1]
    with app.app_context():
        assert rows() == []


def test_a_job_of_a_unit_that_fails_never_runs(bare_house: Build) -> None:
    app = bare_house(*ALL)
    with app.app_context():
        ctx = context.as_system("test")
        with pytest.raises(ZeroDivisionError):
            enqueue_and_fail(ctx)
        assert rows() == []


def enqueue_and_fail(ctx: Any) -> None:
    with ctx.unit():
        jobs.enqueue(ctx, "note", {"n": 1})
        raise ZeroDivisionError


def test_an_unknown_job_is_refused(bare_house: Build) -> None:
    with pytest.raises(LookupError, match="no job “nonsense”"):
        enqueue(bare_house(*ALL), "nonsense")


def test_a_poison_job_waits_longer_each_time_and_ends_as_a_dead_letter(bare_house: Build) -> None:
    app = bare_house(*ALL)
    enqueue(app, "broken", priority=1)
    enqueue(app, "note", {"n": 1})
    worker = app.extensions["kith"].worker
    assert worker.run_all() == 2
    assert ran == ["broken", 1]
    with app.app_context():
        (left,) = rows()
        assert (left.state, left.error) == ("ready", "ValueError: no such thing")
        assert 8 <= (left.run_at - left.started_at).total_seconds() <= 13
    for _try in range(5):
        shift(app, run_at=context.clock())
        worker.run_all()
    assert ran.count("broken") == 3
    with app.app_context():
        assert [row.state for row in rows()] == ["dead"]


def test_a_job_that_refuses_is_not_tried_again(bare_house: Build) -> None:
    app = bare_house(*ALL)
    enqueue(app, "refusing")
    app.extensions["kith"].worker.run_all()
    with app.app_context():
        (left,) = rows()
        assert (left.state, left.error) == ("dead", "this can never work")
        assert jobs.retry(context.as_system("test"), [left.id]) == 1
        assert (rows()[0].state, rows()[0].attempts) == ("ready", 0)


def test_a_row_that_cannot_be_read_fails_alone(bare_house: Build) -> None:
    app = bare_house(*ALL)
    enqueue(app, "note", {"n": 1}, priority=1)
    shift(app, args="{no json")
    enqueue(app, "note", {"n": 2})
    app.extensions["kith"].worker.run_all()
    assert ran == [2]


def test_the_ladder_follows_the_house(bare_house: Build) -> None:
    waits = [jobs.wait(n).total_seconds() for n in range(1, 11)]
    expected = [10, 60, 300, 1800, 7200, 28800, 86400, 43200, 43200, 43200]
    assert all(0.89 * e <= w <= 1.11 * e for w, e in zip(waits, expected, strict=True))
    assert sum(expected) <= 72 * 3600


def test_the_same_key_waits_once_and_takes_the_newest_arguments(bare_house: Build) -> None:
    app = bare_house(*ALL)
    first = enqueue(app, "note", {"n": 1}, key="contact:7")
    assert enqueue(app, "note", {"n": 2}, key="contact:7") == first
    app.extensions["kith"].worker.run_all()
    assert ran == [2]


def test_a_key_asked_for_while_it_runs_is_run_once_more(bare_house: Build) -> None:
    app = bare_house(*ALL)
    enqueue(app, "note", {"n": 1}, key="contact:7")
    with app.app_context():
        (claim,) = jobs.claim(context.as_system("test"))
    enqueue(app, "note", {"n": 2}, key="contact:7")
    with app.app_context():
        assert jobs.claim(context.as_system("test")) == ()
        assert jobs.finish(context.as_system("test"), [claim]) == 0
    app.extensions["kith"].worker.run_all()
    assert ran == [2]


def test_a_lost_lease_cannot_finish_the_job(bare_house: Build) -> None:
    app = bare_house(*ALL)
    enqueue(app, "note", {"n": 1})
    with app.app_context():
        (first,) = jobs.claim(context.as_system("test"))
        assert jobs.claim(context.as_system("test")) == ()
    shift(app, locked_until=context.clock() - timedelta(seconds=1))
    with app.app_context():
        (second,) = jobs.claim(context.as_system("test"))
        assert second.attempts == 2
        assert jobs.finish(context.as_system("test"), [first]) == 1
        assert jobs.finish(context.as_system("test"), [second]) == 0
        assert rows() == []


def test_a_renewed_lease_stays(bare_house: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    app = bare_house(*ALL)
    enqueue(app, "note")
    with app.app_context():
        (claim,) = jobs.claim(context.as_system("test"))
        start = context.clock()
        monkeypatch.setattr(context, "clock", lambda: start + timedelta(seconds=40))
        jobs.renew(context.as_system("test"), [claim])
        monkeypatch.setattr(context, "clock", lambda: start + timedelta(seconds=80))
        assert jobs.claim(context.as_system("test")) == ()


def test_what_kills_its_process_is_buried(bare_house: Build) -> None:
    app = bare_house(*ALL)
    enqueue(app, "broken")
    shift(app, attempts=3, locked_until=context.clock() - timedelta(seconds=1))
    with app.app_context():
        assert jobs.claim(context.as_system("test")) == ()
        assert jobs.tidy(context.as_system("test")) == 1
        assert rows()[0].state == "dead"


def test_a_lane_keeps_its_order_and_others_pass(bare_house: Build) -> None:
    app = bare_house(*ALL)
    for n in (1, 2):
        enqueue(app, "note", {"n": n}, lane="hook:contact:7")
    enqueue(app, "note", {"n": 3}, lane="hook:contact:8")
    with app.app_context():
        ctx = context.as_system("test")
        claims = jobs.claim(ctx, limit=10)
        assert ['"n": 1' in c.args or '"n": 3' in c.args for c in claims] == [True, True]
        assert jobs.claim(context.as_system("test")) == ()
        jobs.fail(context.as_system("test"), claims[0], "later")
        assert jobs.claim(context.as_system("test")) == (), (
            "an earlier one of the lane waits for its next try"
        )


def test_priority_comes_first_and_the_future_waits(bare_house: Build) -> None:
    app = bare_house(*ALL)
    enqueue(app, "note", {"n": "late"}, run_at=context.clock() + timedelta(hours=1), priority=1)
    enqueue(app, "note", {"n": "plain"})
    enqueue(app, "note", {"n": "urgent"}, priority=1)
    app.extensions["kith"].worker.run_all()
    assert ran == ["urgent", "plain"]


def test_jobs_of_a_disabled_plugin_wait_and_of_a_removed_one_are_parked(bare_house: Build) -> None:
    app = bare_house(sales=[NOTE])
    registry, worker = app.extensions["kith"].registry, app.extensions["kith"].worker
    enqueue(app, "sales.note", {"n": 1})
    registry.enabled = lambda owner: False
    assert worker.run_all() == 0
    registry.withdraw("sales")
    with app.app_context():
        jobs.tidy(context.as_system("test"))
        assert rows()[0].state == "parked"
    registry.add("sales", [NOTE])
    registry.enabled = lambda owner: True
    with app.app_context():
        jobs.tidy(context.as_system("test"))
    assert worker.run_all() == 1
    assert ran == [1]


def test_a_job_nobody_declares_any_more_says_so(bare_house: Build) -> None:
    app = bare_house(sales=[NOTE, Job(name="other", run=note)])
    enqueue(app, "sales.note")
    shift(app, name="sales.former")
    app.extensions["kith"].worker.run_all()
    with app.app_context():
        assert rows()[0].state == "dead"
        assert "Nothing declares this job" in rows()[0].error
