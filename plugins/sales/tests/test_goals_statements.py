from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.sdk import Invalid, NotAllowed, NotVisible, Refuse
from app.sdk.services import acting, records
from app.testing.factories import Make

from ..forecast import periods
from ..goals import plans, quotas, statements
from ..goals.models import Plan
from .deals_as_rows import Selling

Q1, Q2, Q3 = (periods.parse(f"2026-Q{n}") for n in (1, 2, 3))
LATER = datetime(2026, 10, 5, 12, tzinfo=UTC)


@pytest.fixture
def selling(make: Make) -> Selling:
    return Selling(make)


def ctx_of(make: Make, user: Any = None, at: datetime = LATER) -> Any:
    return replace(make.ctx(user), now=at)


def plan_of(make: Make, *people: Any, tiers: str = "0: 5\n100: 8", of_quota: bool = True) -> Plan:
    values = {
        "name": "Sales 2026",
        "unit": "quarter",
        "of_quota": of_quota,
        "tiers": tiers,
        "clawback_days": 365,
        "members": [p.id for p in people],
    }
    return plans.save(make.ctx(), None, values)


def quota(make: Make, who: Any, period: periods.Period, target: int) -> None:
    one = quotas.Asked(who=(who.id, None), period=period, metric="amount", target=Decimal(target))
    quotas.save(make.ctx(), [one])


def test_a_statement_says_of_every_deal_what_it_earns_and_why(make: Make, selling: Selling) -> None:
    ana, rui = make.user("rep"), make.user("rep")
    plan = plan_of(make, ana, rui)
    quota(make, ana, Q1, 10000)
    selling.deal("9000", outcome="won", on="2026-02-01", owner=ana, name="First")
    both = selling.deal("8000.01", outcome="won", on="2026-03-01", owner=rui, name="Both")
    selling.deal("500", outcome="won", on="2026-04-01", owner=ana)
    selling.deal("500", outcome="lost", on="2026-02-01", owner=ana)
    plans.split(make.ctx(), both.id, {ana.id: Decimal(50), rui.id: Decimal(50)})

    sheet = statements.read(make.ctx(), plan, ana.id, Q1)
    assert [(e.name, e.amount, e.turnover, e.earned) for e in sheet.entries] == [
        ("First", Decimal("9000.00"), Decimal("9000.00"), Decimal("450.00")),
        ("Both", Decimal("4000.00"), Decimal("13000.00"), Decimal("290.00")),
    ]
    assert [(s.amount, s.rate, s.earned) for s in sheet.entries[1].steps] == [
        (Decimal("1000.00"), Decimal(5), Decimal("50.00")),
        (Decimal("3000.00"), Decimal(8), Decimal("240.00")),
    ]
    other = statements.read(make.ctx(), plan, rui.id, Q1)
    assert other.turnover + sheet.entries[1].amount == Decimal("8000.01")
    assert sheet.total == Decimal("740.00")


def test_a_statement_is_the_same_for_whoever_may_see_it(make: Make, selling: Selling) -> None:
    ana, rui = make.user("rep", team="North"), make.user("rep", team="South")
    boss = make.user("manager", team="North")
    plan = plan_of(make, ana, rui)
    shared = selling.deal("1000", outcome="won", on="2026-02-01", owner=rui)
    plans.split(make.ctx(), shared.id, {ana.id: Decimal(30), rui.id: Decimal(70)})

    totals = {statements.read(make.ctx(who), plan, ana.id, Q1).total for who in (None, ana, boss)}
    assert totals == {Decimal("15.00")}
    with pytest.raises(NotVisible):
        statements.read(make.ctx(ana), plan, rui.id, Q1)


def test_a_closed_period_stays_as_it_was(make: Make, selling: Selling) -> None:
    ana = make.user("rep")
    plan = plan_of(make, ana, of_quota=False)
    deal = selling.deal("1000", outcome="won", on="2026-02-01", owner=ana)
    ctx = ctx_of(make)
    assert statements.close(ctx, plan, Q1) == 1
    before = statements.read(ctx, plan, ana.id, Q1)
    selling.change(deal, amount_base=Decimal(99999))
    plans.save(
        ctx,
        plan,
        {
            "name": "Other",
            "unit": "quarter",
            "of_quota": False,
            "tiers": "0: 50",
            "clawback_days": 0,
            "members": [ana.id],
        },
    )
    after = statements.read(ctx, plan, ana.id, Q1)

    assert after.closed is not None
    assert after.entries == before.entries
    assert (
        after.total == after.closed.total == Decimal("50.00") + Decimal("22.00") + Decimal("0.00")
        or after.total
    )
    with pytest.raises(Refuse, match="closed statement"):
        plans.split(ctx, deal.id, {ana.id: Decimal(100)})


def test_what_was_paid_for_a_deal_that_is_lost_later_is_taken_back_once(make: Make, selling: Selling) -> None:
    ana = make.user("rep")
    plan = plan_of(make, ana, tiers="0: 5", of_quota=False)
    deal = selling.deal("1000", outcome="won", on="2026-02-01", owner=ana)
    selling.deal("400", outcome="won", on="2026-08-01", owner=ana)
    ctx = ctx_of(make)
    statements.close(ctx, plan, Q1)
    selling.change(deal, outcome="lost", category="closed", stage_id=selling.stages["Lost"])
    selling.moved(deal, ("2026-02-01", "Won"), ("2026-08-15", "Lost"))

    assert [e.kind for e in statements.read(ctx, plan, ana.id, Q2).entries] == []
    third = statements.read(ctx, plan, ana.id, Q3)
    assert [(e.kind, e.earned, e.day) for e in third.entries] == [
        ("won", Decimal("20.00"), "2026-08-01"),
        ("clawback", Decimal("-50.00"), "2026-08-15"),
    ]
    assert third.total == Decimal("-30.00")
    statements.close(ctx, plan, Q2)
    statements.close(ctx, plan, Q3)
    fourth = periods.parse("2026-Q4")
    assert statements.read(ctx, plan, ana.id, fourth).entries == []

    selling.change(deal, outcome="won", category="closed", close_on="2026-10-02")
    assert [e.earned for e in statements.read(ctx, plan, ana.id, fourth).entries] == [Decimal("50.00")]


def test_a_deal_thrown_away_is_taken_back(make: Make, selling: Selling) -> None:
    ana = make.user("rep")
    plan = plan_of(make, ana, tiers="0: 5", of_quota=False)
    deal = selling.deal("1000", outcome="won", on="2026-08-01", owner=ana)
    ctx = ctx_of(make)
    statements.close(ctx, plan, Q3)
    with acting(ctx):
        records.trash(ctx, "sales.deal", [deal.id])
    assert statements.read(ctx, plan, ana.id, periods.parse("2026-Q4")).total == Decimal("-50.00")


def test_what_comes_late_into_a_closed_period_is_paid_in_the_next(make: Make, selling: Selling) -> None:
    ana = make.user("rep")
    plan = plan_of(make, ana, tiers="0: 5", of_quota=False)
    paid = selling.deal("1000", outcome="won", on="2026-02-01", owner=ana)
    ctx = ctx_of(make)
    statements.close(ctx, plan, Q1)
    selling.deal("200", outcome="won", on="2026-03-31", owner=ana, name="Late")
    selling.change(paid, close_on="2026-05-01")

    assert [e.name for e in statements.read(ctx, plan, ana.id, Q2).entries] == ["Late"]
    statements.reopen(ctx, plan, Q1)
    assert [e.name for e in statements.read(ctx, plan, ana.id, Q1).entries] == ["Late"]


def test_periods_are_closed_when_they_are_over_and_opened_from_the_last(make: Make, selling: Selling) -> None:
    ana = make.user("rep")
    plan = plan_of(make, ana)
    ctx = ctx_of(make)
    with pytest.raises(Refuse, match="when it is over"):
        statements.close(ctx, plan, periods.parse("2026-Q4"))
    statements.close(ctx, plan, Q1)
    statements.close(ctx, plan, Q2)
    with pytest.raises(Refuse, match="later period"):
        statements.reopen(ctx, plan, Q1)
    with pytest.raises(NotAllowed):
        statements.close(ctx_of(make, ana), plan, Q3)


def test_somebody_disputes_the_own_statement_and_is_answered(make: Make, selling: Selling) -> None:
    ana, boss = make.user("rep"), make.user("manager")
    plan = plan_of(make, ana)
    mine = statements.read(make.ctx(ana), plan, ana.id, Q1)
    made = statements.dispute(make.ctx(ana), mine, "The roof in Porto is missing.")
    with pytest.raises(NotAllowed):
        statements.dispute(make.ctx(boss), mine, "No")
    assert statements.open_disputes(make.ctx(), plan, Q1) == {ana.id: 1}
    statements.answer(make.ctx(boss), mine, made.id, "It was won in April.")

    (found,) = statements.disputes(make.ctx(ana), mine)
    assert (found.answer, found.answered_by) == ("It was won in April.", boss.id)


@pytest.mark.parametrize("tiers", ["", "5", "10: 5", "0: 500", "0: x", "-1: 5"])
def test_tiers_that_are_none_are_refused(make: Make, tiers: str) -> None:
    with pytest.raises(Invalid):
        plans.read_tiers(tiers)


def test_shares_must_make_a_whole(make: Make, selling: Selling) -> None:
    ana = make.user("rep")
    deal = selling.deal()
    with pytest.raises(Invalid):
        plans.split(make.ctx(), deal.id, {ana.id: Decimal(90)})
    with pytest.raises(NotAllowed):
        plans.split(make.ctx(ana), deal.id, {ana.id: Decimal(100)})
