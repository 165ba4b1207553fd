"""Follow-ups: when they are due, whose they are, what comes next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.kernel.errors import Invalid, NotVisible, Refuse
from app.services import context, task_fields, tasks
from app.testing.factories import Make, frozen

LATE_EVENING = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "clock", frozen(LATE_EVENING))


@pytest.mark.usefixtures("evening")
@pytest.mark.parametrize(("zone", "day"), [("UTC", "2026-03-03"), ("Asia/Tokyo", "2026-03-04")])
def test_tomorrow_is_the_readers_tomorrow(make: Make, zone: str, day: str) -> None:
    assert tasks.due(make.ctx(make.user(zone=zone)), "tomorrow") == day


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "31.12.2026"])
def test_what_is_no_date_is_explained(make: Make, text: str) -> None:
    with pytest.raises(Invalid, match="Write it as 2026-02-28"):
        tasks.due(make.ctx(), text)


def test_a_task_is_its_makers_unless_it_is_given_away(make: Make) -> None:
    me, mate = make.user(), make.user()
    ctx = make.ctx(me)

    assert tasks.create(ctx, {"summary": "Mine"}).assignee_id == me.id
    assert tasks.create(ctx, {"summary": "Hers", "assignee_id": mate.id}).assignee_id == mate.id


def test_a_task_about_what_is_out_of_sight_is_refused(make: Make) -> None:
    theirs = make.contact(team="south")

    with pytest.raises(NotVisible):
        tasks.create(
            make.ctx(make.user("rep", team="north")), {"summary": "x"}, about=[("contact", theirs.id)]
        )


@pytest.mark.usefixtures("evening")
def test_moving_a_task_keeps_its_time_of_day_across_a_change_of_clocks(make: Make) -> None:
    ctx = make.ctx(make.user(zone="Europe/Lisbon"))
    at = datetime(2026, 3, 28, 14, 0, tzinfo=ctx.zone)
    task = tasks.create(ctx, {"summary": "Call", "due_on": "2026-03-28", "due_at": at.astimezone(UTC)})

    moved = tasks.snooze(ctx, task.id, "2026-03-29")

    assert moved.due_on == "2026-03-29"
    assert moved.due_at.astimezone(ctx.zone).isoformat() == "2026-03-29T14:00:00+01:00"


def test_done_and_to_do_again(make: Make) -> None:
    ctx = make.ctx()
    task = tasks.create(ctx, {"summary": "Call"})

    assert tasks.finish(ctx, task.id).completed_at == ctx.now
    again = tasks.finish(ctx, task.id, done=False)
    assert (again.status, again.completed_at) == ("todo", None)


@pytest.mark.usefixtures("evening")
def test_what_is_late_today_and_tomorrow_is_counted_for_me_alone(make: Make) -> None:
    user, mate = make.user(), make.user()
    me = make.ctx(user)
    for day in ("2026-02-01", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", tasks.SOMEDAY):
        tasks.create(me, {"summary": day, "due_on": day})
    tasks.finish(me, tasks.create(me, {"summary": "done", "due_on": "2026-03-01"}).id)
    tasks.create(make.ctx(mate), {"summary": "theirs", "due_on": "2026-03-02"})
    me = make.ctx(user)

    found = tasks.counts(me)

    assert (found.late, found.today, found.tomorrow) == (2, 1, 1)
    assert [t.summary for t in tasks.open_tasks(me, until="2026-03-02")] == [
        "2026-02-01",
        "2026-03-01",
        "2026-03-02",
    ]


def test_the_next_thing_about_a_record_is_mine_first_and_then_the_earliest(make: Make) -> None:
    me, mate = make.user("rep", team="north"), make.user("rep", team="north")
    ana = make.contact(owner=me, team="north")

    def add(who: Any, day: str) -> None:
        tasks.create(make.ctx(who), {"summary": day, "due_on": day}, about=[("contact", ana.id)])

    assert tasks.next_of(make.ctx(me), "contact", ana.id) is None
    add(mate, "2026-01-01")
    task = tasks.next_of(make.ctx(me), "contact", ana.id)
    assert (task.summary, bool(task.able)) == ("2026-01-01", True)
    add(me, "2026-05-01")
    add(me, "2026-04-01")
    assert tasks.next_of(make.ctx(me), "contact", ana.id).summary == "2026-04-01"


@pytest.mark.usefixtures("evening")
def test_later_today_is_not_in_the_night(make: Make) -> None:
    here, there = make.ctx(make.user(zone="UTC")), make.ctx(make.user(zone="America/Los_Angeles"))
    task = tasks.create(there, {"summary": "Call", "due_on": "2026-03-02"})

    assert tasks.later(here) is None
    assert tasks.snooze(there, task.id, "later").due_clock == "19:00"
    assert tasks.due(here, "monday") == "2026-03-09"


@pytest.mark.usefixtures("evening")
def test_what_i_help_with_is_mine_too(make: Make, queries: Any) -> None:
    me, mate = make.user(), make.user()
    tasks.create(make.ctx(mate), {"summary": "Ours", "due_on": "2026-03-02", "mates": [me.id]})
    tasks.create(make.ctx(mate), {"summary": "Hers", "due_on": "2026-03-02"})
    ctx = make.ctx(me)

    assert [t.summary for t in tasks.open_tasks(ctx)] == ["Ours"]
    assert tasks.counts(ctx).late == 0
    assert tasks.finish(ctx, tasks.open_tasks(ctx)[0].id).status == "done"


def test_a_checklist_is_ticked_line_by_line(make: Make) -> None:
    ctx = make.ctx()
    task = tasks.create(ctx, {"summary": "Visit", "checklist": "Ladder\n\n[x] Offer\nLadder"})
    first = task_fields.items(ctx, [task.id])[task.id]

    tasks.tick(ctx, task.id, first[2].id, done=True)
    tasks.add_items(ctx, task.id, "Camera")

    assert task_fields.load_items(ctx, [task.id])[task.id] == [
        "[ ] Ladder",
        "[x] Offer",
        "[x] Ladder",
        "[ ] Camera",
    ]
    kept = task_fields.items(ctx, [task.id])[task.id]
    assert [item.id for item in kept[:3]] == [item.id for item in first]
    with pytest.raises(Invalid):
        tasks.add_items(ctx, task.id, " \n ")
    with pytest.raises(Invalid, match="at most 200"):
        tasks.add_items(ctx, task.id, "x\n" * 200)


def test_day_time_and_instant_agree_whichever_is_changed(make: Make) -> None:
    from app.services import records

    ctx = make.ctx(make.user(zone="Europe/Berlin"))
    task = tasks.create(ctx, {"summary": "x", "due_on": "2026-07-01", "due_clock": "15:30"})
    assert task.due_at == datetime(2026, 7, 1, 13, 30, tzinfo=UTC)

    at = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    moved = records.update(ctx, "task", task.id, {"due_at": at})
    assert (moved.due_on, moved.due_clock) == ("2026-12-02", "00:30")
    moved = records.update(ctx, "task", task.id, {"due_on": tasks.SOMEDAY})
    assert (moved.due_at, moved.due_clock) == (None, "")


def test_a_task_is_never_a_part_of_itself(make: Make) -> None:
    from app.services import records

    ctx = make.ctx()
    top = tasks.create(ctx, {"summary": "top"})
    mid = tasks.create(ctx, {"summary": "mid", "parent_id": top.id})
    low = tasks.create(ctx, {"summary": "low", "parent_id": mid.id})

    assert [t.summary for t in tasks.children(ctx, top.id)] == ["mid"]
    for wrong in (top.id, low.id):
        with pytest.raises(Refuse, match="part of itself"):
            records.update(ctx, "task", top.id, {"parent_id": wrong})


def test_priorities_of_calendars_are_three_words(make: Make) -> None:
    from app.services import records

    ctx = make.ctx()
    task = tasks.create(ctx, {"summary": "x", "priority": 3})

    assert task_fields.load_urgency(ctx, [task.id]) == {task.id: "high"}
    assert records.update(ctx, "task", task.id, {"priority": "high"}).priority == 3
    assert records.update(ctx, "task", task.id, {"priority": "low"}).priority == 9
    with pytest.raises(Invalid):
        records.update(ctx, "task", task.id, {"priority": "urgent"})


def test_the_same_form_sent_twice_makes_one_task(make: Make) -> None:
    ctx = make.ctx(make.user())

    first, second = (tasks.create_once(ctx, {"summary": "x"}, nonce="n1") for _ in range(2))

    assert first.id == second.id
