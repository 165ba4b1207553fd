"""The worker: its threads work, stop when asked, give up what never ends, and several of them share the work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select, text

from app.kernel.contributions import Job
from app.models import JobRow, Setting
from app.services import context, jobs, running
from app.services.worker import GRACE_S, Running, Worker

Build = Callable[..., Flask]


def enqueue(app: Flask, name: str, *args: Any, **more: Any) -> int:
    with app.app_context():
        return jobs.enqueue(context.as_system("test"), name, *args, **more)


def left(app: Flask) -> list[JobRow]:
    with app.app_context():
        return list(context.as_system("test").session.execute(select(JobRow).order_by(JobRow.id)).scalars())


def test_a_commit_wakes_the_worker_and_stopping_waits_for_it(bare_house: Build) -> None:
    done = threading.Event()
    app = bare_house(Job(name="note", run=lambda ctx, args: done.set()))
    worker: Worker = app.extensions["kith"].worker
    worker.start()
    try:
        enqueue(app, "note")
        assert done.wait(20)
    finally:
        assert worker.stop(20)
    assert left(app) == []


def test_three_workers_run_every_job_once(bare_house: Build) -> None:
    counted: Counter[int] = Counter()
    mutex = threading.Lock()

    def count(ctx: Any, args: Any) -> None:
        with mutex:
            counted[args["n"]] += 1

    app = bare_house(Job(name="count", run=count))
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            for n in range(60):
                jobs.enqueue(ctx, "count", {"n": n})
    threads = [threading.Thread(target=Worker(app).run_all) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counted == Counter(range(60))
    assert left(app) == []


def test_a_job_finds_its_context_language_and_a_fresh_session(bare_house: Build) -> None:
    seen: list[Any] = []

    def look(ctx: Any, args: Any) -> None:
        seen.extend([g.ctx is ctx, context.ctx() is ctx, ctx.user.system, ctx.source, list(ctx.session)])

    app = bare_house(Job(name="look", run=look))
    enqueue(app, "look")
    app.extensions["kith"].worker.run_all()
    assert seen == [True, True, True, "job", []]


def test_beyond_its_time_a_job_is_stopped_at_the_database(
    bare_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dawdle(ctx: Any, args: Any) -> None:
        with ctx.unit():
            ctx.session.add(Setting(owner="test", key="a", value="1"))
            now = monotonic()
            monkeypatch.setattr(running, "monotonic", lambda: now + 100)
            ctx.session.add(Setting(owner="test", key="b", value="1"))

    app = bare_house(Job(name="dawdle", run=dawdle, timeout=30))
    enqueue(app, "dawdle")
    app.extensions["kith"].worker.run_all()
    assert "longer than it may" in left(app)[0].error
    with app.app_context():
        session = context.as_system("test").session
        assert session.execute(select(Setting.key).where(Setting.owner == "test")).all() == []


def test_a_job_that_never_ends_is_given_up_and_its_lease_is_void(bare_house: Build) -> None:
    app = bare_house(Job(name="endless", run=lambda ctx, args: None, timeout=5))
    worker: Worker = app.extensions["kith"].worker
    enqueue(app, "endless")
    with app.app_context():
        (claim,) = jobs.claim(context.as_system("test"))
    worker._running[claim.id] = mine = Running(claim, monotonic() - GRACE_S - 1)
    worker._stop.set()  # so that the thread that takes its place ends at once
    worker._give_up()
    assert mine.given_up
    assert left(app)[0].error == "It did not end within its time."
    with app.app_context():
        assert jobs.finish(context.as_system("test"), [claim]) == 1, "too late: somebody else has it now"


def test_long_jobs_leave_a_thread_for_the_quick_ones(bare_house: Build) -> None:
    app = bare_house(
        Job(name="long", run=lambda ctx, args: None, timeout=3600),
        Job(name="quick", run=lambda ctx, args: None),
    )
    enqueue(app, "long", priority=1)
    enqueue(app, "quick")
    with app.app_context():
        names = running.slow_names()
        (claim,) = jobs.claim(context.as_system("test"), without=names)
        assert (names, claim.name) == (("long",), "quick")


def test_on_postgresql_a_statement_may_take_as_long_as_its_job(bare_house: Build) -> None:
    seen: list[str] = []

    def look(ctx: Any, args: Any) -> None:
        if ctx.session.get_bind().dialect.name == "postgresql":
            seen.append(ctx.session.execute(text("SHOW statement_timeout")).scalar())
        else:
            seen.append("10min")

    app = bare_house(Job(name="look", run=look, timeout=600))
    enqueue(app, "look")
    app.extensions["kith"].worker.run_all()
    assert seen[0].startswith(("59", "10min"))
