"""Pages of the working hours of the company, of a team, and one's own: plain forms, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import working_calendar
from app.testing.clients import Person, soup
from app.testing.factories import Make

WEEK = {
    "form": "week",
    "day_0": "9-12, 13-17",
    "day_1": "9-12, 13-17",
    "day_2": "9-12, 13-17",
    "day_3": "9-12, 13-17",
    "day_4": "9-14",
    "day_5": "",
    "day_6": "",
    "country": "DE",
    "region": "",
}


@pytest.fixture
def admin(as_role: Any) -> Person:
    return as_role("admin")


def test_the_company_s_week_is_typed_and_shown_again(admin: Person, make: Make) -> None:
    assert admin.post("/admin/calendar", WEEK).status_code == 303

    page = soup(admin.get("/admin/calendar"))
    assert page.select_one("[name=day_0]")["value"] == "09:00–12:00, 13:00–17:00"
    assert page.select_one("[name=country] [selected]")["value"] == "DE"
    regions = {o["value"] for o in page.select("[name=region] option")}
    assert {"BY", "SN"} <= regions

    admin.post("/admin/calendar", {**WEEK, "region": "SN"})
    assert working_calendar.company(make.ctx()).region == "SN"
    admin.post("/admin/calendar", {**WEEK, "country": "PT", "region": "SN"})
    assert working_calendar.company(make.ctx()).region == ""


def test_wrong_hours_are_said_at_their_day_and_nothing_is_lost(admin: Person, make: Make) -> None:
    answer = admin.post("/admin/calendar", {**WEEK, "day_2": "nine to five", "day_3": "8-9"})

    assert answer.status_code == 422
    page = soup(answer)
    assert "nine to five" in page.select_one("#day_2-e").text
    assert page.select_one("[name=day_3]")["value"] == "8-9"
    assert working_calendar.company(make.ctx()).week == working_calendar.WEEK


def test_a_team_inherits_until_it_has_hours_of_its_own(admin: Person, make: Make) -> None:
    team = make.team("Porto")
    admin.post("/admin/calendar", WEEK)
    url = f"/admin/calendar/team/{team.id}"
    page = soup(admin.get(url))
    assert page.select_one("[name=own]").get("checked") is None
    assert page.select_one("[name=day_4]")["value"] == "09:00–14:00"

    admin.post(url, {**WEEK, "country": "", "day_4": "9-10"})
    assert working_calendar.of_team(make.ctx(), team.id).week[4] == ((540, 840),)
    admin.post(url, {**WEEK, "country": "", "day_4": "9-10", "own": "y"})
    assert working_calendar.of_team(make.ctx(), team.id).week[4] == ((540, 600),)
    assert admin.get("/admin/calendar/team/999").status_code == 404


def test_days_that_differ_are_added_and_removed(admin: Person, make: Make) -> None:
    days = {"form": "days", "first_on": "2030-12-24", "last_on": "2030-12-26", "hours": "", "label": "Feast"}
    assert admin.post("/admin/calendar", days).status_code == 303
    page = soup(admin.get("/admin/calendar"))
    assert "Feast" in page.select_one("main").text

    admin.post(page.select_one("form[action*='/remove']")["action"])

    assert "Feast" not in admin.get("/admin/calendar").text
    wrong = admin.post("/admin/calendar", {**days, "last_on": "2030-12-01"})
    assert wrong.status_code == 422
    assert soup(wrong).select_one("[name=label]")["value"] == "Feast"


def test_everybody_has_a_page_for_himself_and_no_other(as_role: Any, make: Make) -> None:
    rep = as_role("rep")

    assert rep.post("/account/calendar", {**WEEK, "own": "y", "country": ""}).status_code == 303

    assert working_calendar.of_user(make.ctx(), rep.user.id).week[4] == ((540, 840),)
    assert rep.get("/admin/calendar").status_code == 403
