"""Stages of contacts as data: named, ordered, added and retired by an administrator, for everybody at once."""

from __future__ import annotations

from typing import Any

import pytest

from app.models import LifecycleStage
from app.services import records
from app.testing.clients import Person, soup
from app.testing.factories import Make

PILOT = {"label": "Pilot", "tone": "chat"}


@pytest.fixture
def admin(as_role: Any) -> Person:
    return as_role("admin")


def stages(make: Make) -> list[str]:
    return [s.value for s in make.ctx().schema.stages()]


def offered(person: Person, contact: Any) -> list[str]:
    page = soup(person.get(f"/contacts/{contact.id}/edit"))
    return [o["value"] for o in page.select("[name=lifecycle_stage] option")]


def test_an_added_stage_can_be_chosen_by_everybody_at_once(admin: Person, as_role: Any, make: Make) -> None:
    rep = as_role("rep", team="north")
    ana = make.contact(owner=rep.user, team="north")
    assert "pilot" not in offered(rep, ana)

    assert admin.post("/admin/stages", PILOT).status_code == 303

    assert "pilot" in offered(rep, ana)
    rep.post(f"/field/contact/{ana.id}/lifecycle_stage", {"lifecycle_stage": "pilot", "version": "1"})
    assert "Pilot" in rep.get(f"/contacts/{ana.id}").text
    assert "Ana Lima" in rep.get("/contacts?f=lifecycle_stage:is:pilot").text


def test_a_renamed_stage_keeps_its_people(admin: Person, make: Make) -> None:
    ana = make.contact(lifecycle_stage="customer")

    assert admin.post("/admin/stages/customer", {"label": "Client", "tone": "deal"}).status_code == 303

    assert "Client" in admin.get(f"/contacts/{ana.id}").text
    assert records.get(make.ctx(), "contact", ana.id).lifecycle_stage == "customer"


def test_a_retired_stage_is_kept_by_whoever_is_in_it_and_offered_to_nobody_else(
    admin: Person, make: Make
) -> None:
    ana, rui = make.contact(lifecycle_stage="lead"), make.contact(lifecycle_stage="customer")

    admin.post("/admin/stages/lead", {"label": "Lead", "tone": "warn", "retired": "y"})

    assert "lead" in offered(admin, ana)
    assert "lead" not in offered(admin, rui)
    assert (
        admin.post(f"/contacts/{ana.id}/edit", {"lifecycle_stage": "lead", "version": "1"}).status_code < 400
    )


def test_somebody_new_begins_in_the_first_stage_that_is_offered(admin: Person, make: Make) -> None:
    admin.post("/admin/stages/subscriber", {"label": "Subscriber", "tone": "sys", "retired": "y"})

    assert make.contact().lifecycle_stage == "lead"


def test_stages_are_moved_one_place_at_a_time(admin: Person, make: Make) -> None:
    admin.post("/admin/stages/customer/move", {"to": "up"})
    assert stages(make)[:5] == ["subscriber", "lead", "qualified", "customer", "opportunity"]

    admin.post("/admin/stages/customer/move", {"to": "down"})
    assert stages(make)[:5] == ["subscriber", "lead", "qualified", "opportunity", "customer"]


def test_only_an_added_stage_without_people_is_taken_away(admin: Person, make: Make) -> None:
    admin.post("/admin/stages", PILOT)
    ana = make.contact(lifecycle_stage="pilot")
    admin.post("/admin/stages/pilot/remove")
    admin.post("/admin/stages/lead/remove")
    assert {"pilot", "lead"} <= set(stages(make))

    records.update(make.ctx(), "contact", ana.id, {"lifecycle_stage": "lead"})
    admin.post("/admin/stages/pilot/remove")

    assert "pilot" not in stages(make)


@pytest.mark.parametrize("label", ["", "Customer", "  cUSTOMER "])
def test_a_stage_needs_a_name_of_its_own(admin: Person, make: Make, label: str) -> None:
    answer = admin.post("/admin/stages", {"label": label, "tone": "sys"})

    assert answer.status_code == 422
    assert make.ctx().session.query(LifecycleStage).count() == 0


def test_only_administrators_change_stages(as_role: Any) -> None:
    assert as_role("rep").post("/admin/stages", PILOT).status_code == 403
