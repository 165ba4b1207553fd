"""Words in plain Latin letters, and how they sound: what names of several scripts and spellings are compared by."""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii

from app.formats.fold import fold

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])['’‘ʼ`´](?=[^\W\d_])")
_UMLAUTS = re.compile(r"(?<=[b-df-hj-pr-tv-z])([aou])e(?=[b-df-hj-np-tv-z])")
_DOUBLED = re.compile(r"([a-z])\1+")

# Spellings of one sound, in the order in which they are looked for. Several languages are mixed on purpose: a key
# brings together what may be the same; whether it is so, is judged afterwards.
_SOUNDS = (
    ("shch", "s"), ("tsch", "s"), ("sch", "s"), ("tch", "s"), ("cz", "s"), ("sz", "s"), ("sh", "s"), ("zh", "s"),
    ("ch", "k"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("kh", "k"), ("ck", "k"), ("dg", "g"), ("qu", "k"), ("wr", "r"),
    ("kn", "n"), ("x", "ks"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("tz", "s"), ("ts", "s"), ("dt", "t"),
    ("c", "k"), ("q", "k"), ("z", "s"), ("w", "v"), ("f", "v"), ("j", "i"), ("y", "i"), ("d", "t"), ("b", "p"),
    ("g", "k"), ("n", "m"),
)  # fmt: skip
_LATER_VOWELS = re.compile(r"(?<=.)[aeiouh]+")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in plain small Latin letters and digits, of whichever script it is."""
    return _words(text) if len(text) <= 80 else _words.__wrapped__(text)


@lru_cache(maxsize=16384)
def _words(text: str) -> tuple[str, ...]:
    plain = _APOSTROPHES.sub("", text)
    if plain.isascii():
        return tuple(_WORD.findall(plain.lower()))
    return tuple(_WORD.findall(anyascii(fold(plain)).lower()))


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """Return a word without what is written in several ways: Mueller as Muller, doubled letters once."""
    return _DOUBLED.sub(r"\1", _UMLAUTS.sub(r"\1", word))


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Return a short key of how a word sounds: Meyer and Maier, Schmidt and Schmitt, Dmitry and Dmitriy share one."""
    known = bare(word)
    if known.isdigit():
        return known
    for spelt, key in _SOUNDS:
        if spelt in known:
            known = known.replace(spelt, key)
    return _DOUBLED.sub(r"\1", _LATER_VOWELS.sub("", known))[:6]
