"""A person's page and writing people down, with and without htmx."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.models import Contact
from app.testing.clients import fragment, soup

LINE = "Ana Lima, CFO at Acme Roofing, ana@acme.pt, +351 912 345 678"


def count(make: Any) -> int:
    return int(make.ctx().session.scalar(select(func.count()).select_from(Contact)))


def test_the_page_opens_with_who_it_is_and_the_ways_to_reach_them(make: Any, as_role: Any) -> None:
    acme = make.company(name="Acme")
    ana = make.contact(
        given_name="Ana",
        family_name="Lima",
        phone="+351 912 345 678",
        email="ana@acme.pt",
        affiliations=[{"company_id": acme.id, "title": "CFO"}],
    )

    page = soup(as_role("manager").get(f"/contacts/{ana.id}"))

    assert page.h1.get_text() == "Ana Lima"
    assert page.select_one(".who").get_text(" ", strip=True).endswith("CFO, Acme")
    ways = [a["href"] for a in page.select(".quick > a")]
    assert ways == ["tel:+351912345678", "sms:+351912345678", "mailto:ana@acme.pt", "#log"]
    assert page.select_one('.quick a[href="https://wa.me/351912345678"]')
    slots = [s["data-slot"] for s in page.select(".slot")]
    assert slots == ["contact.header", "contact.tab", "contact.main", "contact.side"]


def test_a_flagged_channel_is_said_and_asked_about(make: Any, as_role: Any) -> None:
    flags = [{"channel": "call", "reason": "Asked in writing"}]
    ana = make.contact(phone="+351 912 345 678", do_not_contact=flags)
    person = as_role("manager")

    page = soup(person.get(f"/contacts/{ana.id}"))
    asks = page.select_one(".quick > a")["href"]
    question = soup(person.get(asks))

    assert asks == f"/contacts/{ana.id}/reach/call"
    assert "Asked in writing" in page.select_one(".alert").get_text()
    assert "Asked in writing" in question.get_text()
    assert question.select_one('a.bad[href="tel:+351912345678"]')
    assert person.get(f"/contacts/{ana.id}/reach/email").status_code == 404


def test_one_line_makes_a_contact_and_the_company(make: Any, as_role: Any) -> None:
    person = as_role("rep", team="north")
    answer = person.post("/contacts/new", {"line": LINE, "nonce": "n1"})

    assert answer.status_code == 303
    page = soup(person.get(answer.location))
    assert page.h1.get_text() == "Ana Lima"
    assert "CFO" in page.select_one(".who").get_text()
    assert page.select_one('a[href="tel:+351912345678"]')
    assert "Acme Roofing" in person.get("/companies").text


def test_two_submits_of_one_form_make_one_contact(make: Any, as_role: Any) -> None:
    person = as_role("manager")
    first = person.post("/contacts/new", {"line": LINE, "nonce": "same"})
    second = person.post(
        "/contacts/new", {"line": LINE, "nonce": "same", "seen": first.location.split("/")[-1]}
    )

    assert first.location == second.location
    assert count(make) == 1


def test_the_preview_says_what_was_understood_and_writes_nothing(make: Any, as_role: Any) -> None:
    part = fragment(as_role("manager").get("/contacts/new/preview", query_string={"line": LINE}, htmx=True))

    words = part.get_text(" ", strip=True)
    assert all(w in words for w in ("Ana", "Lima", "CFO", "Acme Roofing (new)", "ana@acme.pt"))
    assert count(make) == 0


def test_without_script_a_button_previews_and_keeps_the_line(make: Any, as_role: Any) -> None:
    page = soup(as_role("manager").post("/contacts/new", {"line": LINE, "do": "preview", "nonce": "n"}))

    assert page.textarea.get_text() == LINE
    assert "Acme Roofing (new)" in page.select_one("#understood").get_text()


def test_a_likely_duplicate_is_asked_about_once(make: Any, as_role: Any) -> None:
    known = make.contact(given_name="Ana", family_name="Lima", phone="+351 912 345 678")
    person = as_role("manager")

    asked = person.post("/contacts/new", {"line": "A. Other, 00351912345678", "nonce": "d"})
    link = soup(asked).select_one(f'.alert a[href="/contacts/{known.id}"]')
    seen = soup(asked).select_one('[name="seen"]')["value"]
    saved = person.post("/contacts/new", {"line": "A. Other, 00351912345678", "nonce": "d", "seen": seen})

    assert asked.status_code == 422
    assert link is not None
    assert saved.status_code == 303


def test_nothing_to_call_somebody_by_is_an_error_and_all_stays_typed(make: Any, as_role: Any) -> None:
    form = {"line": "", "nonce": "e", "note": "tall", "emails-there": "1", "emails-0-value": "no address"}
    answer = as_role("manager").post("/contacts/new", form)
    page = soup(answer)

    assert answer.status_code == 422
    assert page.title.get_text().startswith("Error:")
    bad = page.select_one('[aria-invalid="true"]')
    assert bad["value"] == "no address"
    assert page.select_one(f'.alert a[href="#{bad["id"]}"]')
    assert page.select_one('[name="note"]').get_text() == "tall"


def test_ids_of_others_are_not_there(make: Any, as_role: Any) -> None:
    secret = make.contact(family_name="Secret", team="south")
    person = as_role("rep", team="north")

    for path in ("", "/details", "/edit", ".vcf", "/qr"):
        assert person.get(f"/contacts/{secret.id}{path}").status_code == 404
    assert person.get(f"/field/contact/{secret.id}/note").status_code == 404
    assert person.get(f"/history/contact/{secret.id}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/contacts/{}", "/contacts/{}/details", "/contacts/{}/edit", "/contacts/{}/qr"]
)
def test_hostile_values_stay_text(make: Any, as_role: Any, path: str) -> None:
    evil = '"><script>alert(1)</script>'
    made = make.contact(
        given_name=evil,
        family_name="<img src=x onerror=alert(1)>",
        note=f"{evil} [x](javascript:alert(3))",
        links=[{"value": "javascript:alert(4)", "kind": evil[:40], "service": evil}],
        emails=[{"value": f"{evil}@x.y", "kind": evil[:40], "preferred": True}],
        tags=["{{7*7}}", evil],
    )
    page = soup(as_role("manager").get(path.format(made.id)))

    assert not [s for s in page.find_all("script") if not s.get("src")]
    assert not page.select("img[onerror]")
    assert not [a for a in page.find_all(href=True) if a["href"].lower().startswith("javascript:")]


def test_naughty_strings_are_saved_and_shown(make: Any, as_role: Any, shared_data: Path) -> None:
    text = (shared_data / "security" / "blns" / "blns.txt").read_text(encoding="utf-8", errors="replace")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")][::12]
    person = as_role("manager")
    ana = make.contact()
    for line in lines:
        data = {"note": line, "version": ""}
        assert person.post(f"/field/contact/{ana.id}/note", data).status_code in (303, 422), line
        page = person.get(f"/contacts/{ana.id}")
        assert page.status_code == 200, line
        assert not re.search(r"<script(?![^>]*src=)", page.text), line
