"""Which of some records an expression finds, asked in plain Python of their loaded values: no SQL conditions.

For conditions of workflows on a record at hand, and as the second opinion in tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.kernel.context import Context
from app.kernel.expr.conditions import comparable
from app.models import NEVER
from app.services.filter_binding import Every, Leaf, Meaning
from app.services.filter_sources import seen


def matching(ctx: Context, meaning: Meaning, ids: Iterable[int]) -> set[int]:
    """Return those of the ids that the expression finds; the caller has made sure that they may be seen."""
    there = set(ids)
    if isinstance(meaning, Leaf):
        answered = _leaf(ctx, meaning, there)
        return there - answered if meaning.negated else answered
    if isinstance(meaning, Every):
        for part in meaning.parts:
            there = matching(ctx, part, there) if there else there
        return there
    found: set[int] = set()
    for part in meaning.parts:
        found |= matching(ctx, part, there - found)
    return found


def _leaf(ctx: Context, leaf: Leaf, there: set[int]) -> set[int]:
    """Follow the relations from each record, then ask the values where they lead."""
    reached: dict[int, set[int]] = {i: {i} for i in there}
    for hop in leaf.hops:
        ways = hop.values(ctx, sorted(_all(reached)))
        targets = {one for ids in ways.values() for one in ids if one is not None}
        known = seen(ctx, hop.target, targets)
        reached = {
            i: {one for here in ends for one in ways.get(here, ()) if one in known}
            for i, ends in reached.items()
        }
    ends = _all(reached)
    values = leaf.source.values(ctx, sorted(ends)) if ends else {}
    read = comparable(leaf.source.measure, NEVER)
    fitting = {i for i in ends if _answers(leaf, read, values.get(i, (None,)))}
    return {i for i, some in reached.items() if some & fitting}


def _answers(leaf: Leaf, read: Any, values: Iterable[Any]) -> bool:
    told = (read(value) for value in values)
    return any(leaf.condition.holds(value) for value in told if value is not None)


def _all(reached: Mapping[int, set[int]]) -> set[int]:
    return {one for ends in reached.values() for one in ends}
