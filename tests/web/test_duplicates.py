"""The queue of duplicates and merging side by side, as a browser without JavaScript does it."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import dedupe_queue, dedupe_searching, records, roles
from app.services.context import acting, as_system
from app.services.roles import RoleChange
from app.testing.clients import soup

AsRole = Any


def doubles(make: Any, **more: Any) -> tuple[Any, Any]:
    """Two contacts that the nightly search has found."""
    one = make.contact(given_name="Ana", family_name="Sondergeld", email="ana@example.org", **more)
    other = make.contact(given_name="Anna", family_name="Sondergeld", phone="+351 912 345 678", **more)
    dedupe_searching.find(as_system("test"), {})
    return one, other


def test_the_queue_says_why_and_leads_to_both_side_by_side(make: Any, as_role: AsRole) -> None:
    ana, anna = doubles(make)
    page = soup(as_role("manager").get("/duplicates"))
    text = page.get_text(" ", strip=True)
    assert "Ana Sondergeld" in text
    assert "Similar name" in text
    assert page.select_one(f"a[href*='/duplicates/contact/merge?id={ana.id}&id={anna.id}']")


def test_merging_takes_what_was_chosen_and_offers_undo(make: Any, as_role: AsRole) -> None:
    ana, anna = doubles(make)
    client = as_role("manager")
    page = soup(client.get(f"/duplicates/contact/merge?id={ana.id}&id={anna.id}"))
    assert [i["value"] for i in page.select("input[name='pick.given_name']")] == [str(ana.id), str(anna.id)]
    said = {"id": [ana.id, anna.id], "keep": anna.id, "pick.given_name": ana.id}
    done = client.post("/duplicates/contact/merge", said)
    assert done.status_code == 303
    text = soup(client.get(done.location)).get_text(" ", strip=True)
    assert "Ana Sondergeld is one now" in text
    assert "ana@example.org" in text
    ctx = make.ctx()
    assert not records.exists(ctx, "contact", ana.id)
    assert "Pairs" not in soup(client.get("/duplicates")).get_text()


def test_not_a_duplicate_is_remembered_and_can_be_thought_over(make: Any, as_role: AsRole) -> None:
    ana, anna = doubles(make)
    client = as_role("manager")
    both = {"id": [ana.id, anna.id]}
    client.post("/duplicates/contact/different", both)
    dedupe_searching.search(as_system("test"), "contact", again=True)
    assert "Sondergeld" not in soup(client.get("/duplicates")).get_text()
    assert "Sondergeld" in soup(client.get("/duplicates?state=different")).get_text()
    client.post("/duplicates/contact/open", both)
    assert "Sondergeld" in soup(client.get("/duplicates")).get_text()


@pytest.mark.parametrize("role", ["representative", "read_only"])
def test_who_may_not_merge_has_no_queue(make: Any, as_role: AsRole, role: str) -> None:
    ana, anna = doubles(make)
    client = as_role(role)
    assert client.get("/duplicates").status_code == 404
    assert client.get(f"/duplicates/contact/merge?id={ana.id}&id={anna.id}").status_code in (403, 404)
    assert client.post("/duplicates/contact/merge", {"id": [ana.id, anna.id]}).status_code in (403, 404)
    assert records.exists(make.ctx(), "contact", anna.id)


def test_what_somebody_may_not_see_or_merge_is_neither_listed_nor_counted(make: Any) -> None:
    system = as_system("test")
    grants = {"contact.view": "team", "contact.merge": "team", "contact.edit": "team"}
    cleaner = roles.create(system, RoleChange(label="Cleaner", grants=grants))
    make.contact(given_name="Ana", family_name="Sondergeld", team="north")
    south = make.contact(given_name="Ana", family_name="Sondergeld", team="south")
    dedupe_searching.find(system, {})
    mine = make.ctx(make.user(cleaner, team="north"))
    with acting(mine):
        assert dedupe_queue.count(mine, "contact") == 0
        assert dedupe_queue.page(mine, "contact") == []
        assert dedupe_queue.of_record(mine, "contact", south.id) == []
    assert dedupe_queue.count(make.ctx(), "contact") == 1


def test_an_old_address_leads_to_what_the_record_became(make: Any, as_role: AsRole) -> None:
    ana, anna = doubles(make)
    client = as_role("manager")
    client.post("/duplicates/contact/merge", {"id": [ana.id, anna.id], "keep": ana.id})
    assert client.get(f"/contacts/{anna.id}").location == f"/contacts/{ana.id}"
    assert as_role("read_only").get(f"/contacts/{anna.id}").location == f"/contacts/{ana.id}"


def test_the_page_of_a_record_leads_to_what_may_be_the_same(make: Any, as_role: AsRole) -> None:
    ana, anna = doubles(make)
    address = f"/duplicates/contact/merge?id={ana.id}&id={anna.id}"
    assert soup(as_role("manager").get(f"/contacts/{ana.id}")).select_one(f"#twice a[href='{address}']")
    assert not soup(as_role("representative").get(f"/contacts/{ana.id}")).select_one("#twice")
