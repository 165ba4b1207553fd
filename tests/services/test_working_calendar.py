"""Whose hours hold: a person's over the team's over the company's, each thing by itself; absences come from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.kernel.contributions import Service
from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.kernel.protocols import Absences, WorkingCalendar
from app.models import WorkException
from app.services import context, working_calendar, working_calendar_editing
from app.services import working_calendar_text as text
from app.services.context import acting
from app.services.working_calendar import COMPANY, NONE, TEAM, USER, Level
from app.testing.factories import Make, frozen

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
EARLY = (text.parse("6-14"),) * 5 + ((), ())
LATE = (text.parse("14-22"),) * 6 + ((),)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "clock", frozen(MONDAY))


def save(make: Make, place: tuple[str, int], **what: Any) -> None:
    working_calendar_editing.save(make.ctx(), place, Level(**what))


def test_until_somebody_says_otherwise_it_is_nine_to_five(make: Make) -> None:
    hours = working_calendar.company(make.ctx())

    assert isinstance(hours, WorkingCalendar)
    assert [hours.is_open(MONDAY.replace(hour=h)) for h in (8, 9, 16, 17)] == [False, True, True, False]


def test_each_level_says_only_what_differs(make: Make) -> None:
    make.team("Iberia")
    porto = make.team("Porto", parent="Iberia")
    user = make.user(team="Porto", zone="Europe/Lisbon")
    save(make, (COMPANY, 0), week=EARLY, country="DE", region="BY")
    save(make, (TEAM, porto.parent_id), country="PT")
    save(make, (TEAM, porto.id), week=LATE)

    team = working_calendar.of_team(make.ctx(), porto.id)
    mine = working_calendar.of_user(make.ctx(), user.id)
    assert (team.week, team.country, team.region) == (LATE, "PT", "")
    assert (mine.week, mine.country, str(mine.zone)) == (LATE, "PT", "Europe/Lisbon")

    save(make, (USER, user.id), country=NONE)
    mine = working_calendar.of_user(make.ctx(), user.id)
    assert (mine.week, mine.country) == (LATE, "")
    assert mine.is_working_day(date(2026, 12, 8))
    assert not working_calendar.of_team(make.ctx(), porto.id).is_working_day(date(2026, 12, 8))


def test_days_that_differ_hold_for_those_below_unless_they_have_their_own(make: Make) -> None:
    user = make.user()
    day = date(2026, 12, 24)
    working_calendar_editing.add_exception(make.ctx(), (COMPANY, 0), day, day, (), "Closed")
    assert not working_calendar.of_user(make.ctx(), user.id).is_working_day(day)

    periods = text.parse("9-12")
    working_calendar_editing.add_exception(make.ctx(), (USER, user.id), day, day, periods, "On duty")

    assert working_calendar.of_user(make.ctx(), user.id).periods(day) == periods
    assert not working_calendar.company(make.ctx()).is_working_day(day)


def test_many_people_take_as_many_queries_as_one(make: Make, queries: Callable[[], Any]) -> None:
    people = [make.user(team=f"Team {n % 3}").id for n in range(8)]
    save(make, (COMPANY, 0), week=EARLY)
    save(make, (USER, people[0]), week=LATE)
    ctx = make.ctx()
    with queries() as one:
        working_calendar.of_user(ctx, people[0])

    with queries() as many:
        found = working_calendar.of_users(ctx, people)

    assert len(many) == len(one) <= 4
    assert found[people[0]].week == LATE
    assert found[people[1]].week == EARLY


def test_absences_of_a_plugin_are_no_working_time(
    make: Make, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, other = make.user(), make.user()

    class Leave:
        def away(
            self, user_ids: Sequence[int], start: datetime, end: datetime
        ) -> Mapping[int, Sequence[tuple[datetime, datetime]]]:
            assert start < MONDAY < end
            return {user.id: [(MONDAY, MONDAY + timedelta(days=2))]}

    registry = app.extensions["kith"].registry
    with registry.thawed():
        registry.add(
            "core", [Service(name="leave", label="Leave", protocol=Absences, factory=lambda c: Leave())]
        )
    monkeypatch.setattr(app.extensions["kith"], "schema_cache", None)
    found = working_calendar.of_users(make.ctx(), [user.id, other.id])
    with registry.thawed():
        registry._items = [i for i in registry._items if i.name != "leave"]

    assert found[user.id].next_open(MONDAY) == MONDAY.replace(day=25, hour=9, minute=0)
    assert found[other.id].next_open(MONDAY) == MONDAY.replace(hour=9, minute=0)


def test_everybody_changes_his_own_hours_and_only_administrators_those_of_others(make: Make) -> None:
    user, other = make.user(), make.user()
    ctx = make.ctx(user)
    with acting(ctx):
        working_calendar_editing.save(ctx, (USER, user.id), Level(week=EARLY))
        for place in ((USER, other.id), (TEAM, 1), (COMPANY, 0)):
            with pytest.raises(NotAllowed):
                working_calendar_editing.save(ctx, place, Level(week=EARLY))
    with pytest.raises(NotVisible):
        save(make, (TEAM, 999), week=EARLY)


@pytest.mark.parametrize("what", [{"week": ((),) * 7}, {"country": "XX"}, {"country": "PT", "region": "BY"}])
def test_what_makes_no_calendar_is_refused(make: Make, what: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        save(make, (COMPANY, 0), **what)


def test_an_entry_of_another_calendar_is_not_removed(make: Make) -> None:
    user = make.user()
    day = date(2026, 12, 24)
    working_calendar_editing.add_exception(make.ctx(), (COMPANY, 0), day, day, (), "")
    entry = make.ctx().session.query(WorkException).one()
    ctx = make.ctx(user)

    with acting(ctx), pytest.raises(NotVisible):
        working_calendar_editing.remove_exception(ctx, (USER, user.id), entry.id)
