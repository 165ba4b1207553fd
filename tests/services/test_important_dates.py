"""Birthdays and other dates: found by their day, with or without a year, over the end of the year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.services import context, fields, important_dates, records
from app.services.context import acting
from app.testing.factories import Make, frozen


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "clock", frozen(datetime(2026, 12, 28, 12, tzinfo=UTC)))


def found(make: Make, user: Any, **how: Any) -> list[tuple[str, str, int]]:
    ctx = make.ctx(user)
    with acting(ctx):
        return [(d.name, important_dates.words(d), d.days) for d in important_dates.upcoming(ctx, **how)]


def test_what_comes_up_is_in_order_over_the_end_of_the_year(make: Make) -> None:
    rep = make.user()
    make.contact(owner=rep, name="Ana Lima", birthday="1986-01-02")
    make.contact(owner=rep, name="Rui Sá", birthday="--12-28", anniversary="2016-12-30")
    make.contact(owner=rep, name="Eva Cruz", dates="Contract ends: 2026-12-29\nName day: --12-31")
    make.contact(owner=rep, name="Far Away", birthday="--03-01")

    assert found(make, rep, days=10) == [
        ("Rui Sá", "Birthday", 0),
        ("Eva Cruz", "Contract ends", 1),
        ("Rui Sá", "Anniversary, 10 years", 2),
        ("Eva Cruz", "Name day", 3),
        ("Ana Lima", "Birthday, 41 years", 5),
    ]


def test_only_what_somebody_may_see_comes_up(make: Make) -> None:
    south = make.user(team="south")
    make.contact(owner=south, team="south", birthday="--12-29")
    north = make.user(team="north")

    assert found(make, north, mine=False) == []
    assert len(found(make, south, mine=False)) == 1


@pytest.mark.parametrize(("year", "day"), [(2027, 28), (2028, 29)])
def test_a_birthday_on_29_february_is_on_the_28th_in_a_year_without_one(
    make: Make, year: int, day: int
) -> None:
    rep = make.user()
    make.contact(owner=rep, name="Leap Day", birthday="2000-02-29")
    ctx = make.ctx(rep)

    with acting(ctx):
        dates = important_dates.upcoming(ctx, 10, start=date(year, 2, 25))

    assert [(d.on, d.age) for d in dates] == [(date(year, 2, day), year - 2000)]


def test_a_date_follows_its_contact(make: Make) -> None:
    rep = make.user()
    ana = make.contact(owner=rep, name="Ana Lima", birthday="--12-29")

    records.update(make.ctx(), "contact", ana.id, {"birthday": "--12-30"})
    assert [d for _name, _words, d in found(make, rep)] == [2]
    records.update(make.ctx(), "contact", ana.id, {"birthday": "1980"})
    assert found(make, rep) == []
    records.update(make.ctx(), "contact", ana.id, {"birthday": "--12-29"})
    records.trash(make.ctx(), "contact", [ana.id])
    assert found(make, rep) == []


def test_other_dates_are_typed_in_lines_and_come_back_as_they_mean(make: Make) -> None:
    ctx = make.ctx()
    field = ctx.schema.field("contact", "dates")

    text = fields.parse(ctx, field, " Contract ends : 31 March 2027 \n\nName day: 3 May\n")

    assert text == "Contract ends: 2027-03-31\nName day: --05-03"
    ana = make.contact(dates=text)
    assert important_dates.load(make.ctx(), [ana.id]) == {ana.id: text}


@pytest.mark.parametrize(
    "line", ["2027-03-31", "Contract ends", "Contract ends: soon", "Party: 2027", ": 1 May"]
)
def test_a_line_that_is_no_date_is_said(make: Make, line: str) -> None:
    ctx = make.ctx()
    with pytest.raises(ValueError, match=r"date|day|“"):
        fields.parse(ctx, ctx.schema.field("contact", "dates"), line)


def test_what_comes_up_takes_one_query(make: Make, queries: Callable[[], Any]) -> None:
    rep = make.user()
    for number in range(5):
        make.contact(owner=rep, birthday=f"--12-{28 + number % 3}")
    ctx = make.ctx(rep)

    with acting(ctx), queries() as seen:
        assert len(important_dates.upcoming(ctx)) == 5

    assert len(seen) == 1
