"""Which records a piece of work is about: some that were ticked, or all that a list shows. Asked anew for each batch.

Neither ids nor counts of the page are trusted: the list's own conditions and the access layer decide, every time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from app.kernel.context import Context
from app.services import listing, listing_filters, search_hits, search_index
from app.services.access import GREATEST_ID
from app.services.listing_state import State
from app.services.search_words import parse

MOST = 2000
"""Records that can be ticked one by one; more are "all that match"."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Ticked records, or (with `every`) all that a list in this state shows."""

    ids: tuple[int, ...] = ()
    every: bool = False
    state: State = field(default_factory=State)

    @classmethod
    def of(cls, ids: Iterable[str], pairs: Iterable[tuple[str, str]], *, every: bool) -> Chosen:
        """Return what a posted list says: its ticks, or that all of it is meant."""
        ticked = {int(text) for text in ids if text.isdecimal() and len(text) <= len(str(GREATEST_ID))}
        sound = sorted(i for i in ticked if 0 < i <= GREATEST_ID)
        return cls(ids=() if every else tuple(sound[:MOST]), every=every, state=State.of(pairs))

    @classmethod
    def stored(cls, text: str) -> Chosen:
        """Return a choice that was kept with a run."""
        found = json.loads(text)
        return cls(
            ids=tuple(found.get("ids", ())),
            every=bool(found.get("every")),
            state=State.stored(found.get("state") or "[]"),
        )

    def json(self) -> str:
        """Return the choice as it is kept."""
        return json.dumps({"ids": self.ids, "every": self.every, "state": self.state.json()})


def batch(
    ctx: Context, entity: str, chosen: Chosen, *, after: int = 0, ceiling: int = GREATEST_ID, size: int
) -> tuple[list[int], int]:
    """Return the next chosen ids in order, and the id up to which everything was looked at (0: there is no more)."""
    if not chosen.every and not chosen.ids:
        return [], 0
    kind = ctx.schema.entity(entity)
    query = _query(ctx, entity, chosen, kind.model.id)
    query = query.where(kind.model.id > after, kind.model.id <= ceiling).order_by(kind.model.id).limit(size)
    found = list(ctx.session.execute(query).scalars())
    return _proven(ctx, entity, chosen, found), found[-1] if found else 0


def count(ctx: Context, entity: str, chosen: Chosen, *, cap: int) -> int:
    """Return how many records are chosen, at most `cap` and one more."""
    if not chosen.every and not chosen.ids:
        return 0
    if _needs_proof(ctx, entity, chosen):
        return len(batch(ctx, entity, chosen, size=cap + 1)[0])
    kind = ctx.schema.entity(entity)
    some = _query(ctx, entity, chosen, kind.model.id).limit(cap + 1).subquery()
    return int(ctx.session.execute(select(func.count()).select_from(some)).scalar_one())


def newest(ctx: Context, entity: str) -> int:
    """Return the greatest id there is now: what is added later is not part of the work."""
    return int(ctx.session.scalar(select(func.max(ctx.schema.entity(entity).model.id))) or 0)


def _query(ctx: Context, entity: str, chosen: Chosen, *columns: Any) -> Any:
    kind = ctx.schema.entity(entity)
    query = select(*columns)
    if kind.where is not None:
        query = query.where(kind.where(kind.model))
    if chosen.every:
        return query.where(*listing.conditions(ctx, entity, _asked(chosen.state)))
    return query.where(kind.model.id.in_(chosen.ids))


def _asked(state: State) -> listing.Asked:
    filters = tuple(map(listing_filters.parse, state.every("f")))
    return listing.Asked(filters=filters, where=state.get("where"), q=state.get("q"))


def _needs_proof(ctx: Context, entity: str, chosen: Chosen) -> bool:
    words = chosen.state.get("q") if chosen.every else ""
    return bool(parse(words)) and search_hits.needs_proof(ctx, search_index.plan(ctx, entity))


def _proven(ctx: Context, entity: str, chosen: Chosen, ids: Sequence[int]) -> list[int]:
    """Return the ids that the words of the list are true of, by what the principal himself may see."""
    if not _needs_proof(ctx, entity, chosen):
        return list(ids)
    plan, query = search_index.plan(ctx, entity), parse(chosen.state.get("q"))
    rows = search_hits.rows(ctx, plan, ids, whole=True)
    return [row.id for row in search_hits.confirmed(ctx, plan, rows, query)]
