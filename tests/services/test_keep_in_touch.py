"""Keeping in touch: which rule holds, the day that follows from it, who is due and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app.kernel.errors import Invalid, NotAllowed
from app.models import SOMEDAY, Contact, Tag
from app.services import context, interactions, keep_in_touch, records, tasks
from app.services.context import acting
from app.services.interactions import Entry
from app.services.keep_in_touch import Rules
from app.testing.factories import Make, frozen

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def turn(to: datetime) -> None:
        monkeypatch.setattr(context, "clock", frozen(to))

    turn(NOON)
    return turn


def day(make: Make, contact: Any) -> str:
    session = make.ctx().session
    return str(session.execute(select(Contact.keep_in_touch_on).where(Contact.id == contact.id)).scalar_one())


def tag(make: Make, name: str) -> int:
    return make.ctx().session.execute(select(Tag.id).where(Tag.name == name)).scalar_one()


def talk(make: Make, contact: Any, at: datetime, user: Any = None) -> Any:
    ctx = make.ctx(user)
    with acting(ctx):
        values = {"kind": "call", "body": "x", "occurred_at": at}
        return interactions.log(ctx, Entry(values=values, contacts=(contact.id,)))


def test_a_rule_of_one_s_own_counts_from_the_last_contact(make: Make, clock: Any) -> None:
    ana = make.contact(keep_in_touch_days=30)
    assert day(make, ana) == "2026-12-23"

    first = talk(make, ana, NOON - 10 * DAY)
    assert day(make, ana) == "2026-12-13"
    talk(make, ana, NOON - 40 * DAY)
    assert day(make, ana) == "2026-12-13"

    records.trash(make.ctx(), "interaction", [first.id])
    assert day(make, ana) == "2026-11-13"
    records.update(make.ctx(), "contact", ana.id, {"keep_in_touch_days": None})
    assert day(make, ana) == SOMEDAY
    records.update(make.ctx(), "contact", ana.id, {"keep_in_touch_days": 0})
    assert day(make, ana) == SOMEDAY


def test_one_s_own_rule_wins_over_tags_and_these_over_the_stage(
    make: Make, clock: Any, run_jobs: Callable[[], int]
) -> None:
    vip = make.contact(tags=["VIP", "Golf"], lifecycle_stage="customer")
    own = make.contact(tags=["VIP"], lifecycle_stage="customer", keep_in_touch_days=7)
    plain = make.contact(lifecycle_stage="customer")
    other = make.contact(lifecycle_stage="lead")
    wanted = Rules(stages={"customer": 90}, tags={tag(make, "VIP"): 14, tag(make, "Golf"): 60})
    keep_in_touch.save_rules(make.ctx(), wanted)
    run_jobs()

    assert day(make, vip) == "2026-12-07"
    assert day(make, own) == "2026-11-30"
    assert day(make, plain) == "2027-02-21"
    assert day(make, other) == SOMEDAY

    records.update(make.ctx(), "contact", vip.id, {"tags": []})
    records.update(make.ctx(), "contact", other.id, {"tags": ["VIP"]})
    records.update(make.ctx(), "contact", plain.id, {"lifecycle_stage": "lead"})
    assert day(make, vip) == "2027-02-21"
    assert day(make, other) == "2026-12-07"
    assert day(make, plain) == SOMEDAY
    assert day(make, make.contact(lifecycle_stage="customer")) == "2027-02-21"


def test_who_is_due_comes_latest_first_with_the_reason_in_words(make: Make, clock: Any) -> None:
    rep = make.user()
    clock(NOON - 100 * DAY)
    never = make.contact(owner=rep, keep_in_touch_days=30)
    late = make.contact(owner=rep, keep_in_touch_days=30)
    soon = make.contact(owner=rep, keep_in_touch_days=30)
    clock(NOON)
    talk(make, late, NOON - 44 * DAY)
    talk(make, soon, NOON - 3 * DAY)
    ctx = make.ctx(rep)

    with acting(ctx):
        found = keep_in_touch.due(ctx)

    assert [(d.contact.id, d.late) for d in found] == [(never.id, 70), (late.id, 14)]
    assert found[0].reason == "every 30 days, no contact yet"
    assert found[1].reason == "every 30 days, last contact 44 days ago"


def test_never_is_never_also_for_those_without_a_day(
    make: Make, clock: Any, run_jobs: Callable[[], int]
) -> None:
    rep = make.user()
    own = make.contact(owner=rep, keep_in_touch_days=0)
    tagged = make.contact(owner=rep, tags=["Quiet"], lifecycle_stage="customer")
    staged = make.contact(owner=rep, lifecycle_stage="evangelist")
    cold = make.contact(owner=rep, lifecycle_stage="lead")
    for contact in (own, tagged, staged, cold):
        talk(make, contact, NOON - 200 * DAY)
    keep_in_touch.save_rules(make.ctx(), Rules(stages={"evangelist": 0}, tags={tag(make, "Quiet"): 0}))
    run_jobs()
    ctx = make.ctx(rep)

    with acting(ctx):
        found = keep_in_touch.due(ctx)

    assert [d.contact.id for d in found] == [cold.id]
    assert found[0].reason == "Quiet for 200 days."


def test_nobody_is_due_with_whom_something_is_planned_or_who_asked_for_silence(
    make: Make, clock: Any
) -> None:
    rep = make.user()
    clock(NOON - 100 * DAY)
    make.contact(owner=rep, keep_in_touch_days=3, do_not_contact=[{"channel": "call"}])
    planned = make.contact(owner=rep, keep_in_touch_days=3)
    make.contact(owner=make.user(), keep_in_touch_days=3)
    clock(NOON)
    ctx = make.ctx(rep)
    with acting(ctx):
        tasks.create(ctx, {"summary": "Call"}, about=[("contact", planned.id)])
        assert keep_in_touch.due(ctx) == []


def test_the_list_goes_on_where_it_ended(make: Make, clock: Any) -> None:
    rep = make.user()
    clock(NOON - 100 * DAY)
    made = [make.contact(owner=rep, keep_in_touch_days=5 + n // 2).id for n in range(5)]
    clock(NOON)
    ctx = make.ctx(rep)
    with acting(ctx):
        first, after = keep_in_touch.page(ctx, limit=3)
        rest, end = keep_in_touch.page(ctx, limit=3, after=after)

    assert [d.contact.id for d in [*first, *rest]] == made
    assert end == ""


def test_only_administrators_change_rules_and_nonsense_is_refused(make: Make) -> None:
    ctx = make.ctx(make.user())
    with acting(ctx), pytest.raises(NotAllowed):
        keep_in_touch.save_rules(ctx, Rules())
    with pytest.raises(Invalid):
        keep_in_touch.save_rules(make.ctx(), Rules(stages={"customer": 100_000}))


def test_who_is_due_is_found_by_an_index(make: Make, queries: Callable[[], Any]) -> None:
    rep = make.user()
    ctx = make.ctx(rep)
    session = ctx.session
    if session.get_bind().dialect.name == "postgresql":
        make.contact(owner=rep)
        session.execute(text("SET enable_seqscan = off"))
    with acting(ctx), queries() as seen:
        keep_in_touch.due(ctx)
        keep_in_touch.page(ctx, mine=False)
    assert len(seen) == 3

    mine = "SELECT id FROM contact WHERE deleted_at IS NULL AND owner_id = 1 AND keep_in_touch_on <= '2026-11-23'"
    every = "SELECT id FROM contact WHERE deleted_at IS NULL AND keep_in_touch_on <= '2026-11-23'"
    for query, index in (
        (mine, "ix_contact_live_owner_id_keep_in_touch_on"),
        (every, "ix_contact_live_keep_in_touch_on"),
    ):
        explain = "EXPLAIN QUERY PLAN " if session.get_bind().dialect.name == "sqlite" else "EXPLAIN "
        lines = session.execute(text(explain + query + " ORDER BY keep_in_touch_on, id LIMIT 5")).all()
        plan = " ".join(str(row[-1]) for row in lines)
        if session.get_bind().dialect.name == "postgresql":  # which of the two decides the size of the table
            assert "keep_in_touch_on" in plan.partition("Index Cond")[0]
        else:
            assert index in plan
            assert "TEMP B-TREE" not in plan
