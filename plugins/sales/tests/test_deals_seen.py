"""Who sees which deals: the own team's as the role says, or only the own where the settings say so, in every place.

A list, a board and its totals, a calendar, the forecast with its sums, its records and its file, exports, goals, quotes
and the search: none of them tells of a deal that its reader does not see.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.sdk.models import User
from app.sdk.services import acting, settings
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..goals import activity
from ..quotes import content
from ..quotes.models import Quote
from .deals_as_rows import Selling

AMOUNTS = {"Aldra": "100", "Rovia": "2000", "Kelvo": "30000"}
"""Deals, each of one person, and their amounts: every sum of them is another number."""

SEEN: list[tuple[str, str, tuple[str, ...]]] = [
    ("rep", "role", ("Aldra", "Rovia")),
    ("rep", "own", ("Aldra",)),
    ("manager", "own", ("Aldra", "Rovia", "Kelvo")),
]
"""Role, what the settings say representatives see, and the deals that somebody of that role in the north sees."""


@pytest.fixture
def selling(make: Make) -> Selling:
    return Selling(make)


@pytest.fixture
def people(make: Make, selling: Selling) -> dict[str, User]:
    """Whose each deal is: two of the north, one of the south; with a quote each, decided on this very day."""
    found = {
        name: make.user("rep", team="South" if name == "Kelvo" else "North", name=f"Ms {name}")
        for name in AMOUNTS
    }
    ctx, today = make.ctx(), make.ctx().now.date().isoformat()
    for name, amount in AMOUNTS.items():
        deal = selling.deal(amount, on=today, opened_on=today, name=name, owner=found[name])
        with acting(make.ctx(found[name])):
            content.from_deal(make.ctx(found[name]), deal)
    activity.save(ctx, user_id=None, role="", metric="deals", unit_="month", target=2)
    return found


@pytest.fixture(params=SEEN, ids=[f"{role}-{setting}" for role, setting, _seen in SEEN])
def sight(
    request: pytest.FixtureRequest, make: Make, people: dict[str, User], as_user: Callable[[Any], Person]
) -> tuple[Person, set[str]]:
    """Somebody who may export, and the deals that he sees."""
    role, setting, seen = request.param
    ctx = make.ctx()
    with acting(ctx):
        settings.save(ctx, {"deals_seen": setting}, owner="sales")
    let_export(as_user(make.user("admin")))
    reader = people["Aldra"] if role == "rep" else make.user(role, team="North")
    return as_user(reader), set(seen)


def let_export(admin: Person) -> None:
    """Let representatives export what their team has, as an administrator does it."""
    selects = soup(admin.get("/admin/roles/representative")).select("main form select")
    given = {str(s["name"]): s.select_one("option[selected]") for s in selects}
    sent = {name: str(one["value"]) if one else "" for name, one in given.items()}
    sent |= {f"g.{entity}.export": "team" for entity in ("sales.deal", "sales.quote")}
    assert admin.post("/admin/roles/representative", sent).status_code == 303


def told(text: str) -> set[str]:
    """Return the deals that a text names."""
    return {name for name in AMOUNTS if name in text.replace("Ms ", "Ms_").replace(f"Ms_{name}", "")}


def total(names: set[str]) -> int:
    return sum(int(AMOUNTS[name]) for name in names)


def month(day: date) -> str:
    return f"/sales/calendar?month={day:%Y-%m}&day={day.isoformat()}"


def quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def test_lists_boards_calendars_and_the_search_name_no_other(
    sight: tuple[Person, set[str]], make: Make, selling: Selling, run_jobs: Callable[[], int]
) -> None:
    person, seen = sight
    day = make.ctx().now.date()
    run_jobs()
    for path in (
        "/list/sales.deal?view=all",
        "/list/sales.quote?view=all",
        f"/sales/board/{selling.pipeline_id}",
        month(day),
    ):
        assert told(person.get(path).text) == seen, path
    for name in AMOUNTS:
        found: Any = soup(person.get(f"/search?q={name}"))
        assert bool(found.select('main a[href*="/sales/quotes/"]')) == (name in seen)


def test_totals_are_those_of_what_is_seen(
    sight: tuple[Person, set[str]], make: Make, selling: Selling
) -> None:
    person, seen = sight
    board: Any = soup(person.get(f"/sales/board/{selling.pipeline_id}"))
    assert board.select_one("#totals .big").get_text() == f"€{total(seen):,}"

    period = quarter(make.ctx().now.date())
    page: Any = soup(person.get(f"/sales/forecast/?period={period}"))
    row = page.select_one("#forecast tfoot tr") or page.select("#forecast tr")[-1]
    assert f"{total(seen):,}" in row.get_text(" ")
    file = person.get(f"/sales/forecast/?period={period}&format=csv").text
    assert {name for name, amount in AMOUNTS.items() if f"{amount}.00" in file.split(",")} == seen
    behind = {link["href"] for link in row.select("a[href]")}
    assert behind
    assert all(told(person.get(str(href)).text) <= seen for href in behind)
    assert set().union(*(told(person.get(str(href)).text) for href in behind)) == seen


def test_exports_hold_what_is_seen(sight: tuple[Person, set[str]]) -> None:
    person, seen = sight
    for entity in ("sales.deal", "sales.quote"):
        answer = person.get(f"/export/{entity}?format=csv&fields=shown&view=all")
        assert answer.mimetype == "text/csv"
        assert told(answer.get_data(as_text=True)) == seen, entity


def test_goals_count_what_is_seen(
    sight: tuple[Person, set[str]], make: Make, people: dict[str, User], app: Flask
) -> None:
    person, seen = sight
    with app.test_request_context(), acting(make.ctx(person.user)) as reader:
        done = activity.progress(reader, [user.id for user in people.values()])
    names = {user.id: name for name, user in people.items()}
    assert {names[one.user_id] for one in done if one.done} == seen


def test_quotes_of_deals_that_are_not_seen_are_not_there(sight: tuple[Person, set[str]], make: Make) -> None:
    person, seen = sight
    quotes = make.ctx().session.execute(select(Quote.id, Quote.name)).all()
    assert len(quotes) == len(AMOUNTS)
    for number, name in quotes:
        answer = person.get(f"/sales/quotes/{number}")
        assert answer.status_code == (200 if told(name) <= seen else 404)
