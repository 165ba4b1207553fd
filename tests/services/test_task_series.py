"""What comes after a task: the next of a series exactly once, and the follow-up that was asked for."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import Task
from app.services import context, records, task_fields, task_series, tasks
from app.testing.factories import Make, frozen


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`at("2026-03-02")`: noon UTC of that day is now."""

    def now(day: str) -> None:
        moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=12)
        monkeypatch.setattr(context, "clock", frozen(moment))

    now("2026-03-02")
    return now


def every(make: Make, **where: Any) -> list[Task]:
    session = make.ctx().session
    session.rollback()
    found = session.scalars(select(Task).filter_by(**where).order_by(Task.id))
    return list(found.all())


def test_done_brings_the_next_with_all_it_needs(make: Make, at: Any) -> None:
    me, mate, ana = make.user(), make.user(), make.contact()
    ctx = make.ctx(me)
    task = tasks.create(
        ctx,
        {
            "summary": "Report",
            "description": "**all**",
            "due_on": "2026-03-02",
            "due_clock": "09:00",
            "recurrence": "FREQ=WEEKLY;BYDAY=MO",
            "priority": 2,
            "mates": [mate.id],
            "checklist": ["[x] Ask", "Write"],
            "remind": ["60"],
        },
        about=[("contact", ana.id)] if records.exists(ctx, "contact", ana.id) else [],
    )

    tasks.finish(ctx, task.id)
    tasks.finish(ctx, task.id)

    last, after = every(make)
    assert (last.status, after.status) == ("done", "todo")
    assert (after.due_on, after.due_clock, after.occurrence_on) == ("2026-03-09", "09:00", "2026-03-09")
    assert (after.priority, after.description, after.previous_id) == (2, "**all**", task.id)
    system = make.ctx()
    assert task_fields.load_mates(system, [after.id])[after.id] == [mate.id]
    assert task_fields.load_items(system, [after.id])[after.id] == ["[ ] Ask", "[ ] Write"]
    assert task_fields.load_remind(system, [after.id])[after.id] == ["60"]


@pytest.mark.parametrize(
    ("done_on", "due"),
    [("2026-03-02", "2026-03-09"), ("2026-03-01", "2026-03-09"), ("2026-03-20", "2026-03-23")],
)
def test_days_that_were_missed_do_not_pile_up(make: Make, at: Any, done_on: str, due: str) -> None:
    task = tasks.create(
        make.ctx(), {"summary": "x", "due_on": "2026-03-02", "recurrence": "FREQ=WEEKLY;BYDAY=MO"}
    )
    at(done_on)

    tasks.finish(make.ctx(), task.id)

    assert every(make, previous_id=task.id)[0].due_on == due


def test_todays_is_not_lost_when_last_weeks_is_done_today(make: Make, at: Any) -> None:
    task = tasks.create(
        make.ctx(), {"summary": "x", "due_on": "2026-03-02", "recurrence": "FREQ=WEEKLY;BYDAY=MO"}
    )
    at("2026-03-09")

    tasks.finish(make.ctx(), task.id)

    assert every(make, previous_id=task.id)[0].due_on == "2026-03-09"


def test_moving_one_does_not_move_the_series(make: Make, at: Any) -> None:
    ctx = make.ctx()
    task = tasks.create(ctx, {"summary": "x", "due_on": "2026-03-02", "recurrence": "FREQ=WEEKLY;BYDAY=MO"})
    tasks.snooze(ctx, task.id, "2026-03-05")

    tasks.finish(ctx, task.id)

    assert every(make, previous_id=task.id)[0].due_on == "2026-03-09"


def test_a_series_ends_after_its_count(make: Make, at: Any) -> None:
    ctx = make.ctx()
    tasks.create(ctx, {"summary": "x", "due_on": "2026-03-02", "recurrence": "FREQ=DAILY;COUNT=3"})
    for _n in range(5):
        for task in every(make, status="todo"):
            tasks.finish(make.ctx(), task.id)

    assert [t.due_on for t in every(make)] == ["2026-03-02", "2026-03-03", "2026-03-04"]


def test_counting_from_completion(make: Make, at: Any) -> None:
    values = {"summary": "x", "due_on": "2026-03-02", "recurrence": "FREQ=DAILY;INTERVAL=10;COUNT=2"}
    task = tasks.create(make.ctx(), {**values, "after_done": True})
    at("2026-03-07")

    tasks.finish(make.ctx(), task.id)
    after = every(make, previous_id=task.id)[0]
    tasks.finish(make.ctx(), after.id)

    assert after.due_on == "2026-03-17"
    assert len(every(make)) == 2


def test_done_by_mistake_takes_the_next_back_and_done_again_brings_it_back(make: Make, at: Any) -> None:
    ctx = make.ctx()
    task = tasks.create(ctx, {"summary": "x", "due_on": "2026-03-02", "recurrence": "FREQ=DAILY"})

    tasks.finish(ctx, task.id)
    tasks.finish(ctx, task.id, done=False)
    assert [t.status for t in every(make)] == ["todo", "cancelled"]
    tasks.finish(ctx, task.id)

    assert [t.status for t in every(make)] == ["done", "todo"]


def test_a_next_one_that_was_thrown_away_does_not_end_the_series(make: Make, at: Any) -> None:
    ctx = make.ctx()
    task = tasks.create(ctx, {"summary": "x", "due_on": "2026-03-02", "recurrence": "FREQ=DAILY"})
    tasks.finish(ctx, task.id)
    records.trash(ctx, "task", [every(make, previous_id=task.id)[0].id])
    tasks.finish(ctx, task.id, done=False)

    tasks.finish(ctx, task.id)

    assert [t.due_on for t in every(make, status="todo")] == ["2026-03-03"]


def test_done_by_bulk_work_or_a_form_brings_the_next_too(make: Make, at: Any) -> None:
    ctx = make.ctx()
    task = tasks.create(ctx, {"summary": "x", "due_on": "2026-03-02", "recurrence": "FREQ=DAILY"})

    made = records.update(ctx, "task", task.id, {"status": "done"})

    assert made.completed_at == ctx.now
    assert len(every(make, previous_id=task.id)) == 1


@pytest.mark.parametrize(
    ("zone", "start", "clock"),
    [
        ("Europe/Berlin", "2026-03-27", "02:30"),
        ("Europe/Berlin", "2026-10-23", "02:30"),
        ("America/Sao_Paulo", "2018-11-02", "00:30"),
        ("Australia/Lord_Howe", "2026-10-02", "02:10"),
        ("Pacific/Apia", "2011-12-28", "09:00"),
        ("UTC", "2028-02-27", "23:59"),
    ],
)
def test_the_time_on_the_wall_survives_every_change_of_clocks(
    make: Make, at: Any, zone: str, start: str, clock: str
) -> None:
    user = make.user(zone=zone)
    at(start)
    values = {"summary": "x", "due_on": start, "due_clock": clock, "recurrence": "FREQ=DAILY"}
    tasks.create(make.ctx(user), values)

    for n in range(6):
        day = date.fromisoformat(start) + timedelta(days=n)
        at(day.isoformat())
        (task,) = every(make, status="todo")
        wall = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), ZoneInfo(zone))
        assert (task.due_on, task.due_clock, task.due_zone) == (day.isoformat(), clock, zone)
        assert task.due_at == wall.astimezone(UTC)
        tasks.finish(make.ctx(user), task.id)


def test_two_people_who_finish_it_at_once_make_one_next(app: Flask, make: Make) -> None:
    first, second = make.user("manager"), make.user("manager")
    task = tasks.create(make.ctx(first), {"summary": "x", "recurrence": "FREQ=DAILY"})
    task_id, ready, errors = task.id, threading.Barrier(2), []
    make.ctx().session.rollback()

    def finish(user_id: int) -> None:
        from app.extensions import db

        with app.app_context():
            try:
                ctx = context.for_user(user_id)
                ready.wait(5)
                tasks.finish(ctx, task_id)
                task_series.schedule_next(ctx, task_id, "1w")
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=finish, args=(u.id,)) for u in (first, second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert errors == []
    assert len(every(make, previous_id=task_id)) == 1


def test_done_and_the_follow_up_in_one_step(make: Make, at: Any) -> None:
    ctx = make.ctx(make.user())
    task = tasks.create(ctx, {"summary": "Call Ana", "due_on": "2026-03-02"})

    after = task_series.schedule_next(ctx, task.id, "1w")
    again = task_series.schedule_next(ctx, task.id, "tomorrow")

    assert (after.summary, again.id, again.due_on) == ("Call Ana", after.id, "2026-03-03")
    assert [t.status for t in every(make)] == ["done", "todo"]


def test_many_marked_as_done_from_a_list_bring_their_next(make: Make, at: Any) -> None:
    from app.services import bulk_work

    user = make.user("manager")
    ctx = make.ctx(user)
    ids = [
        tasks.create(ctx, {"summary": "x", "due_on": "2026-03-02", "recurrence": rule}).id
        for rule in ("FREQ=DAILY", "", "FREQ=WEEKLY")
    ]

    names = {action.name for action in bulk_work.offered(ctx, "task")}
    action = bulk_work.find(ctx, "task", "finish_task")
    with ctx.unit():
        action.run(ctx, [ctx.session.get_one(Task, i) for i in ids], {})

    assert {"finish_task", "task_tomorrow"} <= names
    assert [t.status for t in every(make)] == ["done", "done", "done", "todo", "todo"]
