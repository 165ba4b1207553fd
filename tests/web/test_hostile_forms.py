"""What no page sends: numbers beyond every database, texts beyond every column, values of no list."""

from __future__ import annotations

from typing import Any

import pytest

from app.models import Contact, Interaction
from app.services import interactions
from app.services.interactions import Entry
from app.testing.clients import soup

HUGE = "9" * 25


@pytest.mark.parametrize(
    "path",
    [
        "/contacts/{}",
        "/contacts/{}.vcf",
        "/companies/{}",
        "/field/contact/{}/note",
        "/trash/contact/{}/purge",
    ],
)
def test_a_number_beyond_every_key_is_not_there(as_role: Any, path: str) -> None:
    assert as_role("manager").get(path.format(HUGE)).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("owner_id", {"owner_id": HUGE}),
        ("tags", {"tags": "x" * 81}),
        ("given_name", {"given_name": "x" * 201}),
        ("emails", {"emails-there": "1", "emails-0-value": "a" * 400 + "@x.y"}),
        ("phones", {"phones-there": "1", "phones-0-value": "1" * 81}),
        ("links", {"links-there": "1", "links-0-value": "javascript:alert(1)"}),
        ("links", {"links-there": "1", "links-0-value": "https://x.y/" + "a" * 1000}),
        ("addresses", {"addresses-there": "1", "addresses-0-locality": "x" * 201}),
        ("affiliations", {"affiliations-there": "1", "affiliations-0-company": "x" * 301}),
        (
            "affiliations",
            {
                "affiliations-there": "1",
                "affiliations-0-company": "Acme",
                "affiliations-0-started_on": "2021",
                "affiliations-0-ended_on": "2020",
            },
        ),
        ("relations", {"relations-there": "1", "relations-0-name": "Nobody Known"}),
        ("lifecycle_stage", {"lifecycle_stage": "evil"}),
        ("time_zone", {"time_zone": "Atlantis"}),
        ("languages", {"languages": "Klingonese"}),
        ("name", {"name": " "}),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_control(
    make: Any, as_role: Any, field: str, typed: Any
) -> None:
    ana = make.contact()
    answer = as_role("manager").post(f"/field/contact/{ana.id}/{field}", {**typed, "version": "1"})

    assert answer.status_code == 422
    assert 'class="err"' in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number_of_employees", HUGE),
        ("annual_revenue", "NaN"),
        ("annual_revenue", "1e999"),
        ("founding_date", "x"),
    ],
)
def test_figures_beyond_reason_are_refused(make: Any, as_role: Any, field: str, value: str) -> None:
    acme = make.company()
    answer = as_role("manager").post(f"/field/company/{acme.id}/{field}", {field: value, "version": "1"})

    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/contacts/{}/edit", "/field/contact/{}/given_name"])
@pytest.mark.parametrize("field", ["is_admin", "deleted_at", "owner_id", "version-0"])
def test_a_field_that_the_form_does_not_have_is_refused_and_nothing_is_kept(
    make: Any, as_role: Any, path: str, field: str
) -> None:
    rep = as_role("rep")
    ana = make.contact(given_name="Ana", owner=rep.user)
    answer = rep.post(path.format(ana.id), {"given_name": "Eve", "version": "1", field: "1"})

    assert answer.status_code == 422
    assert field in answer.text
    assert make.ctx().session.get_one(Contact, ana.id).given_name == "Ana"


def test_a_field_that_the_composer_does_not_have_is_refused_with_a_sentence(as_role: Any, make: Any) -> None:
    rep = as_role("rep", team="north")
    made = interactions.log(make.ctx(rep.user), Entry(values={"kind": "note", "body": "Hers"})).id
    for path in ("/interactions", f"/interactions/{made}/edit"):
        answer = rep.post(path, {"kind": "call", "body": "His", "sentiment": "good"})
        assert answer.status_code == 422
        assert "This form has no field “sentiment”." in soup(answer).get_text()
    assert make.ctx().session.query(Interaction).one().body == "Hers"
