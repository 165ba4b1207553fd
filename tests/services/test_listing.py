"""Lists: every row once, in order, on pages that cost the same whatever they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import cursors, listing, records
from app.services.context import acting
from app.services.listing import Asked
from app.services.listing_filters import parse
from app.testing.factories import Make

FAMILIES = ["Abel", "Berg", "Berg", "Cruz", "Černý", "Dahl", "Élie", "Foss", "Gil", "Öz"]


@pytest.fixture
def people(make: Make) -> list[Any]:
    """Ten contacts, two of one name, some with letters that sort by their base."""
    return [make.contact(given_name=f"N{n % 2}", family_name=name) for n, name in enumerate(FAMILIES)]


def walk(ctx: Context, entity: str = "contact", **asked: Any) -> list[int]:
    """The ids of a whole list, read in pages of three."""
    found: list[int] = []
    after = ""
    while True:
        page = listing.page(ctx, entity, Asked(size=3, after=after, **asked))
        found += [row.id for row in page.rows]
        if page.next is None:
            return found
        after = page.next


@pytest.mark.parametrize(
    "sort", ["name", "-name", "created_at", "-last_interaction_at", "lifecycle_stage", "-source"]
)
def test_every_row_stands_on_one_page(sort: str, people: list[Any], make: Make) -> None:
    ids = walk(make.ctx(), sort=sort)
    assert sorted(ids) == sorted(p.id for p in people)
    assert ids == [row.id for row in listing.page(make.ctx(), "contact", Asked(sort=sort)).rows]


def test_names_sort_by_family_without_accents(people: list[Any], make: Make) -> None:
    rows = listing.page(make.ctx(), "contact", Asked()).rows
    assert [row.family_name for row in rows] == [
        "Abel", "Berg", "Berg", "Černý", "Cruz", "Dahl", "Élie", "Foss", "Gil", "Öz",
    ]  # fmt: skip


def test_back_leads_to_where_one_came_from(people: list[Any], make: Make) -> None:
    ctx = make.ctx()
    first = listing.page(ctx, "contact", Asked(size=4))
    second = listing.page(ctx, "contact", Asked(size=4, after=str(first.next)))
    again = listing.page(ctx, "contact", Asked(size=4, before=str(second.previous)))
    assert [r.id for r in again.rows] == [r.id for r in first.rows]
    assert (first.previous, again.previous, again.next) == (None, None, first.next)


def test_a_page_goes_on_where_it_stopped_though_rows_came_and_went(people: list[Any], make: Make) -> None:
    ctx = make.ctx()
    first = listing.page(ctx, "contact", Asked(size=3))
    make.contact(given_name="A", family_name="Aaa")
    with acting(ctx):
        records.trash(ctx, "contact", [first.rows[-1].id])
    rest = walk(ctx)[1:]
    after = listing.page(ctx, "contact", Asked(after=str(first.next))).rows
    assert [r.id for r in after] == rest[2:]


def test_a_letter_leads_into_the_list(people: list[Any], make: Make) -> None:
    page = listing.page(make.ctx(), "contact", Asked(start="D"))
    assert [row.family_name for row in page.rows][:2] == ["Dahl", "Élie"]
    assert page.previous is not None


def test_somebody_elses_cursor_is_no_way_in(people: list[Any], make: Make) -> None:
    ctx = make.ctx()
    forged = listing.page(ctx, "contact", Asked(size=2, after="WyJuYW1lIiwieiIsOV0.abc"))
    assert forged.rows[0].family_name == "Abel"
    assert cursors.read("name", cursors.write("-name", "berg", 2)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stage:is:customer", {"Vip"}),
        ("stage:not:customer", {"Other", "Third"}),
        ("stage:is:customer,lead", {"Vip", "Third"}),
        ("tag:is:Großkunde", {"Vip"}),
        ("tag:not:grosskunde", {"Other", "Third"}),
        ("family_name:has:HIR", {"Third"}),
        ("company:is:1", {"Other"}),
        ("owner:is:none", {"Other", "Third", "Vip"}),
        ("owner:is:me", set()),
        ("created_at:after:-1d", {"Other", "Third", "Vip"}),
        ("created_at:before:2020-01-01", set()),
    ],
)
def test_filters(text: str, expected: set[str], make: Make) -> None:
    company = make.company()
    make.contact(family_name="Vip", lifecycle_stage="customer", tags=["großkunde"])
    make.contact(family_name="Other", affiliations=[{"company_id": company.id, "title": ""}])
    make.contact(family_name="Third", lifecycle_stage="lead")
    ctx = make.ctx(make.user("administrator"))
    page = listing.page(ctx, "contact", Asked(filters=(parse(text),)))
    assert {row.family_name for row in page.rows} == expected
    assert page.count == len(expected)


@pytest.mark.parametrize(
    "text",
    ["owner", "owner:like:me", "nothing:is:1", "name:before:x", "created_at:is:soon"],
)
def test_a_wrong_filter_is_answered_with_a_sentence(text: str, make: Make) -> None:
    with pytest.raises(Invalid, match=r"\w+ \w+"):
        listing.page(make.ctx(), "contact", Asked(filters=(parse(text),)))


def test_quick_search_narrows_the_list(people: list[Any], make: Make) -> None:
    page = listing.page(make.ctx(), "contact", Asked(q="berg"))
    assert ([row.family_name for row in page.rows], page.count) == (["Berg", "Berg"], 2)


def test_others_records_are_neither_shown_nor_counted(make: Make) -> None:
    north, south = make.user("representative", team="north"), make.user("representative", team="south")
    make.contact(family_name="N", owner=north, team="north")
    make.contact(family_name="S", owner=south, team="south")
    ctx = make.ctx(north)
    page = listing.page(ctx, "contact", Asked())
    assert ([row.family_name for row in page.rows], page.count) == (["N"], 1)


def test_a_page_of_many_costs_as_many_statements_as_a_page_of_few(
    make: Make, queries: Callable[[], Any]
) -> None:
    company, owner = make.company(), make.user("administrator")

    def fill(number: int) -> None:
        for n in range(number):
            make.contact(
                family_name=f"F{n}",
                owner=owner,
                phone="+36301234567",
                email=f"f{n}@example.org",
                tags=["x"],
                affiliations=[{"company_id": company.id, "title": "T"}],
            )

    def cost() -> int:
        ctx = make.ctx(owner)
        with queries() as seen:
            listing.page(
                ctx, "contact", Asked(columns=("name", "emails", "phones", "company", "tags", "owner_id"))
            )
        return len(seen)

    fill(1)
    cost()  # names of colleagues are remembered from now on
    few = cost()
    fill(12)
    assert cost() == few <= 8


def test_nobody_sorts_by_a_hidden_field(people: list[Any], make: Make) -> None:
    ctx = make.ctx(make.user("administrator"))
    open_to_me = listing.page(ctx, "contact", Asked(sort="-source")).sort.name
    ctx.user = replace(ctx.user, hidden=frozenset({"contact.source"}), memo={})
    assert (open_to_me, listing.page(ctx, "contact", Asked(sort="-source")).sort.name) == ("-source", "name")
