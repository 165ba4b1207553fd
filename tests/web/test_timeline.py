"""Timelines as pages and fragments: days, filters, folding, older entries, and what fails beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from app.kernel.contributions import TimelineEntry, TimelineKind
from app.kernel.hookspecs import Plugin, hookimpl
from app.services import interactions
from app.services.interactions import Entry
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def boss(as_role: Any) -> Person:
    return as_role("admin", name="Amina Farouk")


def logged(make: Make, contacts: Sequence[Any], hour: int = 0, **values: Any) -> int:
    by = values.pop("by", None)
    about = values.pop("about", ())
    values = {"kind": "note", "body": f"at {hour}", "occurred_at": START + timedelta(hours=hour), **values}
    entry = Entry(values=values, contacts=[c.id for c in contacts], users=[by.id] if by else [], about=about)
    return interactions.log(make.ctx(by), entry).id


def days(page: BeautifulSoup) -> list[tuple[str, list[str]]]:
    """Return the headings with the texts below them."""
    found: list[tuple[str, list[str]]] = []
    for item in page.select("#timeline > li:not(.lite), :scope > li:not(.lite)"):
        if "day" in item["class"] if item.has_attr("class") else False:
            found.append((item.text, []))
        elif found:
            found[-1][1].append(" ".join(item.select_one(".md").text.split()))
        else:
            found.append(("", [" ".join(item.select_one(".md").text.split())]))
    return found


def first_line(page: BeautifulSoup, entry: int) -> str:
    return " ".join(page.select_one(f"#i{entry} .tl-h > span").text.split())


def test_entries_stand_under_their_days_in_the_readers_zone(make: Make, as_role: Any) -> None:
    ana = make.contact()
    for hour in (0, 1, 30):  # 09:30 and 10:30 on the second, 15:30 on the third; in Tokyo nine hours later
        logged(make, [ana], hour)
    tokyo = as_role("admin", zone="Asia/Tokyo")

    assert days(soup(tokyo.get(f"/contacts/{ana.id}"))) == [
        ("Wednesday, March 4", ["at 30"]),
        ("Monday, March 2", ["at 1", "at 0"]),
    ]


def test_a_sentence_says_who_did_what_to_whom(make: Make, boss: Person) -> None:
    ana, bo = (
        make.contact(given_name="Ana", family_name="Lima"),
        make.contact(given_name="Bo", family_name="Dahl"),
    )
    more = [make.contact() for _ in range(3)]
    mate = make.user("admin", name="Jonas Lind")
    called = logged(make, [ana], 1, kind="call", direction="outbound", by=boss.user)
    came_in = logged(make, [ana], 2, kind="call", direction="inbound", by=boss.user)
    theirs = logged(make, [ana], 3, kind="email", direction="inbound", by=mate)
    met = logged(make, [ana, bo, *more], 4, kind="meeting", by=mate)
    note = logged(make, [ana], 5, by=boss.user)
    page = soup(boss.get(f"/contacts/{ana.id}"))

    assert first_line(page, called) == "You called Ana Lima"
    assert first_line(page, came_in) == "Ana Lima called you"
    assert first_line(page, theirs) == "Ana Lima e-mailed Jonas Lind"
    assert first_line(page, met).startswith("Jonas Lind met Ana Lima, Bo Dahl,")
    assert first_line(page, met).endswith("and 2 others")
    assert first_line(page, note) == "You left a note"


def test_older_entries_join_below_without_a_second_heading_and_once_each(make: Make, boss: Person) -> None:
    ana = make.contact()
    for n in range(120):
        logged(make, [ana], 0, body=f"text {n}", occurred_at=START + timedelta(minutes=n))
    page = soup(boss.get(f"/contacts/{ana.id}"))
    texts = [t for _day, found in days(page) for t in found]
    more = page.select_one("#older a")
    while more is not None:
        part = fragment(boss.get(more["href"], htmx=True))
        assert part.select_one("li.day") is None
        assert part.find("li").has_attr("autofocus")
        texts += [
            li.select_one(".md").text.strip()
            for li in part.find_all("li", recursive=False)
            if li.select_one(".md")
        ]
        more = part.select_one("#older a")

    assert texts == [f"text {n}" for n in reversed(range(120))]


def test_without_a_script_older_entries_are_a_page(make: Make, boss: Person) -> None:
    ana = make.contact()
    for n in range(60):
        logged(make, [ana], n)

    page = soup(boss.get(soup(boss.get(f"/contacts/{ana.id}")).select_one("#older a")["href"]))

    assert page.select_one("main") is not None
    assert len(page.select("#timeline > li .md")) == 10


def test_all_filters_work_on_the_page_of_the_timeline_and_are_kept(make: Make, boss: Person) -> None:
    ana = make.contact()
    wanted = logged(make, [ana], 48, kind="call", body="The roof of the harbour", by=boss.user)
    logged(make, [ana], 48, kind="call", body="Something else", by=boss.user)
    logged(make, [ana], 48, body="roof", by=boss.user)
    logged(make, [ana], 480, kind="call", body="roof", by=boss.user)
    logged(make, [ana], 48, kind="call", body="roof")
    query = f"q=roof&kind=call&author={boss.user.id}&since=2026-03-04&until=2026-03-04"

    page = soup(boss.get(f"/timeline/contact/{ana.id}?{query}"))

    assert [li["id"] for li in page.select("#timeline > li[id]")] == [f"i{wanted}"]
    assert page.select_one("[name=q]")["value"] == "roof"
    assert page.select_one("[name=until]")["value"] == "2026-03-04"
    assert page.select_one("[name=author] [selected]").text == "Amina Farouk"
    assert page.select_one("[name=kind] [selected]")["value"] == "call"


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=1_",
        "after=-99999999999999999_1",
        "since=never",
        "author=x",
        "kind=%00",
        "after=9_" + "9" * 40,
    ],
)
def test_an_address_that_is_none_of_ours_shows_the_list(make: Make, boss: Person, query: str) -> None:
    assert boss.get(f"/timeline/contact/{make.contact().id}?{query}").status_code == 200


def test_a_timeline_of_what_is_not_there_is_404(make: Make, as_role: Any) -> None:
    rep, theirs = as_role("rep", team="north"), make.contact(team="south")

    assert rep.get(f"/timeline/contact/{theirs.id}").status_code == 404
    assert rep.get("/timeline/nothing/1").status_code == 404


def test_the_last_line_tells_who_wrote_the_record_down(make: Make, boss: Person) -> None:
    ana = make.contact(owner=boss.user)
    logged(make, [ana])
    last = soup(boss.get(f"/contacts/{ana.id}")).select("#timeline > li")[-1]

    assert last.text.strip() == "Created by you, today"
    assert soup(boss.get(f"/timeline/contact/{ana.id}?kind=call")).select("#timeline > li") == []


def test_a_long_text_is_cut_and_whole_on_its_own_page(make: Make, boss: Person) -> None:
    ana = make.contact()
    entry = logged(make, [ana], body="word " * 400 + "**end**")

    assert "end" not in soup(boss.get(f"/contacts/{ana.id}")).select_one(f"#i{entry} .md").text
    assert soup(boss.get(f"/interactions/{entry}")).select_one(".md strong").text == "end"


def test_hidden_fields_and_records_out_of_sight_are_not_shown(make: Make, as_role: Any) -> None:
    rep = as_role("rep", team="north")
    ana, firm = make.contact(team="north"), make.company(team="south", name="Secret Ltd")
    hidden = make.contact(team="south", given_name="Secret", family_name="Person")
    entry = logged(make, [ana, hidden], about=[("company", firm.id)])

    for path in (f"/contacts/{ana.id}", f"/interactions/{entry}", f"/timeline/contact/{ana.id}"):
        assert "Secret" not in rep.get(path).get_data(as_text=True)


KEPT: list[TimelineEntry] = []


def source(ctx: Any, contacts: Any, before: Any, limit: int) -> list[TimelineEntry]:
    if not KEPT:
        raise RuntimeError("on purpose")
    return KEPT[:limit]


class Moves(Plugin):
    """Keeps moves of a deal."""

    name = "moves"
    label = "Moves"

    @hookimpl
    def kith_timeline(self) -> Sequence[TimelineKind]:
        return [TimelineKind(name="move", label="Move", icon="arrow-right", tone="deal", source=source)]


@pytest.fixture
def moves(app: Flask) -> Iterator[list[TimelineEntry]]:
    KEPT.clear()
    with temporary_plugin(app, Moves):
        yield KEPT


def move(hour: int) -> TimelineEntry:
    at = START + timedelta(hours=hour)
    return TimelineEntry(
        at=at, key=f"{hour}", kind="moves.move", title=f"move {hour} <b>", url="/x", lite=True
    )


def test_three_machine_entries_in_a_row_are_one_line(
    make: Make, boss: Person, moves: list[TimelineEntry]
) -> None:
    ana = make.contact()
    logged(make, [ana], 5)
    moves += [move(8), move(7), move(6), move(2), move(1)]

    page = soup(boss.get(f"/contacts/{ana.id}"))

    folded = page.select("#timeline > li.lite details")
    assert [f.summary.text.strip() for f in folded] == ["3 changes"]
    assert [li.a.text for li in folded[0].select("li")] == ["move 8 <b>", "move 7 <b>", "move 6 <b>"]
    assert [li.a.text for li in page.select("#timeline > li.lite:not(:has(details, > time))")] == [
        "move 2 <b>",
        "move 1 <b>",
    ]


def test_a_plugin_that_fails_leaves_a_card_and_our_entries(
    make: Make, boss: Person, moves: list[TimelineEntry]
) -> None:
    ana = make.contact()
    entry = logged(make, [ana])
    answer = boss.get(f"/contacts/{ana.id}")

    assert answer.status_code == 200
    assert soup(answer).select_one(f"#i{entry}") is not None
    assert "moves" in soup(answer).select_one("#tl .broken").text


class Drawn(Plugin):
    """Draws its entries itself, and cannot."""

    name = "drawn"
    label = "Drawn"

    @hookimpl
    def kith_timeline(self) -> Sequence[TimelineKind]:
        kind = TimelineKind(
            name="visit", label="Visit", icon="map-pin", template="drawn/nowhere.html", loggable=True
        )
        return [kind]


def test_an_entry_that_its_plugin_cannot_draw_is_a_card_with_its_name(
    app: Flask, make: Make, boss: Person
) -> None:
    ana = make.contact()
    with temporary_plugin(app, Drawn):
        entry = logged(make, [ana], kind="drawn.visit", body="secret")
        answer = boss.get(f"/contacts/{ana.id}")
        assert answer.status_code == 200
        assert "drawn" in soup(answer).select_one(f"#i{entry} .broken").text
    assert "secret" in soup(boss.get(f"/contacts/{ana.id}")).select_one(f"#i{entry} .md").text


def test_the_page_of_a_contact_asks_as_much_for_500_entries_as_for_5(
    make: Make, boss: Person, queries: Any
) -> None:
    firm = make.company()
    few, many = (make.contact(affiliations=[{"company_id": firm.id}]) for _ in range(2))
    for n in range(5):
        logged(make, [few], n, by=boss.user)
    for n in range(60):
        logged(make, [many], n, by=boss.user)
    counts = []
    for contact in (few, many):
        boss.get(f"/timeline/contact/{contact.id}")
        with queries() as seen:
            boss.get(f"/timeline/contact/{contact.id}", htmx=True)
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 8
