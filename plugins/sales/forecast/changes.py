"""What changed between two moments of a forecast, such that the changes add up exactly to the difference of its totals.

Pure: it knows how deals stood then and now, and nothing of where that comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

CATEGORIES = ("commit", "best", "pipeline", "closed")
"""What a forecast counts, in the order in which it is shown."""

KINDS = (
    "new",
    "back",
    "moved_in",
    "taken_over",
    "included",
    "more",
    "less",
    "won",
    "category",
    "lost",
    "moved_out",
    "handed_over",
    "omitted",
    "deleted",
)
"""Kinds of change, in the order in which they are told."""

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a deal stood at a moment. `known` says for a past one whether the deal existed at all."""

    deal_id: int
    amount: Decimal
    category: str
    outcome: str = "open"
    close_on: str = ""
    owner_id: int | None = None
    team_id: int | None = None
    pipeline_id: int | None = None

    @property
    def bucket(self) -> str | None:
        """Which category it counts in; None when a forecast leaves it out."""
        if self.outcome == "won":
            return "closed"
        return self.category if self.outcome == "open" and self.category in CATEGORIES else None


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is looked at: the days (ISO 8601, both included), and whose; None for everybody's."""

    start: str
    end: str
    owner_id: int | None = None
    unowned: bool = False
    teams: frozenset[int] | None = None
    teamless: bool = False
    pipeline_id: int | None = None

    def dated(self, one: Standing) -> bool:
        """Tell whether a deal closes within the days."""
        return self.start <= one.close_on <= self.end

    def holds(self, one: Standing | None) -> bool:
        """Tell whether a deal counts."""
        return one is not None and one.bucket is not None and self.dated(one) and self._whose(one)

    def _whose(self, one: Standing) -> bool:
        if (self.unowned and one.owner_id is not None) or (self.teamless and one.team_id is not None):
            return False
        return (
            self.owner_id in (None, one.owner_id)
            and (self.teams is None or one.team_id in self.teams)
            and self.pipeline_id in (None, one.pipeline_id)
        )


@dataclass(frozen=True, kw_only=True)
class Part:
    """One change of one deal: what went out of a category (or None) and what came into one."""

    kind: str
    deal_id: int
    out_of: str | None = None
    into: str | None = None
    out: Decimal = ZERO
    came: Decimal = ZERO

    @property
    def delta(self) -> Decimal:
        """By how much the total changed."""
        return self.came - self.out


def of_deal(scope: Scope, then: Standing | None, now: Standing | None, *, existed: bool) -> list[Part]:
    """Return the changes of a deal; `existed` tells whether it had been made already when nothing is known of then."""
    if scope.holds(then) and scope.holds(now):
        assert then is not None
        assert now is not None
        return _stayed(then, now)
    if scope.holds(now):
        assert now is not None
        kind = _came(scope, then, existed)
        return [Part(kind=kind, deal_id=now.deal_id, into=now.bucket, came=now.amount)]
    if scope.holds(then):
        assert then is not None
        return [
            Part(kind=_went(scope, now), deal_id=then.deal_id, out_of=then.bucket, out=then.amount),
        ]
    return []


def _stayed(then: Standing, now: Standing) -> list[Part]:
    found = []
    if then.bucket != now.bucket:
        kind = "won" if now.bucket == "closed" else "category"
        found.append(
            Part(
                kind=kind,
                deal_id=now.deal_id,
                out_of=then.bucket,
                into=now.bucket,
                out=then.amount,
                came=then.amount,
            )
        )
    if then.amount != now.amount:
        kind = "more" if now.amount > then.amount else "less"
        found.append(
            Part(
                kind=kind,
                deal_id=now.deal_id,
                out_of=now.bucket,
                into=now.bucket,
                out=then.amount,
                came=now.amount,
            )
        )
    return found


def _came(scope: Scope, then: Standing | None, existed: bool) -> str:
    if then is None:
        return "back" if existed else "new"
    if then.bucket is None:
        return "included"
    return "taken_over" if scope.dated(then) else "moved_in"


def _went(scope: Scope, now: Standing | None) -> str:
    if now is None:
        return "deleted"
    if now.bucket is None:
        return "lost" if now.outcome == "lost" else "omitted"
    return "handed_over" if scope.dated(now) else "moved_out"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """All changes of a kind: how many deals and by how much they changed the total."""

    kind: str
    count: int
    delta: Decimal
    came: Decimal


def summed(parts: Iterable[Part]) -> list[Kind]:
    """Return the changes by kind, in the order of KINDS, those that did not happen left out."""
    by_kind: dict[str, list[Part]] = {}
    for part in parts:
        by_kind.setdefault(part.kind, []).append(part)
    return [
        Kind(
            kind=kind,
            count=len(by_kind[kind]),
            delta=sum((p.delta for p in by_kind[kind]), ZERO),
            came=sum((p.came for p in by_kind[kind]), ZERO),
        )
        for kind in KINDS
        if kind in by_kind
    ]


def by_category(parts: Iterable[Part]) -> Mapping[str, Decimal]:
    """Return by how much each category changed."""
    found = dict.fromkeys(CATEGORIES, ZERO)
    for part in parts:
        if part.out_of is not None:
            found[part.out_of] -= part.out
        if part.into is not None:
            found[part.into] += part.came
    return found
