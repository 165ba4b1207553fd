"""What nobody gets who is not entitled: not as a list, one by one, by searching, from files, feeds or refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk.services import acting, attachments, records
from app.testing import Make, Person, Program

from ..leave.models import Absence
from ..plugin import HR
from .conftest import House

ENTITIES = sorted(f"hr.{one.name}" for one in HR().kith_entities())
WORDS = ("Zebra", "Cem Test", "cem@zebra.example")
ROLES = ("manager", "representative", "read_only")


@pytest.fixture
def file(house: House, make: Make, as_role: Callable[..., Person]) -> dict[str, Any]:
    """All that HR can know of Cem, each with a word that is nowhere else; entity → record."""
    cem = house.employees["Cem"]
    about = {"employee_id": cem.id}
    contact = make.contact(given_name="Cem", family_name="Contact")
    kind = make("hr.leave_type", name="Zebra leave", decided=True)
    skill = make("hr.skill", name="Zebra taming")
    found = {
        "hr.department": make("hr.department", name="Zebra stables"),
        "hr.position": make("hr.position", name="Zebra keeper"),
        "hr.contract": make("hr.contract", title="Zebra contract", **about),
        "hr.document": make("hr.document", name="Zebra reference", **about),
        "hr.leave_type": kind,
        "hr.absence": make(
            "hr.absence", type_id=kind.id, first_on="2026-06-01", last_on="2026-06-05", note="Zebra", **about
        ),
        "hr.skill": skill,
        "hr.course": make("hr.course", name="Zebra course", skill_id=skill.id),
        "hr.certificate": make("hr.certificate", name="Zebra licence", skill_id=skill.id, **about),
        "hr.goal": make("hr.goal", title="Ride a zebra: Zebra", **about),
        "contact": contact,
    }
    ctx = make.ctx()
    with acting(ctx):
        values = {"contact_id": contact.id, "work_email": "cem@zebra.example", "number": "Zebra 7"}
        found["hr.employee"] = records.update(ctx, "hr.employee", cem.id, values)
    return found


def told(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


def test_the_fixture_has_every_kind_of_record(file: dict[str, Any]) -> None:
    assert sorted(set(file) - {"contact"}) == ENTITIES


@pytest.mark.parametrize("role", ROLES)
def test_programs_get_nothing(role: str, file: dict[str, Any], program: Callable[..., Program]) -> None:
    asked = program(role, team="north")
    for entity in ENTITIES:
        uid = file[entity].uid
        answer = asked.get(f"/{entity}")
        assert (entity, told(answer.text)) == (entity, [])
        assert answer.status_code == 403 or json.loads(answer.text)["data"] == []
        for path in ("", "/timeline", "/files", "/actions"):
            one = asked.get(f"/{entity}/{uid}{path}")
            assert (entity, path, one.status_code) == (entity, path, 404)
        for method, body in (("PATCH", {"fields": {"note": "x"}}), ("DELETE", None)):
            assert asked.ask(method, f"/{entity}/{uid}", body).status_code in (403, 404, 422)
    for text in ("zebr", "cem+tes"):
        assert told(asked.get(f"/search?q={text}").text) == []
    assert told(asked.get(f"/contact/{file['contact'].uid}").text) == []
    assert told(asked.get(f"/contact/{file['contact'].uid}/timeline").text) == []


@pytest.mark.parametrize("role", ROLES)
def test_pages_tell_nothing(
    role: str, file: dict[str, Any], make: Make, as_role: Callable[..., Person]
) -> None:
    person = as_role(role, team="north")
    contact = file["contact"].id
    places = [
        f"/contacts/{contact}",
        f"/history/contact/{contact}",
        "/search/palette?q=zebr",
        "/search?q=zebr",
    ]
    places += [f"/list/{entity}" for entity in ENTITIES]
    places += [f"/export/{entity}?format=csv" for entity in ENTITIES]
    places += [f"/history/{entity}/{file[entity].id}" for entity in ENTITIES]
    places += ["/", "/hr/org", "/hr/leave/team?month=2026-06", "/hr/training/matrix", "/hr/training/"]
    for place in places:
        answer = person.get(place)
        text = re.sub(r"(value|content|aria-label|title)=\"[^\"]*\"|“Zebra”", "", answer.text)
        assert (place, told(text), answer.status_code < 500) == (place, [], True)


def test_files_of_documents_are_for_the_person_and_hr_alone(
    file: dict[str, Any], house: House, make: Make, as_role: Callable[..., Person]
) -> None:
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        ready = attachments.prepare(ctx, [attachments.Upload(name="zebra.txt", data=b"Zebra paper")])
        (kept,) = attachments.add(ctx, "hr.document", file["hr.document"].id, ready)
        uid = kept.uid
    for person in (house.person("Bob"), house.person("Dana"), as_role("manager"), as_role("read_only")):
        for path in (f"/files/{uid}", f"/files/{uid}?small=1"):
            assert person.get(path).status_code == 404
        assert person.post(f"/files/{uid}/remove", {}).status_code == 404
    with house.person("Cem").get(f"/files/{uid}") as answer:
        assert b"Zebra paper" in answer.data


def test_refusals_do_not_tell_which_employees_there_are(file: dict[str, Any], house: House, app: Any) -> None:
    dana = Program(app, house.users["Dana"])
    kind, days = file["hr.leave_type"].uid, {"first_on": "2026-06-01", "last_on": "2026-06-02"}
    answers = []
    for uid in (house.employees["Cem"].uid, "0b0e6d3e-0000-4000-8000-000000000000"):
        fields = {"employee_id": uid, "type_id": kind, **days}
        answer = dana.ask("POST", "/hr.absence", {"fields": fields})
        answers.append((answer.status_code, json.loads(answer.text)["errors"][0]["detail"].replace(uid, "…")))
    assert answers[0] == answers[1]
    assert told(str(answers)) == []


def test_nobody_settles_the_own_absence_through_a_program_or_a_cell(
    file: dict[str, Any], house: House, make: Make, app: Any
) -> None:
    cem, absence = Program(app, house.users["Cem"]), file["hr.absence"]
    fields = {"employee_id": house.employees["Cem"].uid, "type_id": file["hr.leave_type"].uid}
    days = {"first_on": "2027-03-01", "last_on": "2027-03-02"}
    made = cem.make("hr.absence", **fields, **days)
    for change in ({"status": "approved"}, {"answer": "Of course"}, {"decided_by": house.users["Ada"].id}):
        assert cem.ask("PATCH", f"/hr.absence/{made['uid']}", {"fields": change}).status_code == 422
        sent = {"employee_id": fields["employee_id"], **fields, **days, **change}
        assert cem.ask("POST", "/hr.absence", {"fields": sent}).status_code == 422
    ctx = make.ctx()
    with acting(ctx):
        query = select(Absence.status).where(Absence.id != absence.id)
        assert ctx.session.execute(query).scalars().all() == ["requested"]


def test_the_address_of_a_calendar_ends_with_the_login(house: House, as_role: Callable[..., Person]) -> None:
    page = house.person("Cem").post("/hr/leave/calendar", {"do": "make"})
    path = re.search(r"/hr/leave/feed/[\w-]+\.ics", page.text)
    assert path is not None
    stranger = house.person("Dana")
    assert stranger.get(path[0]).status_code == 200
    cem = house.users["Cem"].id
    assert (
        as_role("administrator").post(f"/admin/users/{cem}/deactivate", {"hand_over_to": ""}).status_code
        == 303
    )
    assert stranger.get(path[0]).status_code == 404
