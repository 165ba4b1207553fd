"""What somebody earns from what was won: rates in tiers, and every step of the sum. Pure and exact.

A tier's rate holds for the part of the turnover that lies in it, so what is owed never jumps. Each step is the
difference of two rounded sums within its tier: all steps together are the total to the cent, by deal and by tier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Tier:
    """From a turnover of `start` on, `rate` percent; the first begins at 0."""

    start: Decimal
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Credit:
    """A person's share of a deal that was won: `day` (ISO 8601) orders them, `amount` is what counts for the person."""

    deal_id: int
    day: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Step:
    """The part of a credit within a tier: `amount` at `rate` percent gives `earned`."""

    tier: int
    rate: Decimal
    amount: Decimal
    earned: Decimal


@dataclass(frozen=True, kw_only=True)
class Line:
    """A credit with the turnover before and after it, its steps and what they give together."""

    credit: Credit
    before: Decimal
    after: Decimal
    steps: tuple[Step, ...]

    @property
    def earned(self) -> Decimal:
        """What the deal earns."""
        return sum((step.earned for step in self.steps), ZERO)


def tiers_of(
    stored: Sequence[tuple[Decimal, Decimal]], *, of_quota: bool, quota: Decimal | None
) -> list[Tier]:
    """Return the tiers of a plan: starts are amounts, or percent of a quota; without a quota only the first holds."""
    ordered = sorted(stored)
    if not ordered:
        return []
    first = Tier(ZERO, ordered[0][1])
    if of_quota and not quota:
        return [first]
    return [first, *(Tier(_start(start, of_quota, quota), rate) for start, rate in ordered[1:])]


def lines(tiers: Sequence[Tier], credits: Sequence[Credit]) -> list[Line]:
    """Return the credits in the order of their days with what each earns."""
    found, turnover = [], ZERO
    for credit in sorted(credits, key=lambda one: (one.day, one.deal_id)):
        after = turnover + credit.amount
        found.append(
            Line(credit=credit, before=turnover, after=after, steps=_steps(tiers, turnover, after)),
        )
        turnover = after
    return found


def owed(tiers: Sequence[Tier], turnover: Decimal) -> Decimal:
    """Return what a turnover earns in all, rounded tier by tier."""
    return sum((_earned(tiers, n, turnover) for n in range(len(tiers))), ZERO)


def shares(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount by percentages into cents; those of 100 percent together make the amount again, to the cent."""
    exact = [amount * percent / HUNDRED for percent in percents]
    found = [one.quantize(CENT, ROUND_HALF_UP) for one in exact]
    if sum(percents, ZERO) != HUNDRED:
        return found
    rest = amount - sum(found, ZERO)
    order = sorted(range(len(found)), key=lambda n: (found[n] - exact[n]) * (1 if rest > 0 else -1))
    for n in range(int(abs(rest) / CENT)):
        found[order[n % len(order)]] += CENT if rest > 0 else -CENT
    return found


def _start(start: Decimal, of_quota: bool, quota: Decimal | None) -> Decimal:
    return start * (quota or ZERO) / HUNDRED if of_quota else start


def _steps(tiers: Sequence[Tier], before: Decimal, after: Decimal) -> tuple[Step, ...]:
    return tuple(
        Step(
            tier=n, rate=tier.rate, amount=amount, earned=_earned(tiers, n, after) - _earned(tiers, n, before)
        )
        for n, tier in enumerate(tiers)
        if (amount := _within(tiers, n, after) - _within(tiers, n, before))
    )


def _earned(tiers: Sequence[Tier], n: int, turnover: Decimal) -> Decimal:
    return (_within(tiers, n, turnover) * tiers[n].rate / HUNDRED).quantize(CENT, ROUND_HALF_UP)


def _within(tiers: Sequence[Tier], n: int, turnover: Decimal) -> Decimal:
    """Return how much of a turnover lies in a tier; a negative one lies in the first."""
    end = tiers[n + 1].start if n + 1 < len(tiers) else None
    reached = turnover if end is None else min(turnover, end)
    return reached if n == 0 else max(reached - tiers[n].start, ZERO)
