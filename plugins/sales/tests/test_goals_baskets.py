from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..goals.baskets import Rule, hints, rules

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault."""

BASKETS = st.lists(st.frozensets(st.integers(1, 6)), max_size=25)


@PATIENT
@given(BASKETS)
def test_rules_say_what_counting_says(baskets: list[frozenset[int]]) -> None:
    full = [b for b in baskets if b]
    found = rules(baskets, least=2, confidence=Fraction(0))
    for rule in found:
        both = sum({rule.has, rule.also} <= b for b in full)
        assert rule.support == Fraction(both, len(full))
        assert rule.confidence == Fraction(both, sum(rule.has in b for b in full))
        assert rule.lift == rule.confidence / Fraction(sum(rule.also in b for b in full), len(full))
    expected = {
        (a, b)
        for a in range(1, 7)
        for b in range(1, 7)
        if a != b
        and (both := sum({a, b} <= k for k in full)) >= 2
        and both * len(full) > sum(a in k for k in full) * sum(b in k for k in full)
    }
    assert {(r.has, r.also) for r in found} == expected


def test_what_a_customer_has_is_not_proposed_again() -> None:
    one = Rule(has=1, also=2, both=5, with_has=10, with_also=6, customers=30)
    two = Rule(has=1, also=3, both=4, with_has=10, with_also=6, customers=30)
    three = Rule(has=4, also=3, both=6, with_has=8, with_also=6, customers=30)

    assert hints({1: [one, two], 4: [three]}, {1, 4}) == [three, one]
    assert hints({1: [one, two]}, {1, 2}) == [two]
