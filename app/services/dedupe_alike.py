"""How alike two values are, from 0 to 1: words of names, names of companies, addresses, dates."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from app.formats import latin, nicknames
from app.formats.street_words import SORTS
from app.services.dedupe_profile import Place, Words

SAME, NICK, SOUNDS, INITIAL = 1.0, 0.95, 0.9, 0.8
"""Equal words, a nickname of it, the same sound, an initial for the whole word."""

WITHIN = 0.75
"""A company's name of one word that stands in the longer name of the other."""

COUNTING = frozenset(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"))

OTHER_BRANCH = 0.75
"""As alike as companies are at most whose names count differently."""

SLIP_FROM = 4
"""Letters that a word must have to be the same with a slip of the keys."""


@lru_cache(maxsize=65536)
def word(left: str, right: str) -> float:
    """Compare two words of names."""
    if left == right:
        return SAME
    if not left or not right:
        return 0.0
    if len(left) == 1 or len(right) == 1:
        return INITIAL if left[0] == right[0] else 0.0
    if nicknames.same(left, right):
        return NICK
    one, other = latin.bare(left), latin.bare(right)
    if one == other:
        return 0.97
    slips = OSA.distance(one, other)
    shorter = min(len(one), len(other))
    if slips == 1 and shorter >= SLIP_FROM:
        return 0.93
    if latin.sound(left) == latin.sound(right) and shorter >= 3:
        return SOUNDS
    if slips == 2 and shorter >= 6:
        return 0.85
    if shorter >= 4 and (one.startswith(other) or other.startswith(one)):
        return 0.85
    return min(0.8, JaroWinkler.similarity(one, other) * 0.85)


def words(left: Words, right: Words) -> float:
    """Compare names of several words: each word of the shorter one with that of the longer which is most like it."""
    if left == right:
        return SAME
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if not short:
        return 0.0
    if len(short) == len(long) == 1:
        return word(short[0], long[0])
    joined = word("".join(left), "".join(right))
    best = sum(max(word(mine, other) for other in long) for mine in short) / len(short)
    return max(joined, best - 0.02 * (len(long) - len(short)))


@lru_cache(maxsize=16384)
def firm(left: Words, right: Words) -> float:
    """Compare names of companies: all words in any order, slips within them, words that one of them lacks."""
    one, other = " ".join(left), " ".join(right)
    if one == other or "".join(left) == "".join(right):
        return SAME
    how = _firm(left, right, one, other)
    return min(how, OTHER_BRANCH) if _counted(left) != _counted(right) else how


def _counted(name: Words) -> set[str]:
    """Return the words that tell branches of a house apart: Room 3, Plant II."""
    return {word for word in name if word.isdigit() or word in COUNTING}


def _firm(left: Words, right: Words, one: str, other: str) -> float:
    whole = fuzz.token_sort_ratio(one, other) / 100
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if len("".join(short)) >= SLIP_FROM and all(w in long for w in short):
        return max(whole, WITHIN + 0.05 * (len(short) - 1) if len(short) < 4 else 0.95)
    part = fuzz.token_set_ratio(one, other) / 100 if len(short) > 1 else whole
    return max(whole, min(part * 0.95, (whole + part) / 2 + 0.1))


@lru_cache(maxsize=16384)
def street(left: str, right: str) -> float:
    """Compare two streets: what sort of street it is counts for little."""
    if left == right:
        return SAME
    one = " ".join(w for w in left.split() if w not in SORTS) or left
    other = " ".join(w for w in right.split() if w not in SORTS) or right
    if one == other:
        return 0.97
    if (
        len(one) > SLIP_FROM
        and len(other) > SLIP_FROM
        and (f"{one} ".startswith(f"{other} ") or f"{other} ".startswith(f"{one} "))
    ):
        return 0.95
    return max(
        fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other), fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))
    ) / 100  # fmt: skip


def code(left: str, right: str) -> float:
    """Compare numbers of houses, postal codes and the like: equal, one slip apart, the beginning of the other."""
    if left == right:
        return SAME
    if min(len(left), len(right)) >= 3 and OSA.distance(left, right, score_cutoff=1) <= 1:
        return 0.7
    return (
        0.7
        if len(left) >= 4 and len(right) >= 4 and (left.startswith(right) or right.startswith(left))
        else 0.0
    )


def day(left: str, right: str) -> float:
    """Compare dates (YYYY-MM-DD or --MM-DD): equal, a slip, day and month swapped, or the year missing."""
    if left == right:
        return SAME
    if left[-5:] == right[-5:] and (left.startswith("--") or right.startswith("--")):
        return 0.9
    one, other = left.replace("-", ""), right.replace("-", "")
    if len(one) == len(other) == 8:
        if OSA.distance(one, other, score_cutoff=1) <= 1:
            return 0.9
        if one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]:
            return 0.9
        if OSA.distance(one, other, score_cutoff=2) <= 2:
            return 0.6
    return 0.0


def places(left: tuple[Place, ...], right: tuple[Place, ...]) -> tuple[float, float]:
    """Compare addresses: the most alike of each side; what speaks for and against it, in points (see `place`)."""
    best = (-99.0, 0.0)
    for one in left:
        for other in right:
            found = place(one, other)
            best = max(best, found)
    return best if best[0] > -99 else (0.0, 0.0)


def apart(left: tuple[Place, ...], right: tuple[Place, ...]) -> bool:
    """Tell whether all addresses of both sides have house numbers that have nothing in common."""
    ours, theirs = [p[0] for p in left], [p[0] for p in right]
    return all((*ours, *theirs)) and not any(code(one, other) for one in ours for other in theirs)


def same_town(left: tuple[Place, ...], right: tuple[Place, ...]) -> bool:
    """Tell whether both sides have an address in the same town, as far as they name any."""
    return any(one[2] and other[2] and street(one[2], other[2]) >= 0.7 for one in left for other in right)


@lru_cache(maxsize=16384)
def place(left: Place, right: Place) -> tuple[float, float]:
    """Compare two addresses: points from about -4 (elsewhere) to 9, and how alike they are."""
    points, seen, alike = 0.0, 0.0, 0.0
    for at, (compare, most, least, level) in enumerate(_PARTS):
        if left[at] and right[at]:
            how = compare(left[at], right[at])
            points += most * (how - level) / (1 - level) if how >= level else least * (level - how) / level
            seen += most
            alike += most * how
    return points, (alike / seen if seen else 0.0)


_PARTS: tuple[tuple[Callable[[str, str], float], float, float, float], ...] = (
    (code, 2.0, -1.5, 0.6),
    (street, 4.0, -2.0, 0.7),
    (street, 1.5, -1.0, 0.7),
    (code, 1.5, -1.0, 0.6),
)
"""How each part of an address is compared, the points for the same and for another one, and where these turn."""
