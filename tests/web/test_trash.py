"""The trash as people use it."""

from __future__ import annotations

from typing import Any

from app.services import records
from app.testing.clients import soup


def test_what_was_trashed_is_restored_or_removed_for_good(make: Any, as_role: Any) -> None:
    ana, bea = make.contact(given_name="Ana", family_name="Lima"), make.contact(given_name="Bea")
    person = as_role("manager")
    menu = soup(person.get(f"/contacts/{ana.id}"))
    delete = menu.select_one("#rec-menu form[method=post]")["action"]
    assert person.post(delete).status_code == 303
    records.trash(make.ctx(), "contact", [bea.id])

    page = soup(person.get("/trash"))
    assert {"Ana Lima", "Bea"} <= {b.get_text() for b in page.select("#rows b")}
    assert person.post(f"/trash/contact/{ana.id}/restore").location == f"/contacts/{ana.id}"
    assert person.get(f"/contacts/{ana.id}").status_code == 200
    asked = person.get(f"/trash/contact/{bea.id}/purge")
    assert "Bea" in soup(asked).h1.get_text()
    assert person.post(f"/trash/contact/{bea.id}/purge").status_code == 303
    assert person.post(f"/trash/contact/{bea.id}/restore").status_code == 404


def test_several_at_once_with_a_question_before_they_are_gone(make: Any, as_role: Any) -> None:
    ana, acme = make.contact(), make.company()
    records.trash(make.ctx(), "contact", [ana.id])
    records.trash(make.ctx(), "company", [acme.id])
    person, chosen = as_role("manager"), [f"contact:{ana.id}", f"company:{acme.id}"]

    asked = person.post("/trash", {"id": chosen, "do": "purge"})
    assert [i["value"] for i in soup(asked).select('[name="id"]')] == chosen
    assert len(soup(person.get("/trash")).select("#rows > li")) == 2
    person.post("/trash", {"id": chosen, "do": "purge", "sure": "1"})
    assert not soup(person.get("/trash")).select("#rows > li")


def test_a_living_record_cannot_be_purged_from_here(make: Any, as_role: Any) -> None:
    ana = make.contact()
    person = as_role("manager")

    assert person.post(f"/trash/contact/{ana.id}/purge").status_code == 404
    assert person.post("/trash", {"id": f"contact:{ana.id}", "do": "purge", "sure": "1"}).status_code == 422
    assert person.get(f"/contacts/{ana.id}").status_code == 200


def test_others_trash_is_out_of_reach(make: Any, as_role: Any) -> None:
    ana = make.contact(team="south")
    records.trash(make.ctx(), "contact", [ana.id])
    person = as_role("rep", team="north")

    assert not soup(person.get("/trash")).select("#rows > li")
    assert person.post(f"/trash/contact/{ana.id}/restore").status_code == 404
