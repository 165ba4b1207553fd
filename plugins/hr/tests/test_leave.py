"""Absences: days without holidays, allowance and what goes over, who decides, and what the working calendar knows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import Invalid, NotAllowed, NotVisible, Refuse
from app.sdk.services import acting, records, working_calendar
from app.testing import Make, Person
from app.testing.clients import soup

from ..leave import balance, service
from ..leave.models import Absence
from .conftest import House

VACATION: dict[str, Any] = {
    "name": "Vacation",
    "counted": True,
    "days_a_year": Decimal(28),
    "accrual": "year",
    "carry_days": Decimal(5),
    "carry_until": "03-31",
    "decided": True,
}


@pytest.fixture
def vacation(make: Make, clock: Any) -> Any:
    clock.set("2026-03-02T09:00")
    return make("hr.leave_type", **VACATION)


def asked(make: Make, house: House, who: str, kind: Any, first: str, last: str, **more: Any) -> Any:
    """Ask for leave as the person."""
    ctx = make.ctx(house.users[who])
    with acting(ctx):
        values = {
            "employee_id": house.employees[who].id,
            "type_id": kind.id,
            "first_on": first,
            "last_on": last,
        }
        return records.create(ctx, "hr.absence", values | more)


def test_weekends_and_the_holidays_of_bavaria_take_no_days(house: House, make: Make, vacation: Any) -> None:
    # 2026: Epiphany (6 January) is a holiday in Bavaria, not in Berlin
    assert asked(make, house, "Cem", vacation, "2027-01-04", "2027-01-08").days == 4
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, "hr.employee", house.employees["Dana"].id, {"region": "BE"})
    assert asked(make, house, "Dana", vacation, "2027-01-04", "2027-01-08").days == 5


@pytest.mark.parametrize(("half", "days"), [("", 2), ("start", 1.5), ("end", 1.5), ("both", 1)])
def test_half_days_count_half(house: House, make: Make, vacation: Any, half: str, days: float) -> None:
    assert asked(make, house, "Cem", vacation, "2026-05-04", "2026-05-05", half=half).days == Decimal(
        str(days)
    )


def year(make: Make, house: House, who: str, kind: Any, number: int) -> balance.Year:
    ctx = make.ctx()
    with acting(ctx):
        return balance.of_year(ctx, house.employees[who], kind, number)


def test_what_is_left_goes_over_up_to_the_limit_and_lapses_after_its_day(
    house: House, make: Make, vacation: Any, clock: Any
) -> None:
    ctx = make.ctx()
    with acting(ctx):
        values = {"employee_id": house.employees["Cem"].id, "type_id": vacation.id}
        records.create(ctx, "hr.absence", {**values, "first_on": "2026-02-02", "last_on": "2026-02-03"})
    before = year(make, house, "Cem", vacation, 2026)
    assert (before.granted, before.carried, before.lapsed, before.taken, before.left) == (28, 5, 0, 2, 31)

    clock.set("2026-04-01T09:00")
    after = year(make, house, "Cem", vacation, 2026)
    assert (after.lapsed, after.left) == (3, 28)


def test_who_starts_in_the_year_has_a_part_and_a_twelfth_comes_each_month(
    house: House, make: Make, clock: Any
) -> None:
    clock.set("2026-09-10T09:00")
    kind = make("hr.leave_type", **VACATION | {"accrual": "month"})
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, "hr.employee", house.employees["Cem"].id, {"started_on": "2026-07-01"})
        found = balance.of_year(ctx, house.employees["Cem"], kind, 2026)
    assert (found.granted, found.earned, found.carried) == (14, 7, 0)


def test_nobody_takes_more_than_is_left_or_the_same_day_twice(
    house: House, make: Make, vacation: Any
) -> None:
    with pytest.raises(Refuse, match="33 days left"):
        asked(make, house, "Cem", vacation, "2026-06-01", "2026-09-30")
    asked(make, house, "Cem", vacation, "2026-06-01", "2026-06-05", half="end")
    with pytest.raises(Refuse, match="already"):
        asked(make, house, "Cem", vacation, "2026-06-05", "2026-06-08")
    asked(make, house, "Cem", vacation, "2026-06-05", "2026-06-08", half="start")
    with pytest.raises(Refuse, match="no working day"):
        asked(make, house, "Cem", vacation, "2026-08-15", "2026-08-16")


def test_those_above_decide_and_nobody_about_the_own(house: House, make: Make, vacation: Any) -> None:
    made = asked(make, house, "Cem", vacation, "2026-06-01", "2026-06-05")
    assert made.status == "requested"
    for who in ("Cem", "Dana"):
        ctx = make.ctx(house.users[who])
        with acting(ctx), pytest.raises((NotAllowed, NotVisible)):
            service.decide(ctx, made.id, approve=True)
    ada = make.ctx(house.users["Ada"])
    with acting(ada):
        service.decide(ada, made.id, approve=True)
        with pytest.raises(Invalid):
            service.decide(ada, made.id, approve=False)
    cem = make.ctx(house.users["Cem"])
    with acting(cem):
        assert records.get(cem, "hr.absence", made.id).status == "approved"
        with pytest.raises(Refuse):
            records.update(cem, "hr.absence", made.id, {"last_on": "2026-06-12"})


def test_nobody_asks_for_leave_of_somebody_else(house: House, make: Make, vacation: Any) -> None:
    dana = make.ctx(house.users["Dana"])
    values = {"type_id": vacation.id, "first_on": "2026-06-01", "last_on": "2026-06-02"}
    with acting(dana), pytest.raises((Refuse, Invalid)):
        records.create(dana, "hr.absence", {**values, "employee_id": house.employees["Cem"].id})


def test_an_approved_absence_closes_the_working_calendar(house: House, make: Make, vacation: Any) -> None:
    made = asked(make, house, "Cem", vacation, "2026-03-02", "2026-03-03")
    cem = house.users["Cem"]

    def away() -> Any:
        ctx = make.ctx()
        with acting(ctx):
            return working_calendar.of_user(ctx, cem.id).away

    assert away() == ()
    bob = make.ctx(house.users["Bob"])
    with acting(bob):
        service.decide(bob, made.id, approve=True)
    ((start, end),) = away()
    assert (end - start).days == 2


def test_on_a_phone_leave_is_asked_for_and_approved_in_a_few_taps(
    house: House, make: Make, vacation: Any
) -> None:
    person = house.person("Cem")
    link = soup(person.get("/")).select_one("a.hr-ask")
    assert link is not None
    form: Any = soup(person.get(str(link["href"]))).select_one("main form")
    sent = {i["name"]: i.get("value", "") for i in form.select("input[name]")}
    for one in form.select("select[name]"):
        option = one.select_one("option[selected]")
        sent[one["name"]] = option["value"] if option else ""
    assert sent["first_on"] == "March 3, 2026"
    assert person.post(str(link["href"]), sent).status_code == 303

    boss = house.person("Bob")
    waiting: Any = soup(boss.get("/")).select_one("#hr-leave form")
    assert boss.post(str(waiting["action"]), {"do": "approve", "next": "/"}).status_code == 303
    ctx = make.ctx()
    with acting(ctx):
        ctx.session.expire_all()
        assert ctx.session.execute(select(Absence.status).order_by(Absence.id)).scalars().all() == [
            "approved"
        ]
    assert "Your time off" in house.person("Cem").get("/notifications").text


def test_colleagues_with_the_directory_see_that_somebody_is_away_but_not_why(
    house: House, make: Make, vacation: Any, as_role: Callable[..., Person]
) -> None:
    made = asked(make, house, "Cem", vacation, "2026-03-04", "2026-03-05")
    bob = make.ctx(house.users["Bob"])
    with acting(bob):
        service.decide(bob, made.id, approve=True)
    assert "Vacation" in house.person("Bob").get("/hr/leave/team").text
    for who in ("Dana",):
        page = house.person(who).get("/hr/leave/team").text
        assert "Cem" not in page
        assert house.person(who).get(f"/hr/leave/{made.id}").status_code == 404
        assert house.person(who).get(f"/hr/leave/?of={house.employees['Cem'].id}").status_code == 404


def test_a_calendar_program_reads_what_its_owner_sees_until_the_address_is_ended(
    house: House, make: Make, vacation: Any
) -> None:
    made = asked(make, house, "Cem", vacation, "2026-03-04", "2026-03-05")
    bob = make.ctx(house.users["Bob"])
    with acting(bob):
        service.decide(bob, made.id, approve=True)
    person, stranger = house.person("Bob"), house.person("Dana")
    page: Any = soup(person.post("/hr/leave/calendar", {"do": "make"}))
    path = "/" + page.select_one("#address, [name=address]")["value"].split("/", 3)[3]
    text = stranger.get(path).get_data(as_text=True)
    assert "SUMMARY:Cem Test: Vacation" in text
    assert "DTEND;VALUE=DATE:20260306" in text
    person.post("/hr/leave/calendar", {"do": "end"})
    assert stranger.get(path).status_code == 404
