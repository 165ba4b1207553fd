"""Which products go together: association rules out of what customers bought. Pure.

For "who has A also has B": support is the share of all customers who have both, confidence the share of those with A
who have B, lift how many times more often that is than among all customers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

LARGEST = 200
"""A customer with more products than this says nothing about taste."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who has `has` also has `also`: counted in customers, `customers` in all."""

    has: int
    also: int
    both: int
    with_has: int
    with_also: int
    customers: int

    @property
    def support(self) -> Fraction:
        """Share of all customers who have both."""
        return Fraction(self.both, self.customers)

    @property
    def confidence(self) -> Fraction:
        """Share of those with the first who have the second."""
        return Fraction(self.both, self.with_has)

    @property
    def lift(self) -> Fraction:
        """How many times more often than among all customers; 1 means that the two have nothing to do with each other."""
        return Fraction(self.both * self.customers, self.with_has * self.with_also)


def rules(
    baskets: Iterable[Collection[int]], *, least: int = 3, confidence: Fraction = Fraction(1, 10)
) -> list[Rule]:
    """Return the rules that at least `least` customers bear out, with a lift above 1, the strongest first."""
    single: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    customers = 0
    for basket in baskets:
        held = sorted(set(basket))
        if not held or len(held) > LARGEST:
            continue
        customers += 1
        single.update(held)
        pairs.update(combinations(held, 2))
    found = [
        Rule(has=a, also=b, both=both, with_has=single[a], with_also=single[b], customers=customers)
        for (first, second), both in pairs.items()
        if both >= least
        for a, b in ((first, second), (second, first))
    ]
    kept = [rule for rule in found if rule.lift > 1 and rule.confidence >= confidence]
    return sorted(kept, key=lambda r: (-r.confidence, -r.lift, r.has, r.also))


def hints(by_product: Mapping[int, Iterable[Rule]], held: Collection[int], limit: int = 3) -> list[Rule]:
    """Return what somebody who holds some products may want next: each product once, by its strongest rule."""
    best: dict[int, Rule] = {}
    for product in held:
        for rule in by_product.get(product, ()):
            known = best.get(rule.also)
            if rule.also not in held and (known is None or rule.confidence > known.confidence):
                best[rule.also] = rule
    return sorted(best.values(), key=lambda r: (-r.confidence, -r.lift, r.also))[:limit]
