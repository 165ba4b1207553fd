"""Data quality: each number is that of its list, and its fix begins with just these records."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.models import BulkRun
from app.services import hygiene
from app.services.context import acting
from app.testing.clients import soup

AsRole = Any


def checks(ctx: Any) -> dict[str, int]:
    return {f"{c.entity}.{c.name}": hygiene.count(ctx, c) for c in hygiene.offered(ctx)}


def test_each_question_finds_its_records(make: Any) -> None:
    ctx = make.ctx()
    make.contact(email="ana@example.org", phone="+351 912 345 678")
    make.contact(phones=[{"value": "12 34", "kind": "", "preferred": True}])
    make.contact(email="bea@example.org", owner=make.user())
    make.company(name="Acme", domains=["acme.example"])
    make.company(name="Zeta", phones=[{"value": "12", "kind": "", "preferred": True}])
    found = checks(ctx)
    assert found["contact.no_email"] == 1
    assert found["contact.unreachable"] == 0
    assert found["contact.phone"] == 1
    assert found["contact.no_owner"] == 2
    assert found["contact.stale"] == 0
    assert found["company.no_domain"] == 1
    assert found["company.phone"] == 1


def test_what_nobody_touched_for_long_is_stale(make: Any, clock: Any) -> None:
    make.contact()
    clock.forward(days=800)
    assert checks(make.ctx())["contact.stale"] == 1


def test_the_number_is_that_of_the_list_it_leads_to(make: Any, as_role: AsRole) -> None:
    make.contact(given_name="Mute", family_name="Sondergeld")
    make.contact(email="ana@example.org")
    client = as_role("manager")
    page = soup(client.get("/hygiene?count=all"))
    (number,) = page.select("#n-contact-no_email")
    assert number.get_text() == "1"
    (entry,) = page.select("li:has(#n-contact-no_email) a.plain")
    link = str(entry["href"])
    assert parse_qs(urlsplit(link).query)["where"] == ["emails is empty"]
    listed = soup(client.get(link))
    assert "Mute Sondergeld" in listed.get_text()
    assert soup(client.get("/hygiene/contact/no_email")).get_text(strip=True) == "1"


def test_where_nothing_is_wrong_there_is_nothing_to_press(make: Any, as_role: AsRole) -> None:
    make.contact(email="ana@example.org")
    client = as_role("manager")
    page = soup(client.get("/hygiene?count=all"))
    assert not page.select("li:has(#n-contact-no_email) form")
    (late,) = soup(client.get("/hygiene/contact/no_email")).select("#n-contact-no_email")
    assert late.has_attr("data-none"), "the stylesheet hides the fix beside it"


def test_the_fix_begins_with_just_these_records(make: Any, as_role: AsRole) -> None:
    ctx = make.ctx()
    make.contact()
    make.contact(owner=make.user())
    client = as_role("manager")
    said = {"all": "1", "where": "owner is empty", "do": "field:owner_id"}
    asked = client.post("/bulk/contact", said)
    assert "field=owner_id" in asked.location
    run = ctx.session.execute(select(BulkRun)).scalar_one()
    assert (run.total, run.entity) == (1, "contact")


@pytest.mark.parametrize("role", ["representative", "read_only"])
def test_who_sees_less_counts_less(make: Any, as_role: AsRole, role: str) -> None:
    make.contact(team="south")
    mine = make.ctx(make.user("representative", team="north"))
    with acting(mine):
        assert checks(mine)["contact.no_email"] == 0
    page = soup(as_role(role).get("/hygiene"))
    trash = page.select("form[action^='/bulk/'] button[value='trash']")
    assert bool(trash) == (role == "representative"), "who may delete none is not offered to delete many"
