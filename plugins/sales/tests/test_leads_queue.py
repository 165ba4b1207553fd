"""The inbox of leads, a page at a time: everybody once, who waits first, whatever comes in meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app.sdk import Context
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..leads import queue, ready
from ..leads.choices import DISQUALIFIED, HOT, NEW, NURTURING, WORKING
from ..leads.models import Lead

AsRole = Callable[..., Person]
STATES = (NEW, NEW, WORKING, NURTURING, DISQUALIFIED)


@pytest.fixture
def ctx(make: Make) -> Context:
    made = make.ctx()
    ready.make_ready(made)
    return made


def filled(ctx: Context, owner: int, count: int = 120) -> None:
    """Store leads in all states, some with the same due time and the same score, half of them somebody's."""
    with ctx.unit():
        for n in range(count):
            state = STATES[n % len(STATES)]
            ctx.session.add(
                Lead(
                    name=f"Lead {n:03}",
                    status=state,
                    score=n % 7,
                    grade=HOT if n % 3 == 0 else "cold",
                    owner_id=owner if n % 2 else None,
                    respond_by=ctx.now + timedelta(hours=n % 9 - 4) if n % 4 else None,
                    first_contact_at=ctx.now if state == WORKING else None,
                )
            )


def all_pages(ctx: Context, scope: str, limit: int = 7, meanwhile: Any = None) -> list[Lead]:
    found: list[Lead] = []
    after, rounds = "", 0
    while True:
        page, after = queue.page(ctx, scope, after, limit)
        found += page
        rounds += 1
        if meanwhile and rounds == 1:
            meanwhile()
        if not after:
            return found
        assert len(page) == limit


@pytest.mark.parametrize("scope", ["mine", "free", "hot", "late", "all"])
def test_each_view_shows_everybody_once_and_counts_them(ctx: Context, make: Make, scope: str) -> None:
    user = make.user("manager")
    filled(ctx, user.id)
    mine = make.ctx(user)
    found = all_pages(mine, scope)
    assert len(found) > 7
    assert len({lead.id for lead in found}) == len(found) == queue.counts(mine)[scope]
    assert [lead.id for lead in found] == [lead.id for lead in queue.page(mine, scope, "", 500)[0]]
    assert DISQUALIFIED not in {lead.status for lead in found}


def test_who_waits_for_a_first_answer_comes_first_then_the_latest(ctx: Context, make: Make) -> None:
    filled(ctx, make.user().id)
    found = all_pages(ctx, "all")
    waits = [
        lead.status != NURTURING and not lead.first_contact_at and bool(lead.respond_by) for lead in found
    ]
    number = waits.count(True)
    assert 0 < number < len(found)
    assert waits == [True] * number + [False] * (len(found) - number)
    due = [lead.respond_by for lead in found[:number]]
    assert due == sorted(due, key=lambda at: at or ctx.now)
    rest = [lead.id for lead in found[number:]]
    assert rest == sorted(rest, reverse=True)
    scores = [lead.score for lead in all_pages(ctx, "hot")]
    assert scores == sorted(scores, reverse=True)


def test_what_comes_in_between_two_pages_moves_nobody_out_of_sight(ctx: Context, make: Make) -> None:
    filled(ctx, make.user().id, 60)
    before = {lead.id for lead in queue.page(ctx, "all", "", 500)[0]}

    def urgent() -> None:
        with ctx.unit():
            ctx.session.add(Lead(name="Urgent", status=NEW, respond_by=ctx.now - timedelta(days=3)))

    seen = [lead.id for lead in all_pages(ctx, "all", meanwhile=urgent)]
    assert sorted(seen) == sorted(before)


@pytest.mark.parametrize("after", ["w", "x1_2", "w1", "wa_b", "r_9", "h-1_-1", "w" + "9" * 40 + "_1", "0"])
def test_a_place_that_is_none_begins_anew(ctx: Context, as_role: AsRole, after: str) -> None:
    filled(ctx, as_role("rep").user.id, 20)  # type: ignore[union-attr]
    assert (
        as_role("admin").get("/sales/leads", query_string={"view": "all", "after": after}).status_code == 200
    )
    assert queue.page(ctx, "all", after)[0]


def test_the_inbox_goes_on_where_it_was_cut(ctx: Context, as_role: AsRole, make: Make, queries: Any) -> None:
    filled(ctx, make.user().id)
    person = as_role("admin")
    first: Any = soup(person.get("/sales/leads?view=all"))
    with queries() as seen:
        second: Any = soup(person.get(first.select_one("a.more")["href"]))
    names = [[a.bdi.get_text() for a in page.select("#leads .hit")] for page in (first, second)]
    assert [len(page) for page in names] == [30, 30]
    assert not set(names[0]) & set(names[1])
    assert len(seen) <= 8, seen


@pytest.mark.parametrize(
    ("part", "narrowed", "index"),
    [
        ("w", "1 = 1", "ix_sales_lead_waiting"),
        ("w", "owner_id = 1", "ix_sales_lead_waiting_of"),
        ("r", "1 = 1", "ix_sales_lead_kept"),
        ("r", "owner_id = 1", "ix_sales_lead_kept_of"),
        ("h", "1 = 1", "ix_sales_lead_hot"),
    ],
)
def test_each_part_of_the_queue_is_read_by_its_index(
    ctx: Context, part: str, narrowed: str, index: str
) -> None:
    if ctx.session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table as a whole")
    found = queue.PARTS[part]
    query = (
        select(Lead.id).where(Lead.deleted_at.is_(None), found.where, text(narrowed)).order_by(*found.order)
    )
    sql = str(query.compile(ctx.session.get_bind(), compile_kwargs={"literal_binds": True}))
    plan = " ".join(row[3] for row in ctx.session.execute(text(f"EXPLAIN QUERY PLAN {sql} LIMIT 31")))
    assert f"INDEX {index} " in f"{plan} "
    assert "TEMP B-TREE" not in plan
