"""One typo is forgiven: the nearest words of names, companies and tags (DECISIONS 38; SymSpell by deletions)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.formats.fold import deletions, one_typo_apart
from app.kernel.context import Context
from app.services import search_sql
from app.services.search_index import MISSPELT
from app.services.search_words import Query

TRIES = 3
"""How many corrections are looked up, the most frequent words first."""


def alternatives(ctx: Context, query: Query, entities: Sequence[str]) -> Iterator[Query]:
    """Yield the query with one word corrected, likely corrections first; none for numbers, short words and words that are
    somebody's name."""
    if query.numbers:
        return
    found = {(word, near): 0 for word in query.words if _doubtful(word) for near in _near(ctx, word)}
    if not found:
        return
    counts = search_sql.frequency(ctx, entities, [near for _, near in found])
    likely = sorted(found, key=lambda pair: (-counts.get(pair[1], 0), pair))
    for word, near in likely[:TRIES]:
        yield query.replaced(word, near)


def _doubtful(word: str) -> bool:
    return len(word) in MISSPELT and not word.isdecimal()


def _near(ctx: Context, word: str) -> list[str]:
    found = search_sql.near_words(ctx, sorted({word, *deletions(word)}))
    return [] if word in found else [near for near in found if one_typo_apart(near, word)]
