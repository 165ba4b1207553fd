from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..goals.commission import Credit, Tier, lines, owed, shares, tiers_of

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault."""

MONEY = st.decimals(0, 10**8, places=2)
RATES = st.decimals(0, 100, places=2)
TIERS = st.lists(st.tuples(MONEY, RATES), min_size=1, max_size=5, unique_by=lambda t: t[0]).map(
    lambda stored: tiers_of(stored, of_quota=False, quota=None)
)
CREDITS = st.lists(
    st.builds(
        Credit,
        deal_id=st.integers(1, 99),
        day=st.sampled_from(["2026-01-05", "2026-02-01", "2026-02-11"]),
        amount=st.decimals(-(10**6), 10**8, places=2),
    ),
    max_size=15,
)


@PATIENT
@given(TIERS, CREDITS)
def test_all_steps_together_are_what_is_owed_for_the_turnover(
    tiers: list[Tier], credits: list[Credit]
) -> None:
    found = lines(tiers, credits)
    turnover = sum((c.amount for c in credits), Decimal(0))

    assert sum((line.earned for line in found), Decimal(0)) == owed(tiers, turnover)
    for line in found:
        assert sum((s.amount for s in line.steps), Decimal(0)) == line.credit.amount
        assert line.after - line.before == line.credit.amount


@PATIENT
@given(TIERS, MONEY)
def test_a_cent_more_of_turnover_never_makes_a_jump(tiers: list[Tier], turnover: Decimal) -> None:
    more = owed(tiers, turnover + Decimal("0.01")) - owed(tiers, turnover)
    assert Decimal(0) <= more <= Decimal("0.01") * len(tiers)


@PATIENT
@given(MONEY, st.lists(st.integers(0, 100), min_size=1, max_size=5))
def test_shares_of_a_deal_make_the_deal_again(amount: Decimal, weights: list[int]) -> None:
    percents = [Decimal(w) for w in weights]
    percents.append(Decimal(100) - sum(percents, Decimal(0)))
    assert sum(shares(amount, percents), Decimal(0)) == amount


def test_above_the_quota_a_higher_rate_holds_for_what_lies_above() -> None:
    stored = [(Decimal(0), Decimal(5)), (Decimal(100), Decimal(8))]
    tiers = tiers_of(stored, of_quota=True, quota=Decimal(10000))
    first, second = lines(
        tiers,
        [
            Credit(deal_id=2, day="2026-03-01", amount=Decimal(4000)),
            Credit(deal_id=1, day="2026-02-01", amount=Decimal(9000)),
        ],
    )

    assert (first.credit.deal_id, first.earned) == (1, Decimal("450.00"))
    assert [(s.amount, s.rate, s.earned) for s in second.steps] == [
        (Decimal(1000), Decimal(5), Decimal("50.00")),
        (Decimal(3000), Decimal(8), Decimal("240.00")),
    ]


def test_without_a_quota_no_accelerator_holds() -> None:
    stored = [(Decimal(100), Decimal(8)), (Decimal(0), Decimal(5))]
    assert tiers_of(stored, of_quota=True, quota=None) == [Tier(Decimal(0), Decimal(5))]
