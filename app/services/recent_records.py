"""Records whose pages somebody opened lately, as far as he may still see them."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.context import Context
from app.services import search_hits
from app.services.lately import Lately
from app.services.search_hits import Hit
from app.services.search_index import plan

KEPT = 12
SHOWN = 6
KINDS = 4
"""Kinds of record that are shown, at most: each costs a query."""


def _with(texts: Sequence[str], text: str) -> list[str]:
    return [text, *(t for t in texts if t != text)][:KEPT]


_lately = Lately("recent_records", _with)


def note(ctx: Context, entity: str, record_id: int) -> bool:
    """Remember that the principal opened a record; True when it is time to `write` it."""
    return _lately.note(ctx, f"{entity}:{record_id}")


def mine(ctx: Context) -> list[Hit]:
    """Return what the principal opened lately, the latest first; what he may not see or is gone is left out."""
    opened = [(entity, int(i)) for entity, _, i in (text.rpartition(":") for text in _lately.mine(ctx))]
    kinds = list(dict.fromkeys(entity for entity, _i in opened if ctx.schema.has(entity)))
    allowed = [entity for entity in kinds if ctx.may(f"{entity}.view")][:KINDS]
    found = {
        (entity, hit.id): hit
        for entity in allowed
        for hit in search_hits.named(ctx, plan(ctx, entity), [i for of, i in opened if of == entity])
    }
    return [found[one] for one in opened if one in found][:SHOWN]


def write(user_id: int) -> None:
    """Store what a user opened, in a unit of its own and outside of any request."""
    _lately.write(user_id)


def clear(ctx: Context) -> None:
    """Empty the principal's list."""
    _lately.clear(ctx)


def forget() -> None:
    """Empty the memory of this process."""
    _lately.forget()
