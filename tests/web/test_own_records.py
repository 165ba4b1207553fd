"""A kind of record made on the screen: list, form, page, import, export, API and trash at once, in every process."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from app.services import import_running
from app.services.context import for_user
from app.testing.clients import Person, soup
from app.testing.factories import Make

PLAIN = {"personal": "y"}


@pytest.fixture
def admin(as_role: Any) -> Person:
    """An administrator who has made the kind “Boat” with a length and a skipper on the screen."""
    person: Person = as_role("admin")
    made = person.post("/admin/types/new", {"label": "Boat", "plural": "Boats", "icon": "flag"})
    assert made.location == "/admin/fields/x_boat"
    for type_, values in (
        ("number", {"label": "Length", "decimals": "1"}),
        ("ref", {"label": "Skipper", "ref": "contact"}),
    ):
        answer = person.post(f"/admin/fields/x_boat/new?type={type_}", {**PLAIN, **values})
        assert answer.status_code == 303, answer.text
    return person


def add(person: Person, **values: str) -> str:
    """Write a boat down; returns the address of its page."""
    answer = person.post("/list/x_boat/new", {"owner_id": "", **values})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_new_kind_is_in_the_navigation_with_list_form_and_page(admin: Person, make: Make) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima")
    home = soup(admin.get("/"))
    assert home.select_one('nav a[href="/list/x_boat"]').get_text(strip=True) == "Boats"
    form = soup(admin.get("/list/x_boat/new"))
    assert {"name", "x_length", "x_skipper"} <= {c["name"] for c in form.select("main [name]")}

    page = admin.get(add(admin, name="Aurora", x_length="12.5", x_skipper=str(ana.id)))
    text = soup(page).get_text(" ", strip=True)
    assert all(words in text for words in ("Aurora", "12.5", "Ana Lima", "Timeline"))
    assert soup(page).select_one('nav [aria-current="page"]').get_text(strip=True) == "Boats"

    listed = soup(admin.get("/list/x_boat?where=x_length > 12"))
    assert "Aurora" in listed.text
    assert "12.5" in listed.text
    beside = soup(admin.get(f"/contacts/{ana.id}")).select_one("#own-x_boat-x_skipper")
    assert "Aurora" in beside.text
    add_here = beside.select_one("header a")["href"]
    assert soup(admin.get(add_here)).select_one("[name=x_skipper] [selected]")["value"] == str(ana.id)


def test_what_is_wrong_is_said_beside_its_field(admin: Person) -> None:
    for values, sentence in (
        ({"name": "", "x_length": "8"}, "Name is needed."),
        ({"name": "Aurora", "x_length": "long"}, "“long” is no number"),
    ):
        answer = admin.post("/list/x_boat/new", values)
        assert answer.status_code == 422
        assert sentence in soup(answer).get_text(" ", strip=True)


def test_a_record_is_edited_logged_trashed_and_restored(admin: Person) -> None:
    page = add(admin, name="Aurora")
    number = page.rpartition("/")[2]
    assert admin.post(f"{page}/edit", {"name": "Bora", "version": "1"}).location == page
    inline = admin.post(f"/field/x_boat/{number}/x_length", {"x_length": "9", "version": "2"})
    assert inline.location == page
    logged = admin.post("/interactions", {"kind": "note", "body": "Repainted", "on": f"x_boat:{number}"})
    assert logged.location == page
    shown = soup(admin.get(page))
    assert "Repainted" in shown.text
    assert "Bora" in shown.h1.text
    assert "Aurora" in admin.get(f"/history/x_boat/{number}").text
    trash = shown.select_one("#rec-menu form[method=post]")["action"]
    assert admin.post(trash).status_code == 303
    assert admin.get(page).status_code == 404
    assert "Bora" in admin.get("/trash").text
    assert admin.post(f"/trash/x_boat/{number}/restore").location == page
    assert admin.get(page).status_code == 200


def test_boats_are_imported_and_exported(admin: Person, make: Make) -> None:
    make.contact(given_name="Ana", family_name="Lima")
    table = "Name,Length,Skipper\nAurora,12.5,Ana Lima\nBora,8,\n"
    sent = admin.post("/import", {"entity": "x_boat", "file": (io.BytesIO(table.encode()), "boats.csv")})
    assert sent.status_code == 303, sent.text
    assert admin.post(str(sent.location), {"do": "go"}).status_code == 303
    assert admin.user is not None
    import_running.run(for_user(admin.user.id), int(str(sent.location).rstrip("/").rpartition("/")[2]))

    assert "Aurora" in admin.get("/list/x_boat?where=x_skipper.family_name = Lima").text
    answer = admin.get("/export/x_boat?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [(r["Name"], r["Length"]) for r in rows] == [("Aurora", "12.5"), ("Bora", "8.0")]


def test_rights_are_given_by_role(admin: Person, as_role: Any) -> None:
    page = add(admin, name="Aurora")
    assert "x_boat.view" in admin.get("/admin/roles/representative").text
    rep = as_role("rep", team="north")
    assert rep.get("/list/x_boat").status_code == 200
    assert rep.get(page).status_code == 404
    assert as_role("readonly").get(page).status_code == 200
    assert as_role("readonly").get("/list/x_boat/new").status_code == 403


def test_a_kind_is_renamed_ordered_and_deleted_on_the_screen(admin: Person) -> None:
    page = add(admin, name="Aurora")
    edit = soup(admin.get("/admin/types")).select_one("#type-1 a")["href"]
    assert admin.post(edit, {"label": "Yacht", "plural": "Yachts", "icon": "star"}).status_code == 303
    assert "Yachts" in admin.get("/").text
    asked = soup(admin.get(f"{edit}/delete"))
    assert asked.select_one("[name=confirmed]") is not None
    assert admin.post(f"{edit}/delete").status_code == 422
    assert admin.post(f"{edit}/delete", {"confirmed": "1"}).status_code == 303
    assert admin.get(page).status_code == 404
    assert admin.get("/list/x_boat").status_code == 404
    assert "Yachts" not in soup(admin.get("/")).nav.text
    assert admin.post(f"{edit}/delete", {"to": "use"}).status_code == 303
    assert admin.get(page).status_code == 200
