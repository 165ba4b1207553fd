"""Passwords: hashed with Argon2id, judged by length and by how common they are, never by composition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app import paths
from app.i18n import _
from app.kernel.errors import Invalid

MIN_LENGTH = 12
MAX_LENGTH = 1000
"""Longer input is refused before it is hashed: it would only cost time."""

LEFT = 8
"""So many characters must remain of a password without the words that everybody knows of its owner."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = BoundedSemaphore(2)
"""At most two hashes at a time: each takes 19 MiB and a core."""

LEET = str.maketrans("@4310$5!7+", "aaeiossitt")
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
)
RUNS = tuple(run * 2 for row in ROWS for run in (row, row[::-1]))


def hashed(password: str) -> str:
    """Return the Argon2id hash (RFC 9106; 19 MiB, two passes). Takes a while: never call it within a unit."""
    with _turns:
        return _hasher.hash(_normal(password))


@cache
def dummy() -> str:
    """Return a hash that no password fits: verified for unknown users, so that both cases take as long."""
    return hashed("no password fits this")


def verify(stored: str, password: str) -> bool:
    """Tell whether a password fits a stored hash; without one, as much time passes and the answer is no."""
    if len(password) > MAX_LENGTH:
        password = ""
    against = stored or dummy()
    with _turns:
        try:
            _hasher.verify(against, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)


def outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's and is worth making anew."""
    return _hasher.check_needs_rehash(stored)


def check(password: str, known: Iterable[str] = (), *, field: str = "password") -> None:
    """Raise Invalid with a sentence when a password is too short, common, or made of words `known` of its owner."""
    if problem := _problem(password, known):
        raise Invalid({field: problem})


def _problem(password: str, known: Iterable[str]) -> str:
    if len(password) < MIN_LENGTH:
        return _("Use at least %(num)s characters. Four words in a row are easy to remember.", num=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        return _("Use at most %(num)s characters.", num=MAX_LENGTH)
    folded = unicodedata.normalize("NFKC", password).casefold()
    if is_common(folded):
        return _(
            "This password is among the first that are tried. Use four words that do not belong together."
        )
    if len(_without(folded, known)) < LEFT:
        return _("This password is made of your name, your address or the company's name. Use other words.")
    return ""


def is_common(folded: str) -> bool:
    """Tell whether a password is common itself, a common one with digits and signs around, or one piece repeated."""
    common, unit = _common(), _unit(folded)
    pieces = {folded, unit} | {re.sub(r"^[\W\d_]+|[\W\d_]+$", "", piece) for piece in (folded, unit)}
    pieces |= {piece.translate(LEET) for piece in pieces}
    return len(unit) < 4 or _is_run(folded) or any(piece in common for piece in pieces)


def _unit(text: str) -> str:
    """The piece that a text repeats, cut at its end maybe ("abcabcab" → "abc"), or the text itself."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size]
    return text


def _is_run(text: str) -> bool:
    """Tell whether a text is made of runs along the alphabet, the digits or the keyboard, three or more at a time."""
    while text:
        longest = next((n for n in range(len(text), 2, -1) if any(text[:n] in row for row in RUNS)), 0)
        if not longest:
            return False
        text = text[longest:]
    return True


def _without(folded: str, known: Iterable[str]) -> str:
    words = {w for text in known for w in re.split(r"[\W_]+", text.casefold()) if len(w) >= 3}
    for word in sorted(words, key=len, reverse=True):
        folded = folded.replace(word, "")
    return "".join(letter for letter in folded if letter.isalnum())


def _common() -> frozenset[str]:
    """The list, read each time: it is needed when somebody chooses a password, and not worth keeping in memory."""
    lines = (paths.CONFIG / "common-passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
