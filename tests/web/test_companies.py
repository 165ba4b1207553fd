"""A company's page and writing companies down."""

from __future__ import annotations

from typing import Any

from app.testing.clients import fragment, soup


def test_people_now_and_before_and_the_group_are_on_the_page(make: Any, as_role: Any) -> None:
    top = make.company(name="Top Holding")
    acme = make.company(name="Acme", parent_id=top.id)
    make.company(name="Acme Spain", parent_id=acme.id)
    make.contact(given_name="Ana", family_name="Now", affiliations=[{"company_id": acme.id, "title": "CFO"}])
    make.contact(
        given_name="Bea",
        family_name="Before",
        affiliations=[{"company_id": acme.id, "started_on": "2019", "ended_on": "2021"}],
    )

    page = soup(as_role("manager").get(f"/companies/{acme.id}"))

    assert "Ana Now" in page.select_one("#people").get_text()
    assert "Bea Before" in page.select_one("#people-before").get_text()
    assert "Bea Before" not in page.select_one("#people").get_text()
    assert [li.get_text(strip=True) for li in page.select("#tree li")] == [
        "Top Holding",
        "Acme",
        "Acme Spain",
    ]


def test_the_timeline_of_a_company_holds_what_its_people_did(make: Any, as_role: Any) -> None:
    acme = make.company(name="Acme")
    ana = make.contact(given_name="Ana", affiliations=[{"company_id": acme.id}])
    person = as_role("manager")
    person.post(
        "/interactions", {"on": f"contact:{ana.id}", "kind": "note", "body": "Roof is done", "nonce": "t1"}
    )

    assert "Roof is done" in person.get(f"/companies/{acme.id}").text


def test_a_likely_duplicate_company_is_asked_about(make: Any, as_role: Any) -> None:
    acme = make.company(name="Acme Roofing GmbH")
    person = as_role("manager")

    warned = fragment(person.get("/companies/new/preview", query_string={"name": "ACME Roofing"}, htmx=True))
    asked = person.post("/companies/new", {"name": "ACME Roofing", "nonce": "c"})
    saved = person.post("/companies/new", {"name": "ACME Roofing", "nonce": "c", "seen": str(acme.id)})

    assert warned.select_one(f'a[href="/companies/{acme.id}"]')
    assert asked.status_code == 422
    assert saved.status_code == 303


def test_a_company_needs_a_name_and_two_submits_make_one(make: Any, as_role: Any) -> None:
    person = as_role("manager")
    empty = person.post("/companies/new", {"name": " ", "nonce": "x"})
    first = person.post("/companies/new", {"name": "Acme", "nonce": "y"})
    second = person.post(
        "/companies/new", {"name": "Acme", "nonce": "y", "seen": first.location.split("/")[-1]}
    )

    assert empty.status_code == 422
    assert soup(empty).select_one('[name="name"]')["aria-invalid"] == "true"
    assert first.location == second.location


def test_names_are_suggested_from_what_may_be_seen(make: Any, as_role: Any) -> None:
    make.company(name="Acme North", team="north")
    make.company(name="Acme South", team="south")
    options = as_role("rep", team="north").get("/companies/suggest?parent_id=acme", htmx=True)

    assert [o["value"] for o in fragment(options).select("option")] == ["Acme North"]
