"""The history of a record and taking changes back."""

from __future__ import annotations

from typing import Any

from bs4 import Tag

from app.services import records
from app.testing.clients import fragment, soup


def buttons(page: Any) -> list[dict[str, str]]:
    """The forms that take back a change, as what they send."""
    forms = [f for f in page.select("main form[method=post]") if f.select_one('[name="entry"]')]
    return [{i["name"]: i["value"] for i in f.select("input") if isinstance(i, Tag)} for f in forms]


def test_a_change_is_told_in_words_and_taken_back_with_one_press(make: Any, as_role: Any) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima", lifecycle_stage="lead")
    person = as_role("manager", name="Mia Moreau")
    person.post(f"/field/contact/{ana.id}/lifecycle_stage", {"lifecycle_stage": "customer", "version": "1"})

    page = soup(person.get(f"/history/contact/{ana.id}"))
    told = page.select_one(".changes").get_text(" ", strip=True)
    assert "Stage" in told
    assert "Lead" in told
    assert "Customer" in told
    assert page.select_one(".tl-h").get_text(" ", strip=True).startswith("You changed")
    answer = person.post(f"/history/contact/{ana.id}/revert", buttons(page)[0])
    assert answer.status_code == 303
    assert records.get(make.ctx(), "contact", ana.id).lifecycle_stage == "lead"


def test_a_value_that_was_changed_again_is_asked_about(make: Any, as_role: Any) -> None:
    ana = make.contact(note="one")
    person = as_role("manager")
    records.update(make.ctx(), "contact", ana.id, {"note": "two"})
    first = buttons(soup(person.get(f"/history/contact/{ana.id}")))[0]
    records.update(make.ctx(), "contact", ana.id, {"note": "three"})

    answer = person.post(f"/history/contact/{ana.id}/revert", first)
    assert answer.status_code == 409
    assert all(w in soup(answer).select_one(".both").get_text() for w in ("one", "two", "three"))
    person.post(f"/history/contact/{ana.id}/revert", buttons(soup(answer))[0])
    assert records.get(make.ctx(), "contact", ana.id).note == "one"


def test_long_histories_come_in_pages(make: Any, as_role: Any) -> None:
    ana, ctx = make.contact(note="0"), make.ctx()
    for number in range(1, 60):
        records.update(ctx, "contact", ana.id, {"note": str(number)})
    person = as_role("manager")

    page = soup(person.get(f"/history/contact/{ana.id}"))
    older = fragment(person.get(page.select_one("#more a")["href"], htmx=True))

    assert len(page.select(".tl > li:not(.day)")) == 50
    assert len(older.select("li:not(.day)")) == 10


def test_who_may_only_read_takes_nothing_back_and_hidden_fields_are_left_out(make: Any, as_role: Any) -> None:
    ana = make.contact(note="one")
    records.update(make.ctx(), "contact", ana.id, {"note": "two"})
    reader = as_role("read_only")

    assert buttons(soup(reader.get(f"/history/contact/{ana.id}"))) == []
    entry = buttons(soup(as_role("manager").get(f"/history/contact/{ana.id}")))[0]
    assert reader.post(f"/history/contact/{ana.id}/revert", entry).status_code in (403, 404)
    assert records.get(make.ctx(), "contact", ana.id).note == "two"


def test_an_entry_of_another_record_is_not_there(make: Any, as_role: Any) -> None:
    ana, bea = make.contact(note="one"), make.contact(note="x")
    records.update(make.ctx(), "contact", ana.id, {"note": "two"})
    person = as_role("manager")
    entry = buttons(soup(person.get(f"/history/contact/{ana.id}")))[0]

    assert person.post(f"/history/contact/{bea.id}/revert", entry).status_code == 404
    assert person.get("/history/nothing/1").status_code == 404


def test_what_no_form_has_is_told_and_stays(make: Any, as_role: Any) -> None:
    """A record of the program's own (here what an import could not place) is no value that people choose."""
    acme = make.company(name="Acme")
    records.update(make.ctx(), "company", acme.id, {"extra": '[["x", "1"]]', "name": "Acme & Co"})
    boss = as_role("admin")

    [entry] = buttons(soup(boss.get(f"/history/company/{acme.id}")))
    assert entry["field"] == "name"
    answer = boss.post(f"/history/company/{acme.id}/revert", {**entry, "field": "extra"})
    assert answer.status_code == 404
    assert records.get(make.ctx(), "company", acme.id).extra == '[["x", "1"]]'
