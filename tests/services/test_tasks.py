"""Follow-ups: when they are due, whose they are, what comes next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.kernel.errors import Invalid, NotVisible
from app.services import context, tasks
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
    task, may = tasks.next_of(make.ctx(me), "contact", ana.id)
    assert (task.summary, may) == ("2026-01-01", True)
    add(me, "2026-05-01")
    add(me, "2026-04-01")
    assert tasks.next_of(make.ctx(me), "contact", ana.id)[0].summary == "2026-04-01"
