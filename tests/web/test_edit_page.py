"""The whole form of a person or company."""

from __future__ import annotations

import io
from typing import Any

from bs4 import BeautifulSoup
from PIL import Image

from app.services import records
from app.testing.clients import soup
from app.web import edit_page


def sent(page: BeautifulSoup) -> dict[str, str]:
    """What a browser would send of a page's form."""
    form = page.select_one("form#edit")
    data: dict[str, str] = {}
    for box in form.select("input[name], textarea[name]"):
        if box.get("type") in {"file"} or (
            box.get("type") in {"radio", "checkbox"} and not box.has_attr("checked")
        ):
            continue
        data[box["name"]] = box.get_text() if box.name == "textarea" else box.get("value", "on")
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        data[select["name"]] = chosen["value"]
    return data


def rich(make: Any) -> Any:
    acme = make.company(name="Acme")
    friend = make.contact(given_name="Bea", family_name="Costa")
    return make.contact(
        given_name="Ana",
        family_name="Lima",
        emails=[{"value": "ana@acme.pt", "kind": "work"}, {"value": "a@home.pt", "kind": "Ferienhaus"}],
        phones=[{"value": "(0351) 912", "kind": "pager"}, {"value": "+351 912 345 678", "kind": "cell"}],
        addresses=[{"street_address": "Rua 1", "locality": "Porto", "country_code": "PT", "kind": "work"}],
        links=[{"value": "ana", "service": "skype", "kind": ""}],
        affiliations=[{"company_id": acme.id, "title": "CFO", "started_on": "2020-03", "is_primary": True}],
        relations=[{"other_id": friend.id, "type": "sister"}],
        do_not_contact=[{"channel": "letter", "reason": "moved"}],
        birthday="--02-29",
        languages="pt,de-AT",
        tags=["A", "C"],
        note="one\n\ntwo",
    )


def test_saving_an_untouched_form_changes_nothing(make: Any, as_role: Any) -> None:
    ana = rich(make)
    person = as_role("manager")

    answer = person.post(f"/contacts/{ana.id}/edit", sent(soup(person.get(f"/contacts/{ana.id}/edit"))))

    assert answer.status_code == 303
    assert records.get(make.ctx(), "contact", ana.id).version == 1


def test_the_form_of_a_company_round_trips_too(make: Any, as_role: Any) -> None:
    top = make.company(name="Top")
    acme = make.company(
        name="Acme", parent_id=top.id, domains=["acme.pt"], annual_revenue="1200000.50", founding_date="1998"
    )
    person, url = as_role("manager"), f"/companies/{acme.id}/edit"

    assert person.post(url, sent(soup(person.get(url)))).status_code == 303
    assert records.get(make.ctx(), "company", acme.id).version == 1


def test_a_parent_company_is_made_by_its_name(make: Any, as_role: Any) -> None:
    acme = make.company(name="Acme")
    person, url = as_role("manager"), f"/companies/{acme.id}/edit"

    person.post(url, {**sent(soup(person.get(url))), "parent_id": "New Holding"})

    assert "New Holding" in person.get(f"/companies/{acme.id}").text


def test_a_stale_form_keeps_what_others_did_and_asks_about_the_same_field(make: Any, as_role: Any) -> None:
    ana = rich(make)
    person, url = as_role("manager"), f"/contacts/{ana.id}/edit"
    form = sent(soup(person.get(url)))
    records.update(make.ctx(), "contact", ana.id, {"note": "theirs", "pronouns": "they"})

    answer = person.post(url, {**form, "note": "mine", "nickname": "Annie"})
    page = soup(answer)
    again = sent(page)

    assert answer.status_code == 409
    assert "theirs" in page.select_one(".alert").get_text()
    assert again["note"] == "mine"
    assert again["keep-note"] == "theirs"
    person.post(url, {**again, "keep-note": "mine"})
    found = records.get(make.ctx(), "contact", ana.id)
    assert (found.note, found.pronouns, found.nickname) == ("mine", "they", "Annie")


def test_keeping_theirs_saves_the_rest(make: Any, as_role: Any) -> None:
    ana = rich(make)
    person, url = as_role("manager"), f"/contacts/{ana.id}/edit"
    form = sent(soup(person.get(url)))
    records.update(make.ctx(), "contact", ana.id, {"note": "theirs"})
    again = sent(soup(person.post(url, {**form, "note": "mine", "nickname": "Annie"})))

    person.post(url, again)

    found = records.get(make.ctx(), "contact", ana.id)
    assert (found.note, found.nickname) == ("theirs", "Annie")


def test_a_photo_is_stored_small_and_shown(make: Any, as_role: Any) -> None:
    ana = rich(make)
    person, url = as_role("manager"), f"/contacts/{ana.id}/edit"
    drawn = io.BytesIO()
    Image.new("RGB", (900, 700), "teal").save(drawn, "PNG")
    data: dict[str, Any] = {**sent(soup(person.get(url))), "photo": (io.BytesIO(drawn.getvalue()), "me.png")}

    assert person.post(url, data, content_type="multipart/form-data").status_code == 303
    image = soup(person.get(f"/contacts/{ana.id}")).select_one(".who img")["src"]
    with person.get(image) as picture:
        assert picture.mimetype == "image/webp"

    data = {**sent(soup(person.get(url))), "photo": (io.BytesIO(b"<svg onload=1>"), "me.svg")}
    answer = person.post(url, data, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_who_may_not_edit_gets_no_form(make: Any, as_role: Any) -> None:
    ana = rich(make)

    assert as_role("read_only").get(f"/contacts/{ana.id}/edit").status_code == 403


def test_a_name_that_becomes_somebody_elses_at_the_same_company_is_told(as_role: Any, make: Any) -> None:
    acme = make.company(name="Acme")
    places = [{"company_id": acme.id}]
    make.contact(given_name="Ana", family_name="Lima", affiliations=places)
    other = make.contact(given_name="Rui", family_name="Lima", affiliations=places)
    ctx = make.ctx(make.user("manager"))
    records.update(ctx, "contact", other.id, {"given_name": "Ana"})

    text, kind = edit_page.saved(ctx, "contact", other.id, {"given_name": "Ana"})

    assert (kind, "Ana Lima" in text) == ("warn", True)
    assert edit_page.saved(ctx, "contact", other.id, {"note": "x"})[1] == "ok"
