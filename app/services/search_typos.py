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
    counts = {word: _near(ctx, word, entities) for word in query.words if _doubtful(word)}
    found = [(-count, word, near) for word, said in counts.items() for near, count in said.items()]
    for _count, word, near in sorted(found)[:TRIES]:
        yield query.replaced(word, near)


def _doubtful(word: str) -> bool:
    return len(word) in MISSPELT and not word.isdecimal()


def _near(ctx: Context, word: str, entities: Sequence[str]) -> dict[str, int]:
    """Return the words one typo away with their frequencies; none if the word is somebody's name."""
    found = search_sql.near_words(ctx, sorted({word, *deletions(word)}), entities)
    return {} if word in found else {near: n for near, n in found.items() if one_typo_apart(near, word)}
