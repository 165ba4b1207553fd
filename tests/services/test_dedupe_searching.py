"""The nightly search: what is found, what is compared again, what is forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.models import DuplicatePair, DuplicateSearch
from app.services import dedupe_searching, records
from app.services.context import as_system


def looked(ctx: Any, **more: Any) -> dedupe_searching.Search:
    """Look through all contacts as the job does."""
    return dedupe_searching.search(as_system("test"), "contact", **more)


def pairs(ctx: Any) -> list[tuple[int, int]]:
    ctx.session.rollback()
    query = select(DuplicatePair).where(DuplicatePair.entity == "contact").order_by(DuplicatePair.id)
    return [(row.left_id, row.right_id) for row in ctx.session.execute(query).scalars()]


def test_people_and_companies_are_found_with_score_and_reasons(make: Any) -> None:
    ctx = make.ctx()
    ana = make.contact(given_name="Ana", family_name="Sondergeld", phone="+351 912 345 678")
    again = make.contact(given_name="Anna", family_name="Sondergeld", phone="00351 912345678")
    make.contact(given_name="Rui", family_name="Brandão", phone="+351 912 000 111")
    acme = make.company(name="Brightwater Ltd", domains=["brightwater.example"])
    other = make.company(name="Brightwater", domains=["brightwater.example"])

    dedupe_searching.find(as_system("test"), {})

    ctx.session.rollback()
    found = {row.entity: row for row in ctx.session.execute(select(DuplicatePair)).scalars()}
    assert (found["contact"].left_id, found["contact"].right_id) == (ana.id, again.id)
    assert set(found["contact"].reasons.split()) >= {"phone", "name_near"}
    assert found["contact"].score > 85
    assert (found["company"].left_id, found["company"].right_id) == (acme.id, other.id)
    done = ctx.session.execute(
        select(DuplicateSearch).where(DuplicateSearch.entity == "contact")
    ).scalar_one()
    assert (done.records, done.found, done.whole) == (3, 1, True)


def test_only_what_changed_is_compared_again(make: Any, clock: Any) -> None:
    ctx = make.ctx()
    ana = make.contact(given_name="Ana", family_name="Sondergeld")
    make.contact(given_name="Ana", family_name="Sondergeld")
    clock.forward(hours=1)
    assert looked(ctx).compared == 1

    clock.forward(days=1)
    assert looked(ctx).compared == 0
    assert len(pairs(ctx)) == 1

    records.update(make.ctx(), "contact", ana.id, {"family_name": "Ramires"})
    clock.forward(days=1)
    looked(ctx)
    assert pairs(ctx) == []


def test_what_is_in_the_trash_is_no_duplicate_any_more(make: Any, clock: Any) -> None:
    ctx = make.ctx()
    make.contact(given_name="Ana", family_name="Sondergeld")
    second = make.contact(given_name="Ana", family_name="Sondergeld")
    looked(ctx)
    assert len(pairs(ctx)) == 1
    clock.forward(hours=1)
    records.trash(make.ctx(), "contact", [second.id])
    make.contact(given_name="Somebody", family_name="Else")
    looked(ctx)
    assert pairs(ctx) == []


def test_a_search_that_ran_out_of_time_keeps_what_it_found_and_starts_anew(make: Any) -> None:
    ctx = make.ctx()
    for n in range(40):
        make.contact(given_name="Ana", family_name="Sondergeld", note=str(n))
    cut = looked(ctx, limit=-1)
    assert not cut.whole
    assert cut.found == cut.compared == dedupe_searching.BATCH
    assert looked(ctx).compared == 40 * 39 // 2
