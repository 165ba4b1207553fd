"""Fields added on the screen: there for everybody at once, in forms, lists and filters, retired and brought back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.extensions import db
from app.models import CustomField, CustomValue
from app.services import custom_fields
from app.testing.clients import Person, soup
from app.testing.factories import Make

SIZE = {
    "label": "Size",
    "choices-0-value": "",
    "choices-0-label": "Small",
    "choices-0-tone": "",
    "choices-0-place": "2",
    "choices-1-value": "",
    "choices-1-label": "Large",
    "choices-1-tone": "ok",
    "choices-1-place": "1",
    "choices-2-value": "",
    "choices-2-label": "",
    "choices-2-tone": "",
    "choices-2-place": "",
    "personal": "y",
}


@pytest.fixture
def admin(as_role: Any) -> Person:
    person: Person = as_role("admin")
    return person


def add(admin: Person, type_: str, **values: str) -> int:
    answer = admin.post(f"/admin/fields/contact/new?type={type_}", {"personal": "y", **values})
    assert answer.status_code == 303, answer.text
    return int(db.session.execute(select(func.max(CustomField.id))).scalar_one())


def test_an_added_field_is_everywhere_at_once(admin: Person, as_role: Any, make: Make) -> None:
    rep = as_role("rep", team="north")
    ana = make.contact(owner=rep.user, team="north")

    assert admin.post("/admin/fields/contact/new?type=choice", SIZE).status_code == 303

    page = soup(rep.get(f"/contacts/{ana.id}/edit"))
    assert [o["value"] for o in page.select("[name=x_size] option")] == ["", "large", "small"]
    rep.post(f"/field/contact/{ana.id}/x_size", {"x_size": "large", "version": "1"})
    assert "Large" in rep.get(f"/contacts/{ana.id}").text
    assert "Ana Lima" in rep.get("/contacts?where=x_size = large").text
    assert "Ana Lima" not in rep.get("/contacts?where=x_size = small").text
    rows = soup(rep.get("/contacts?cols=name,x_size&sort=x_size"))
    assert "Large" in rows.text
    assert "x_size" in rep.get("/list/contact/filter").text


def test_a_renamed_choice_keeps_its_people(admin: Person, make: Make) -> None:
    ana = make.contact()
    admin.post("/admin/fields/contact/new?type=choice", SIZE)
    row = db.session.execute(select(CustomField)).scalar_one()
    admin.post(f"/field/contact/{ana.id}/x_size", {"x_size": "large", "version": "1"})

    shown = soup(admin.get(f"/admin/field/{row.id}"))
    assert [i["value"] for i in shown.select("input[name$=-value]")][:2] == ["large", "small"]
    changed = {**SIZE, "choices-0-value": "large", "choices-0-label": "Huge", "choices-1-label": ""}
    assert admin.post(f"/admin/field/{row.id}", changed).status_code == 303

    assert "Huge" in admin.get(f"/contacts/{ana.id}").text


def test_what_does_not_fit_is_said_beside_its_part(admin: Person) -> None:
    no_choices = admin.post("/admin/fields/contact/new?type=choice", {"label": "Size"})
    assert no_choices.status_code == 422
    assert "at least one choice" in no_choices.text
    wrong = {"label": "Seats", "default": "many", "only_if": "nonsense ="}
    answer = admin.post("/admin/fields/contact/new?type=number", wrong)
    assert answer.status_code == 422
    assert "is no number" in answer.text
    more = admin.post("/admin/fields/contact/new?type=choice", {**SIZE, "more": "1"})
    assert more.status_code == 200
    assert len(soup(more).select("input[name$=-label]")) == 6


def test_only_administrators_define_fields(as_role: Any) -> None:
    rep = as_role("rep")
    assert rep.get("/admin/fields").status_code == 403
    assert rep.post("/admin/fields/contact/new?type=text", {"label": "Mine"}).status_code == 403


def test_a_retired_field_is_nowhere_and_comes_back_with_its_values(admin: Person, make: Make) -> None:
    ana = make.contact()
    number = add(admin, "text", label="Motto")
    admin.post(f"/field/contact/{ana.id}/x_motto", {"x_motto": "Onwards", "version": "1"})

    admin.post(f"/admin/field/{number}/retire", {"to": "retire"})
    assert "Onwards" not in admin.get(f"/contacts/{ana.id}/details").text
    assert admin.get("/contacts?where=x_motto = Onwards").status_code == 422

    admin.post(f"/admin/field/{number}/retire", {"to": "use"})
    assert "Onwards" in admin.get(f"/contacts/{ana.id}/details").text


def test_a_deleted_field_keeps_its_values_for_thirty_days(admin: Person, make: Make, clock: Any) -> None:
    ana = make.contact()
    number = add(admin, "text", label="Motto")
    admin.post(f"/field/contact/{ana.id}/x_motto", {"x_motto": "Onwards", "version": "1"})

    assert "1 value is in this field" in admin.get(f"/admin/field/{number}/delete").text
    admin.post(f"/admin/field/{number}/delete", {})
    assert "Onwards" not in admin.get(f"/contacts/{ana.id}/details").text
    while custom_fields.forget(make.ctx()):
        pass
    assert db.session.execute(select(func.count()).select_from(CustomValue)).scalar_one() == 1

    old = make.ctx().now - custom_fields.KEPT * 2
    db.session.execute(update(CustomField).values(deleted_at=old))
    db.session.commit()
    while custom_fields.forget(make.ctx()):
        pass
    assert db.session.execute(select(func.count()).select_from(CustomValue)).scalar_one() == 0
    assert db.session.execute(select(func.count()).select_from(CustomField)).scalar_one() == 0


def test_a_hidden_field_does_not_exist_for_a_role(admin: Person, as_role: Any, make: Make) -> None:
    rep = as_role("rep", team="north")
    ana = make.contact(owner=rep.user, team="north")
    add(admin, "text", label="Motto")
    admin.post(f"/field/contact/{ana.id}/x_motto", {"x_motto": "Onwards", "version": "1"})
    assert "f.contact.x_motto" in admin.get("/admin/roles/representative").text

    selects = soup(admin.get("/admin/roles/representative")).select("main form select")
    given = {str(s["name"]): s.select_one("option[selected]") for s in selects}
    sent = {n: str(o["value"]) if o else "" for n, o in given.items()} | {"f.contact.x_motto": "hidden"}
    assert admin.post("/admin/roles/representative", sent).status_code == 303

    assert "Onwards" not in rep.get(f"/contacts/{ana.id}/details").text
    assert rep.get("/contacts?where=x_motto = Onwards").status_code == 422


def test_a_condition_decides_where_a_field_is_asked_for(admin: Person, make: Make) -> None:
    customer, lead = make.contact(lifecycle_stage="customer"), make.contact(lifecycle_stage="lead")
    add(admin, "text", label="Contract", only_if="stage = customer", required="y")

    assert "x_contract" in admin.get(f"/contacts/{customer.id}/edit").text
    assert "x_contract" not in admin.get(f"/contacts/{lead.id}/edit").text
    page = soup(admin.get(f"/contacts/{customer.id}/edit"))
    version = str(page.select("[name=version]")[0]["value"])
    refused = admin.post(f"/contacts/{customer.id}/edit", {"version": version, "x_contract": " "})
    assert refused.status_code == 422
    assert "Contract is needed" in refused.text


def test_a_default_is_what_new_people_have(admin: Person, make: Make) -> None:
    add(admin, "number", label="Seats", default="12", decimals="0")
    admin.post("/contacts/new", {"line": "Rui Costa"})
    assert "Rui Costa" in admin.get("/contacts?where=x_seats = 12").text


def test_an_unknown_type_leaves_the_page_standing(admin: Person, make: Make) -> None:
    ana = make.contact()
    add(admin, "text", label="Motto")
    db.session.execute(update(CustomField).values(type="hologram", options="[", settings="]"))
    db.session.commit()
    add(admin, "text", label="Other")
    assert admin.get(f"/contacts/{ana.id}/details").status_code == 200
    assert "hologram" in admin.get("/admin/fields/contact").text


def test_a_formula_is_written_on_the_screen_and_shown_on_the_page(admin: Person, make: Make) -> None:
    ana = make.contact()
    add(admin, "number", label="Seats", decimals="0")
    wrong = admin.post(
        "/admin/fields/contact/new?type=formula",
        {"label": "Twice", "result": "number", "formula": "x_seats *"},
    )
    assert wrong.status_code == 422
    assert "The formula is not finished." in wrong.text
    add(admin, "formula", label="Twice", result="number", formula="x_seats * 2", decimals="0")

    admin.post(f"/field/contact/{ana.id}/x_seats", {"x_seats": "2100", "version": "1"})

    assert "4,200" in admin.get(f"/contacts/{ana.id}").text
    assert "x_twice" not in admin.get(f"/contacts/{ana.id}/edit").text


def test_a_file_is_sent_shown_and_taken_off(admin: Person, as_role: Any, make: Make) -> None:
    add(admin, "file", label="Contract")
    rep = as_role("rep", team="north")
    ana = make.contact(owner=rep.user, team="north")
    url = f"/contacts/{ana.id}/edit"
    page = soup(rep.get(url))
    assert page.select_one("form#edit")["enctype"] == "multipart/form-data"
    assert page.select_one("input#f-x_contract[type=file]")

    sent = {"x_contract": "", "x_contract-file": (io.BytesIO(b"%PDF-1.4 x"), "Lease 1.pdf"), "version": "1"}
    wrong = rep.post(url, {**sent, "birthday": "someday"})
    assert wrong.status_code == 422
    kept = soup(wrong).select_one("[name=x_contract]")["value"]
    assert kept.endswith("/Lease 1.pdf"), "the file need not be chosen again"
    assert rep.post(url, {"x_contract": kept, "version": "1"}).status_code == 303

    link = soup(rep.get(f"/contacts/{ana.id}")).select_one("#p-x_contract dd a[href^='/files/']")
    assert link.get_text(strip=True) == "Lease 1.pdf"
    fetched = rep.get(link["href"])
    assert fetched.data == b"%PDF-1.4 x"
    fetched.close()
    assert as_role("rep", team="south").get(link["href"]).status_code == 404
    cell = soup(rep.get("/contacts?cols=name,x_contract")).select_one(f"a[href='{link['href']}']")
    assert cell.get_text(strip=True) == "Lease 1.pdf"

    row = rep.get(f"/field/contact/{ana.id}/x_contract", htmx=True)
    assert 'enctype="multipart/form-data"' in row.text
    off = {"x_contract": kept, "x_contract-off": "1", "version": "2"}
    rep.post(f"/field/contact/{ana.id}/x_contract", off, htmx=True)
    assert (
        "Lease 1.pdf"
        not in rep.get(f"/contacts/{ana.id}").text.partition("<aside")[0].partition('id="timeline"')[0]
    )


def test_a_file_that_cannot_be_kept_is_told_beside_its_field(admin: Person, make: Make) -> None:
    add(admin, "file", label="Contract", required="y")
    url = "/contacts/new"
    page = soup(admin.get(url))
    assert page.select_one("input#f-x_contract[type=file]")
    none = admin.post(url, {"given_name": "Ana", "x_contract": ""})
    assert none.status_code == 422
    assert soup(none).select_one("#f-x_contract-e")
    lost = admin.post(url, {"given_name": "Ana", "x_contract": "", "x_contract-file": "a.pdf"})
    assert "Choose it again" in soup(lost).select_one("#f-x_contract-e").text
    strange = admin.post(url, {"given_name": "Ana", "x_contract": "0192/x.pdf"})
    assert "no such file" in soup(strange).select_one("#f-x_contract-e").text
