"""Lists by several fields and in groups: every row once, whatever is missing, equal or turned round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.kernel.context import Context
from app.services import listing, listing_rows, listing_sorts
from app.services.listing import Asked
from app.testing.factories import Make


def walk(ctx: Context, entity: str = "contact", size: int = 3, **asked: Any) -> list[int]:
    """The ids of a whole list, read in small pages."""
    found: list[int] = []
    after = ""
    while True:
        page = listing.page(ctx, entity, Asked(size=size, after=after, **asked))
        found += [row.id for row in page.rows]
        if page.next is None:
            return found
        after = page.next


def backwards(ctx: Context, entity: str, last: str, **asked: Any) -> list[int]:
    """The ids before a cursor, read in small pages from there to the beginning."""
    found: list[int] = []
    before = last
    while before:
        page = listing.page(ctx, entity, Asked(size=2, before=before, **asked))
        found = [row.id for row in page.rows] + found
        before = page.previous or ""
    return found


@pytest.fixture
def people(make: Make) -> list[Any]:
    """Contacts with owners, companies, stages and sources, many of them equal or missing."""
    zoe, abel = (make.user("administrator", name=name) for name in ("Zoë", "abel"))
    company = make.company(name="Brandt")
    stages = ("lead", "customer", "", "lead", "customer", "", "lead", "former")
    return [
        make.contact(
            family_name=f"N{n % 3}",
            lifecycle_stage=stage,
            source=("", "web", "Fair")[n % 3],
            owner=(zoe, abel, None)[n % 3],
            email=f"{'zyx'[n % 3]}{n}@example.org",
            **({"affiliations": [{"company_id": company.id, "title": "T"}]} if n % 2 else {}),
        )
        for n, stage in enumerate(stages)
    ]


ORDERS = [
    "source,-name",
    "-source,name",
    "owner_id,-created_at",
    "-owner_id,lifecycle_stage,-name",
    "lifecycle_stage,-owner_id,source",
    "company,-name",
    "-emails",
    "-last_interaction_at,name,-source,emails,created_at",
]


@pytest.mark.parametrize("sort", ORDERS)
def test_every_row_stands_on_one_page_in_one_order(sort: str, people: list[Any], make: Make) -> None:
    ctx = make.ctx()
    ids = walk(ctx, sort=sort)
    whole = listing.page(ctx, "contact", Asked(sort=sort))
    assert sorted(ids) == sorted(p.id for p in people)
    assert ids == [row.id for row in whole.rows]
    end = listing.page(ctx, "contact", Asked(sort=sort, size=6))
    assert backwards(ctx, "contact", str(listing_rows.cursor(end.sort, end.rows[-1])), sort=sort) == ids[:5]


@pytest.mark.parametrize("sort", [None, *ORDERS[:3]])
@pytest.mark.parametrize(
    "group", ["lifecycle_stage", "owner_id", "source", "created_at", "last_interaction_at"]
)
def test_groups_hold_every_row_once_and_stand_together(
    group: str, sort: str | None, people: list[Any], make: Make
) -> None:
    ctx = make.ctx()
    ids = walk(ctx, group=group, sort=sort or "")
    page = listing.page(ctx, "contact", Asked(group=group, sort=sort or ""))
    assert page.grouping is not None
    assert sorted(ids) == sorted(p.id for p in people)
    assert sum(g.count for g in page.groups) == page.count == len(people)


def test_sorting_by_a_reference_sorts_by_its_name(people: list[Any], make: Make) -> None:
    page = listing.page(make.ctx(), "contact", Asked(sort="owner_id", columns=("name", "owner_id")))
    names = [page.names.get(("user", row.owner_id), "") for row in page.rows]
    assert list(dict.fromkeys(names)) == ["", "abel", "Zoë"]


def test_groups_are_folded_by_their_identity(people: list[Any], make: Make) -> None:
    ctx = make.ctx()
    groups = listing.page(ctx, "contact", Asked(group="lifecycle_stage")).groups
    assert [(g.text, g.count) for g in groups] == [("lead", 3), ("customer", 2), ("former", 1), (".", 2)]
    shut = listing.page(ctx, "contact", Asked(group="lifecycle_stage", shut=("lead", ".")))
    assert {row.lifecycle_stage for row in shut.rows} == {"customer", "former"}
    assert len(shut.groups) == 4
    opened = listing.page(ctx, "contact", Asked(group="lifecycle_stage", opened=("former",)))
    assert {row.lifecycle_stage for row in opened.rows} == {"former"}
    assert listing.page(ctx, "contact", Asked(group="lifecycle_stage", opened=())).rows == []


def test_a_page_within_groups_says_in_which_it_goes_on(people: list[Any], make: Make) -> None:
    ctx = make.ctx()
    first = listing.page(ctx, "contact", Asked(group="lifecycle_stage", size=2))
    second = listing.page(ctx, "contact", Asked(group="lifecycle_stage", size=2, after=str(first.next)))
    assert (first.resumed, second.resumed) == (None, "lead")


def test_days_are_grouped_as_the_reader_lives_them(make: Make) -> None:
    ctx = make.ctx()
    today = ctx.now.astimezone(ctx.zone).date()
    for days in (-400, -1, 0, 1, 300):
        make("task", summary=f"T{days}", due_on=(today + timedelta(days=days)).isoformat())
    make("task", summary="Some day")
    page = listing.page(ctx, "task", Asked(group="due_on", sort="due_on"))
    assert page.grouping is not None
    labels = [page.grouping.label(g.identity) for g in page.groups]
    assert labels[1:] == ["Yesterday", "Today", "Tomorrow", "Later", "Someday"]
    assert labels[0] == str(today.year - 1) or labels[0] == str((today - timedelta(days=400)).year)
    assert [row.summary for row in page.rows] == ["T-400", "T-1", "T0", "T1", "T300", "Some day"]


def test_a_large_list_is_sorted_by_an_index_or_says_that_it_is_too_large(
    people: list[Any], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "CAP", 5)
    ctx = make.ctx()
    by_name = listing.page(ctx, "contact", Asked(sort="-name"))
    assert (by_name.sort.name, by_name.refused) == ("-name", False)
    then = listing.page(ctx, "contact", Asked(sort="-name,source"))
    assert (then.sort.name, then.refused) == ("-name", True)
    grouped = listing.page(ctx, "contact", Asked(group="source"))
    assert (grouped.grouping, grouped.groups) == (None, ())
    assert "10,000" in grouped.crowded


def test_a_list_begins_at_a_day(make: Make) -> None:
    for day in ("2026-01-05", "2026-02-05", "2026-03-05"):
        make("task", summary=day, due_on=day)
    ctx = make.ctx()
    page = listing.page(ctx, "task", Asked(sort="due_on", start="2026-02-01"))
    assert [row.summary for row in page.rows] == ["2026-02-05", "2026-03-05"]
    assert page.previous is not None
    down = listing.page(ctx, "task", Asked(sort="-due_on", start="2026-02-10"))
    assert [row.summary for row in down.rows] == ["2026-02-05", "2026-01-05"]
    for start in ("soon", "9999-12-31", "0001-01-01"):
        assert len(listing.page(ctx, "task", Asked(sort="-created_at", start=start)).rows) in (0, 3)
    assert len(listing.page(ctx, "task", Asked(sort="due_on", start="soon")).rows) == 3


def test_any_set_of_columns_orders_and_groups_costs_at_most_ten_statements(
    people: list[Any], make: Make, queries: Callable[[], Any]
) -> None:
    user = make.user("administrator", team="north")
    ctx = make.ctx(user)
    every = tuple(f.key for f in listing.columns(ctx, "contact", listing_sorts.sortable(ctx, "contact")))
    most = ("name", "lifecycle_stage", "emails", "phones", "company", "title", "tags", "owner_id", "team_id")
    for columns in (every, most):
        for group in ("", "owner_id", "team_id"):
            with queries() as seen:
                listing.page(ctx, "contact", Asked(columns=columns, group=group, sort="-owner_id,company"))
            assert len(seen) <= 9, (columns, group, len(seen))


def test_a_hidden_field_is_neither_a_group_nor_a_second_key(people: list[Any], make: Make) -> None:
    from dataclasses import replace

    ctx = make.ctx(make.user("administrator"))
    ctx.user = replace(ctx.user, hidden=frozenset({"contact.source"}), memo={})
    page = listing.page(
        ctx, "contact", Asked(sort="-name,source", group="source", columns=("name", "source"))
    )
    assert (page.sort.name, page.grouping) == ("-name", None)
    assert [f.key for f in page.fields] == ["name"]
