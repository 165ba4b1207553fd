"""The filter of a list: the panel that builds it, the chips that say it, the text that is told where it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask

from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make
from app.testing.plugins import disable, enable


@pytest.fixture
def admin(as_role: Callable[..., Person]) -> Person:
    """An administrator at a browser."""
    return as_role("admin")


def read(person: Person, path: str, status: int = 200) -> Any:
    """A page as a tree."""
    answer = person.get(path)
    assert answer.status_code == status, path
    return soup(answer)


def names(page: Any) -> list[str]:
    """The records that a list shows."""
    return [a.text for a in page.select("#rows a.hit")]


def where(url: str) -> str:
    """The expression of an address."""
    return parse_qs(urlsplit(url).query).get("where", [""])[0]


def chips(page: Any) -> list[str]:
    """The conditions in use, in words."""
    return [chip.find(string=True).strip() for chip in page.select(".chips .chip.on")]


def test_from_the_list_to_a_condition_without_script(make: Make, admin: Person) -> None:
    company = make.company(name="Acme", addresses=[{"locality": "Lisboa"}])
    make.contact(given_name="Ana", family_name="Lima", affiliations=[{"company_id": company.id}])
    make.contact(given_name="Eva", family_name="Else")

    way = read(admin, "/contacts").select_one(".chip.dash")["href"]
    panel = read(admin, way)
    assert "company." in [o["value"] for o in panel.select("#step1 option")]
    panel = read(admin, f"{way.partition('?')[0]}?step1=company.")
    assert panel.select_one("label[for=step2]").text == "Field of Company"
    panel = read(admin, "/list/contact/filter?step1=company.&step2=addresses.city")
    assert panel.select_one("#op option")["value"] == "has"
    answer = admin.get("/list/contact/filter?step1=company.&step2=addresses.city&op=has&v=lisboa&do=add")
    assert answer.status_code == 303
    page = read(admin, answer.location)
    assert (names(page), chips(page)) == (["Ana Lima"], ["Company: Address: City contains “lisboa”"])
    assert names(read(admin, page.select_one(".chip.on")["href"])) == ["Eva Else", "Ana Lima"]


def test_conditions_are_added_beside_or_as_alternatives(make: Make, admin: Person) -> None:
    base = "/list/contact/filter?f=stage:is:customer&where=" + quote("owner = me")
    beside = where(admin.get(f"{base}&step1=last_interaction_at&op=ago&v=30&unit=d&do=add").location)
    assert beside == "lifecycle_stage = customer and owner = me and last_interaction_at < -30d"
    either = where(admin.get(f"{base}&step1=tags&op=in&v=vip,+partner&into=1&do=add").location)
    assert either == "lifecycle_stage = customer and (owner = me or tags in (vip, partner))"
    panel = read(admin, f"/list/contact/filter?where={quote(either)}")
    assert [li.text for li in panel.select("li > .grow") if not li.select("ul")] == [
        "Stage is Customer",
        "Owner is me",
        "Tags is “vip” or “partner”",
    ]
    away = {a["aria-label"]: where(a["href"]) for a in panel.select("a[aria-label^=Remove]")}
    assert away["Remove filter: Owner is me"] == "lifecycle_stage = customer and tags in (vip, partner)"
    assert away["Remove filter: Stage is Customer"] == "owner = me or tags in (vip, partner)"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("step1=lifecycle_stage&op=in&v=lead&v=customer", "lifecycle_stage in (lead, customer)"),
        ("step1=lifecycle_stage&op=notin&v=lead", "lifecycle_stage != lead"),
        ("step1=owner_id&op=in&v=me&v=my_team", "owner_id in (me, my_team)"),
        ("step1=owner_id&op=empty", "owner_id is empty"),
        ("step1=birthday&op=next&v=2&unit=w", "birthday within +2w"),
        ("step1=created_at&op=period&period=last_month", "created_at = last_month"),
        ("step1=created_at&op=range&first=2026-01-01&last=", "created_at >= 2026-01-01"),
        ("step1=created_at&op=range&first=&last=2026-01-31", "created_at <= 2026-01-31"),
        ("step1=created_at&op=range&first=2026-01-01&last=2026-01-31", "created_at between 2026-01-01 and 2026-01-31"),
        ("step1=company.&step2=number_of_employees&op=between&v=1&v2=9", "company.number_of_employees between 1 and 9"),
        ("step1=do_not_contact&op=in&v=call", "do_not_contact = call"),
        ("step1=name&op=starts&v=me", 'name starts with "me"'),
    ],
)  # fmt: skip
def test_what_is_chosen_becomes_an_expression(query: str, expected: str, admin: Person) -> None:
    answer = admin.get(f"/list/contact/filter?{query}&do=add")
    assert where(answer.location) == expected
    assert admin.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("step1=&do=add", "Choose a field first."),
        ("step1=name&op=has&v=&do=add", "Choose or write a value"),
        ("step1=created_at&op=last&v=many&do=add", "as a number"),
        ("step1=created_at&op=range&first=&last=&do=add", "first or a last day"),
        ("step1=company.&step2=number_of_employees&op=is&v=x&do=add", "is no number"),
    ],
)
def test_what_is_missing_is_said_and_what_was_chosen_stays(query: str, said: str, admin: Person) -> None:
    answer = admin.get(f"/list/contact/filter?{query}")
    assert answer.status_code == 422
    page = soup(answer)
    assert said in page.select_one("#filter-e").text
    if "name" in query:
        assert page.select_one("#step1 option[selected]")["value"] == "name"


def test_with_htmx_only_the_panel_comes(admin: Person) -> None:
    panel = fragment(admin.get("/list/contact/filter?step1=created_at", htmx=True))
    assert panel.select_one("#filter-h").text == "Filter Contacts"
    assert panel.select_one("select#op")["hx-target"] == "#setup"
    assert read(admin, "/contacts").select_one("#setup") is not None


def test_the_text_says_where_it_is_wrong(admin: Person) -> None:
    text = "owner = me and stagee = lead"
    for path in (f"/list/contact/filter?do=text&text={quote(text)}", f"/contacts?where={quote(text)}"):
        page = read(admin, path, 422)
        assert page.select_one("#filter-text").text.strip() == text
        assert page.select_one("mark").text == "stagee"
        assert "Did you mean “stage”?" in page.select_one("#filter-text-e").text
    answer = admin.get(f"/list/contact/filter?do=text&text={quote('stage = lead OR owner=me')}&f=owner:is:me")
    assert urlsplit(answer.location).query == "where=stage+%3D+lead+or+owner+%3D+me"


def test_too_much_is_refused_and_never_ignored(make: Make, admin: Person) -> None:
    make.contact(family_name="Lima")
    for text in (
        "a = 1 or " * 600 + "b = 2",
        "(" * 900 + "a = 1",
        "name in (" + "x," * 900 + "x)",
        "name = '",
    ):
        page = read(admin, "/contacts?where=" + quote(text), 422)
        assert page.select_one(".err") is not None


def test_of_two_expressions_none_is_ignored(admin: Person) -> None:
    page = read(admin, "/contacts?where=stage+%3D+lead&where=owner+%3D+me", 422)
    assert "Join them by “and”" in page.select_one(".err").text


def test_a_list_out_of_sight_has_no_filter(as_role: Callable[..., Person]) -> None:
    assert as_role("rep").get("/list/nonsense/filter").status_code == 404
    assert as_role(None).get("/list/contact/filter").status_code == 303


def test_chips_speak_of_people_and_days(make: Make, admin: Person, as_role: Callable[..., Person]) -> None:
    other = make.user("rep", name="Jonas Berg")
    team = make.team("North")
    text = f"owner in (me, {other.id}) and team = {team.id} and created within -7d and updated_at < today"
    text += " and birthday = this_month and do_not_contact = call and not (name = x or tags is empty)"
    assert chips(read(admin, "/contacts?where=" + quote(text))) == [
        "Owner is me or Jonas Berg",
        "Team is North",
        "Created in the last 7 days",
        "Changed before today",
        "Birthday: this month",
        "Do not contact is Phone",
        "not (Name is “x” or Tags is empty)",
    ]


@pytest.fixture
def gifts(app: Flask) -> Iterator[None]:
    """The example plugin, enabled."""
    enable(app, "gifts")
    yield
    disable(app, "gifts")


def test_lists_of_plugins_are_filtered_too(gifts: None, make: Make, admin: Person) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima", lifecycle_stage="customer")
    make(
        "gifts.gift",
        name="Book",
        contact_id=ana.id,
        occasion="birthday",
        given_on="2026-01-05",
        price="12.50",
    )
    make("gifts.gift", name="Idea", contact_id=ana.id, occasion="thanks")
    panel = read(admin, "/list/gifts.gift/filter?step1=contact_id.")
    assert "lifecycle_stage" in [o["value"] for o in panel.select("#step2 option")]
    for text, expected in (
        ("contact.stage = customer and given_on = 2026", ["Book"]),
        ('given_on is empty and contact = "ana lima"', ["Idea"]),
        ("price between 12 and 13 or occasion = Thanks", ["Book", "Idea"]),
    ):
        page = read(admin, "/list/gifts.gift?where=" + quote(text))
        assert sorted(a.text for a in page.select("#rows th")) == expected, text
    assert names(read(admin, "/contacts?where=" + quote("gifts.last_on = 2026-01-05"))) == ["Ana Lima"]
    panel = read(admin, "/list/contact/filter?step1=gifts.last_on")
    assert panel.select_one("#op option[value=last]") is not None
