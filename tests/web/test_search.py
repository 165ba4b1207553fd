"""The search page: by form, as one types, and what can be done with a hit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.services import recent_records, recent_searches, records
from app.services import search as service
from app.services.context import acting
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make
from app.testing.plugins import disable, enable
from app.web.search_view import marked


@pytest.fixture
def admin(as_role: Callable[..., Person]) -> Iterator[Person]:
    """An administrator at a browser, who has not looked for anything yet."""
    recent_searches.forget()
    recent_records.forget()
    yield as_role("admin")
    recent_searches.forget()
    recent_records.forget()


@pytest.fixture
def elena(make: Make) -> Any:
    """A contact with a number and a company."""
    company = make.company(name="Tavola Foods")
    return make.contact(
        given_name="Elena",
        family_name="Kovács",
        phone="+36 30 123 4567",
        affiliations=[{"company_id": company.id, "title": "Buyer"}],
    )


def test_a_form_is_enough(elena: Any, admin: Person) -> None:
    page = soup(admin.get("/search?q=tavola"))
    assert page.select_one("form[role=search]")["action"] == "/search"
    assert [a.text for a in page.select("#hits section:not(:first-of-type) a.hit")] == [
        "Elena KovácsBuyer, Tavola Foods",
        "Tavola Foods",
    ]
    assert [m.text for m in page.select("mark")] == ["Tavola", "Tavola"]
    assert page.select_one("[role=status]").text == "2 results"


def test_typing_fetches_the_hits_alone(elena: Any, admin: Person) -> None:
    hits = fragment(admin.get("/search?q=kov", htmx=True))
    assert hits.select_one("a.hit[href$='log=call#log']").text == "Log a call with Elena Kovács"
    assert hits.select_one(f"a.hit[href='/contacts/{elena.id}']") is not None
    assert hits.select_one("a[href='tel:+36-30-123-4567']")["aria-label"] == "Call Elena Kovács"


def test_one_kind_can_be_looked_at_alone(elena: Any, admin: Person) -> None:
    page = soup(admin.get("/search?q=tavola&t=company"))
    assert [h.text for h in page.select("#hits h2")] == ["Companies"]
    assert page.select("a.chip[href*='t=contact']:not(:has(.n))"), "another kind is one tap away, not counted"
    assert soup(admin.get("/search?q=tavola&t=nonsense")).select_one("a.chip.on").text == "Everything"


def test_each_kind_says_how_many_there_are(make: Make, admin: Person, as_role: Any) -> None:
    rep = as_role("rep", team="north")
    for n in range(30):
        make.contact(given_name="Anna", family_name=f"Berg{n}", owner=rep.user if n < 7 else None)
    for n in range(8):
        make("interaction", kind="note", body=f"Anna called {n}", occurred_at=make.ctx().now)
    make.company(name="Anna & Sons")

    def said(page: Any) -> dict[str, str]:
        return {c.find(string=True).strip(): c.select_one(".n").text for c in page.select("a.chip:has(.n)")}

    every = soup(admin.get("/search?q=anna"))
    assert said(every) == {"Contacts": "20+", "Companies": "1", "Interactions": "8"}
    heads = {h.find("h2").text: h.select_one(".n").text for h in every.select("section > header:has(.n)")}
    assert heads == said(every)
    assert said(soup(admin.get("/search?q=anna&t=contact"))) == {"Contacts": "30"}
    own = soup(rep.get("/search?q=anna")).select_one('section:has(h2:-soup-contains("Contacts")) > header .n')
    assert own.text == "5+", "each hit of those that see a part is proven: no more of them than are shown"


def test_a_typo_is_named(elena: Any, admin: Person) -> None:
    assert "Results for “kovacs”" in admin.get("/search?q=kovasc").text


def test_what_was_not_found_can_be_created(admin: Person) -> None:
    page = soup(admin.get("/search?q=Ana+Lima,+CFO+at+Acme"))
    assert page.select_one(".empty a.pri")["href"].endswith("line=Ana+Lima,+CFO+at+Acme")


def test_what_one_looked_for_is_offered_again(elena: Any, admin: Person) -> None:
    for text in ("kov", "kovács", "ková", "nobody at all"):
        admin.get(f"/search?q={text}", htmx=True).close()
    page = soup(admin.get("/search"))
    assert [a.text for a in page.select("#hits a.hit")] == ["kovács"]
    assert admin.user is not None


def test_it_is_written_at_once_and_then_not_for_a_while(elena: Any, make: Make, admin: Person) -> None:
    admin.get("/search?q=elena").close()
    recent_searches.forget()
    ctx = make.ctx(admin.user)
    ctx.session.rollback()
    assert recent_searches.mine(ctx) == ["elena"]
    assert recent_searches.note(ctx, "first")
    assert not recent_searches.note(ctx, "second")


def test_marks_stand_where_the_letters_are() -> None:
    assert marked("Kovács & Co", ["kova"]) == [("Ková", True), ("cs", False), (" & ", False), ("Co", False)]
    assert marked("Großkunde", ["gross"]) == [("Großkunde", True)]
    assert marked("Anna", ["nn"]) == [("Anna", False)]


def entries(page: Any) -> list[str]:
    """What the palette offers, in order."""
    return [
        " ".join(option.get_text(" ", strip=True).split()) for option in page.select("[role=option] .grow")
    ]


def test_the_palette_offers_hits_then_what_can_be_done_then_places(elena: Any, admin: Person) -> None:
    assert entries(fragment(admin.get("/search/palette?q=kov", htmx=True))) == [
        "Elena Kov ács Buyer, Tavola Foods",
        "Log a call with Elena Kovács",
        "New contact “kov”",
        "All results for “kov”",
    ]
    places = entries(fragment(admin.get("/search/palette?q=contacts", htmx=True)))
    assert places[0] == "Contacts"
    assert entries(fragment(admin.get("/search/palette?q=compa", htmx=True)))[:2] == [
        "Companies",
        "Create: Company",
    ]


def test_without_htmx_the_page_answers_for_the_palette(admin: Person) -> None:
    assert admin.get("/search/palette?q=anna").headers["Location"] == "/search?q=anna"


def test_what_was_opened_is_offered_as_long_as_it_may_be_seen(
    elena: Any, make: Make, admin: Person, as_role: Callable[..., Person]
) -> None:
    admin.get(f"/contacts/{elena.id}")
    admin.get(f"/companies/{make.company(name='Zenith').id}")
    admin.get("/contacts/4711")
    offered = entries(fragment(admin.get("/search/palette", htmx=True)))
    assert offered[:2] == ["Zenith Company", "Elena Kovács Contact"]
    ctx = make.ctx()
    with acting(ctx):
        records.trash(ctx, "contact", [elena.id])
    assert [a.text for a in soup(admin.get("/search")).select("#hits a.hit")] == ["ZenithCompany"]
    assert "Zenith" not in as_role("manager").get("/search/palette", htmx=True).text


def test_it_is_forgotten_by_every_process(elena: Any, make: Make, admin: Person) -> None:
    admin.get(f"/contacts/{elena.id}").close()
    admin.get("/search?q=elena").close()
    assert admin.post("/search/forget").headers["Location"] == "/search"
    page = soup(admin.get("/search"))
    assert page.select("#hits a.hit") == page.select("#hits form") == []
    admin.get(f"/contacts/{elena.id}")
    assert len(soup(admin.get("/search")).select("#hits a.hit")) == 1


def test_the_hits_of_one_kind_go_on_on_further_pages(
    make: Make, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 3)
    for number in range(5):
        make.contact(given_name="Anna", family_name=f"Berg{number}")
    first = soup(admin.get("/search?q=anna&t=contact"))
    second = soup(admin.get(first.select_one("a.more")["href"]))
    shown = [a["href"] for page in (first, second) for a in page.select("section:not(:first-of-type) a.hit")]
    assert len(set(shown)) == len(shown) == 5
    assert second.select_one("a.more") is None


def test_records_of_plugins_are_found_and_lead_to_their_list(app: Flask, make: Make, admin: Person) -> None:
    enable(app, "gifts")
    try:
        ana = make.contact(given_name="Ana", family_name="Lima")
        make("gifts.gift", name="Botanical garden", contact_id=ana.id, occasion="birthday")
        found = fragment(admin.get("/search/palette?q=botan", htmx=True))
        assert [h.text for h in found.select("[role=group] > p")][:1] == ["Gifts"]
        page = soup(admin.get(str(found.select("[role=option]")[0]["href"])))
        assert [cell.text for cell in page.select("#rows th")] == ["Botanical garden"]
    finally:
        disable(app, "gifts")
