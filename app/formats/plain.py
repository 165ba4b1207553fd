"""How texts compare: letter by letter through one fixed table, so that both databases do exactly what Python does.

`lower()` of SQLite knows A to Z only, that of PostgreSQL depends on the server's locale. So case, accents and a few
spellings are taken away by this table alone: Kovács, KOVACS and kovács are equal, and so are Straße and STRASSE. It
covers Latin, Greek and Cyrillic; letters of other scripts are compared as they are.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from app.formats.fold import fold

_LETTERS = (
    *(range(0x41, 0x5B), range(0xA0, 0x180), range(0x1A0, 0x1B1), range(0x1CD, 0x1DD), range(0x218, 0x21C)),
    *(range(0x386, 0x3CF), range(0x400, 0x492), range(0x1E80, 0x1E86), range(0x1E9E, 0x1EFA)),
)
_INVISIBLE = (*range(0x300, 0x370), 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF)
_APOSTROPHES = {"’": "'", "‘": "'", "ʼ": "'"}
_CAPITALS = {"ẞ": "ß", "Æ": "æ", "Œ": "œ", "Þ": "þ"}

LONGER: dict[str, str] = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
"""Letters that become two; applied after SINGLE."""


def _singles() -> dict[str, str]:
    found = dict(_CAPITALS) | _APOSTROPHES
    for code in (code for letters in _LETTERS for code in letters):
        char = chr(code)
        if char in LONGER or char in found or unicodedata.category(char) == "Cn":
            continue
        plain = fold(char)
        if len(plain) == 1 and plain != char:
            found[char] = plain
    return found


SINGLE: dict[str, str] = _singles()
"""Letter → the letter it counts as."""

GONE = "".join(map(chr, _INVISIBLE))
"""Marks and invisible characters, which do not count."""

_TABLE = str.maketrans(SINGLE | dict.fromkeys(GONE, ""))
_LONGER = str.maketrans(LONGER)


def plain(text: str) -> str:
    """Return what of a text counts when texts are compared."""
    if text.isascii():
        return text.lower()
    return text.translate(_TABLE).translate(_LONGER)


_FREQUENT = " eaniorstldumchgpbvkfzyjwxq0123456789.,-'@_/&()+:"
_CYRILLIC = "оаеинтсрвлкмдпуяыьгзбчхжшюцщэфъєіїґ"

SCRIPTS = ("Ѐ-ҿ", "\u00a0-\u03ff\u1e80-\u1eff\u200b-\u2060\ufeff")
"""Ranges of the characters in the table: Cyrillic, the rest. A text with none of them needs no table."""


@lru_cache(maxsize=2)
def translation(cyrillic: bool) -> tuple[str, str]:
    """Return the table as the two lists that `translate()` of PostgreSQL takes, for texts whose A to Z are small.

    It searches them from the start for each character, so what is frequent stands first, be it left as it is.
    """
    capitals = {
        c: to for c, to in SINGLE.items() if not c.isascii() and (c in "ёЁ" or c.lower() in _CYRILLIC)
    }
    first = _CYRILLIC[:20] + _FREQUENT[:1] + _CYRILLIC[20:] if cyrillic else _FREQUENT
    listed = {char: char for char in first} | (capitals if cyrillic else {})
    listed |= {char: to for char, to in SINGLE.items() if not char.isascii()}
    return "".join(listed) + GONE, "".join(listed.values())
