"""Who sees what of whom: the person, those above, HR; nobody else, by whichever way."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import NotAllowed, Refuse
from app.sdk.services import access, acting, records
from app.testing import Make
from app.testing.clients import soup

from ..leave import month_pages
from ..people import chain
from ..people.models import Department, Employee, Private
from ..training import pages as training_pages
from ..training import service as training
from .conftest import House

CASES = {
    "Ada": {"Ada", "Bob", "Cem"},
    "Bob": {"Bob", "Cem"},
    "Cem": {"Cem"},
    "Dana": {"Dana"},
}


@pytest.mark.parametrize("who", CASES)
def test_employees_are_seen_by_themselves_and_those_above(who: str, house: House, make: Make) -> None:
    ctx = make.ctx(house.users[who])
    ctx.session.info["ctx"] = ctx
    found = ctx.session.execute(select(Employee.given_name).order_by(Employee.id)).scalars()
    assert set(found) == CASES[who]


@pytest.mark.parametrize("role", ["manager", "representative", "read_only"])
def test_whoever_is_no_employee_finds_nobody_anywhere(
    role: str, house: House, make: Make, as_role: Any
) -> None:
    cem = house.employees["Cem"]
    make("hr.contract", title="Employment Zebra", employee_id=cem.id)
    person = as_role(role, team="north")

    places = {
        f"/hr/people/{cem.id}": 404,
        f"/hr/people/{cem.id}/private": 404,
        "/hr/org": 200,
        "/list/hr.employee": 200,
        "/list/hr.contract": 200,
        "/search?q=Cem": 200,
        f"/history/hr.employee/{cem.id}": 404,
    }
    for place, status in places.items():
        answer = person.get(place)
        assert (place, answer.status_code) == (place, status)
        assert "Cem Test" not in answer.text
        assert "Zebra" not in answer.text


def test_exports_hold_nobody_for_who_is_not_entitled(house: House, as_role: Any) -> None:
    answer = as_role("manager", team="north").get("/export/hr.employee?format=csv")
    assert answer.status_code in (200, 403, 404)
    assert "Cem" not in answer.get_data(as_text=True)


def test_private_data_are_sealed_and_each_look_is_in_the_audit_log(
    house: House, make: Make, as_role: Any, app: Any
) -> None:
    cem = house.employees["Cem"]
    admin = as_role("administrator")
    path = f"/hr/people/{cem.id}/private"
    assert admin.post(path, {"tax_number": "47/110/815", "birthday": "1990-02-03"}).status_code == 303

    own = house.person("Cem").get(path)
    assert "47/110/815" in own.text
    assert 'name="tax_number"' not in own.text
    assert house.person("Bob").get(path).status_code == 404
    sealed = make.ctx().session.execute(select(Private.sealed).order_by(Private.id)).scalars().all()
    assert len(sealed) == 1
    assert b"47/110" not in sealed[0]
    log = as_role("administrator").get("/admin/log").text
    assert "hr.private.read" in log
    assert "hr.private.change" in log
    assert "47/110/815" not in log


def test_the_person_changes_the_own_part_alone(house: House, as_role: Any) -> None:
    path = f"/hr/people/{house.employees['Cem'].id}/private"
    person = house.person("Cem")
    assert person.post(path, {"private_phone": "+49 89 1234"}).status_code == 303
    assert person.post(path, {"tax_number": "1"}).status_code == 422
    assert "+49 89 1234" in as_role("administrator").get(path).text


def test_nobody_but_hr_makes_or_changes_employees(house: House, make: Make) -> None:
    bob = make.ctx(house.users["Bob"])
    with acting(bob), pytest.raises(Refuse):
        records.create(bob, "hr.employee", {"family_name": "Fake", "user_id": house.users["Bob"].id})
    with acting(bob), pytest.raises(NotAllowed):
        records.update(bob, "hr.employee", house.employees["Cem"].id, {"location": "X"})


def test_circles_of_managers_are_refused(house: House, make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx), pytest.raises(Refuse):
        records.update(
            ctx, "hr.employee", house.employees["Ada"].id, {"manager_id": house.employees["Cem"].id}
        )


def test_a_new_manager_sees_whoever_came_below_and_the_former_does_not(house: House, make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx):
        records.update(
            ctx, "hr.employee", house.employees["Bob"].id, {"manager_id": house.employees["Dana"].id}
        )
    for who, sees in (("Dana", True), ("Ada", False)):
        reader = make.ctx(house.users[who])
        with acting(reader):
            found = access.visible_ids(reader, Employee, [house.employees["Cem"].id])
        assert bool(found) is sees


def test_documents_are_for_the_person_and_hr(house: House, as_role: Any) -> None:
    cem = house.employees["Cem"]
    admin = as_role("administrator")
    file = (io.BytesIO(b"%PDF-1.4 secret"), "reference.pdf")
    answer = admin.post(
        f"/hr/people/{cem.id}/document",
        {"name": "Reference", "file": file},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    assert "Reference" in house.person("Cem").get(f"/hr/people/{cem.id}").text
    page = house.person("Cem").get("/hr/documents/1")
    assert "reference.pdf" in page.text
    for other in ("Bob", "Dana"):
        assert house.person(other).get("/hr/documents/1").status_code == 404


def test_the_chart_shows_the_tree_of_a_day(house: House, as_role: Any) -> None:
    page = as_role("administrator").get("/hr/org").text
    assert page.index("Ada Test") < page.index("Bob Test") < page.index("Cem Test")
    assert "Bob Test" not in as_role("administrator").get("/hr/org?day=2019-01-01").text
    assert as_role("administrator").get("/hr/org?day=nonsense").status_code == 422


def test_those_of_one_name_are_all_shown_page_by_page(
    house: House, make: Make, as_role: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins = [
        make("hr.employee", given_name="Bob", family_name="Test", started_on="2020-01-01")
        for _twin in range(2)
    ]
    skill, ctx = make("hr.skill", name="First aid"), make.ctx()
    with acting(ctx):
        for one in (*house.employees.values(), *twins):
            training.set_level(ctx, one, skill.id, 1)
    admin = as_role("administrator")
    for module, place in (
        (month_pages, "/hr/leave/team?month=2026-03"),
        (training_pages, "/hr/training/matrix?"),
    ):
        monkeypatch.setattr(module, "MOST", 2)
        seen: list[str] = []
        path: str | None = place
        while path:
            page = soup(admin.get(path))
            seen += [th.get_text(strip=True) for th in page.select("tbody th")]
            more = page.select_one("a[href*='after=']")
            path = str(more["href"]) if more else None
        assert seen == ["Ada Test", "Bob Test", "Bob Test", "Bob Test", "Cem Test", "Dana Test"]
    for place in ("/hr/leave/team", "/hr/training/matrix"):
        assert admin.get(f"{place}?after={'9' * 30}").status_code == 200


def test_a_manager_without_login_makes_nobody_a_manager(house: House, make: Make) -> None:
    boss = make("hr.employee", given_name="Eve", family_name="Test")
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, "hr.employee", house.employees["Dana"].id, {"manager_id": boss.id})
        assert not chain.is_above(ctx, house.employees["Dana"].id)


def test_names_of_departments_are_known_again_in_every_script(house: House, make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx):
        for name in ("Ärzte", "ärzte", "ÄRZTE ", "Ärzte"):
            records.update(ctx, "hr.employee", house.employees["Cem"].id, {"department": name})
        assert ctx.session.execute(select(Department.name).order_by(Department.id)).scalars().all() == [
            "Ärzte"
        ]
