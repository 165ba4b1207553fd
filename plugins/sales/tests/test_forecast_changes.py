from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..forecast.changes import CATEGORIES, Part, Scope, Standing, by_category, of_deal, summed

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault."""

QUARTER = Scope(start="2026-10-01", end="2026-12-31")
AMOUNTS = st.decimals(0, 10**9, places=2)
DAYS = st.sampled_from(["", "2026-09-30", "2026-10-01", "2026-11-15", "2026-12-31", "2027-01-01"])
SOMEBODY = st.sampled_from([None, 1, 2])
STANDINGS = st.builds(
    Standing,
    deal_id=st.just(0),
    amount=AMOUNTS,
    category=st.sampled_from([*CATEGORIES[:3], "omitted"]),
    outcome=st.sampled_from(["open", "won", "lost"]),
    close_on=DAYS,
    owner_id=SOMEBODY,
    team_id=SOMEBODY,
    pipeline_id=SOMEBODY,
)
SCOPES = st.builds(
    Scope,
    start=st.just("2026-10-01"),
    end=st.just("2026-12-31"),
    owner_id=SOMEBODY,
    teams=st.none() | st.frozensets(st.sampled_from([1, 2])),
    pipeline_id=SOMEBODY,
)
MOMENTS = st.lists(st.tuples(st.none() | STANDINGS, st.none() | STANDINGS, st.booleans()), max_size=12)


def total(scope: Scope, standings: list[Standing | None]) -> Mapping[str, Decimal]:
    found = dict.fromkeys(CATEGORIES, Decimal(0))
    for one in standings:
        if one is not None and scope.holds(one):
            found[str(one.bucket)] += one.amount
    return found


@PATIENT
@given(SCOPES, MOMENTS)
def test_the_changes_are_exactly_the_difference_of_both_totals(
    scope: Scope, deals: list[tuple[Standing | None, Standing | None, bool]]
) -> None:
    parts = [p for then, now, existed in deals for p in of_deal(scope, then, now, existed=existed)]
    before, after = total(scope, [d[0] for d in deals]), total(scope, [d[1] for d in deals])

    assert sum((k.delta for k in summed(parts)), Decimal(0)) == sum(after.values()) - sum(before.values())
    assert by_category(parts) == {c: after[c] - before[c] for c in CATEGORIES}


def deal(
    amount: str = "100", category: str = "commit", outcome: str = "open", on: str = "2026-11-15"
) -> Standing:
    return Standing(deal_id=7, amount=Decimal(amount), category=category, outcome=outcome, close_on=on)


def kinds(then: Standing | None, now: Standing | None, *, existed: bool = True) -> list[str]:
    return [part.kind for part in of_deal(QUARTER, then, now, existed=existed)]


def test_each_change_is_called_by_its_name() -> None:
    same = deal()
    assert kinds(same, same) == []
    assert kinds(None, same, existed=False) == ["new"]
    assert kinds(None, same) == ["back"]
    assert kinds(deal(on="2027-02-01"), same) == ["moved_in"]
    assert kinds(deal(category="omitted"), same) == ["included"]
    assert kinds(same, deal("120")) == ["more"]
    assert kinds(same, deal("80", category="best")) == ["category", "less"]
    assert kinds(same, deal("130", outcome="won")) == ["won", "more"]
    assert kinds(same, deal(outcome="lost")) == ["lost"]
    assert kinds(same, deal(on="2027-02-01")) == ["moved_out"]
    assert kinds(same, deal(category="omitted")) == ["omitted"]
    assert kinds(same, None) == ["deleted"]


def test_a_deal_that_changes_hands_leaves_one_and_comes_to_the_other() -> None:
    then = Standing(deal_id=1, amount=Decimal(5), category="best", close_on="2026-11-01", owner_id=1)
    now = Standing(deal_id=1, amount=Decimal(5), category="best", close_on="2026-11-01", owner_id=2)
    first = Scope(start="2026-10-01", end="2026-12-31", owner_id=1)
    second = Scope(start="2026-10-01", end="2026-12-31", owner_id=2)

    assert of_deal(first, then, now, existed=True) == [
        Part(kind="handed_over", deal_id=1, out_of="best", out=Decimal(5))
    ]
    assert [p.kind for p in of_deal(second, then, now, existed=True)] == ["taken_over"]
