"""The words of the text form: brackets, operators, quoted texts and bare words, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.i18n import _
from app.kernel.expr.limits import unstorable
from app.kernel.expr.tree import ExprError

OPENING = "\"'“”„«»‘"
"""What may begin a quoted text: telephones write round quotation marks by themselves."""

CLOSING = {'"': '"', "'": "'", "‘": "’'", "“": '”"“', "”": '”"', "„": '“”"', "«": '»"', "»": '«"'}
SIGNS = ("!=", "<=", ">=", "<>", "≠", "≤", "≥", "=", "<", ">", "(", ")", ",")
SAME = {"<>": "!=", "≠": "!=", "≤": "<=", "≥": ">="}
_WORD = re.compile(r'(?![\'‘])[^\s()=!<>≠≤≥,"“”„«»]+')
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Token:
    """A piece of the text: `sort` is sign, word, text or end; `length` counts the characters as written."""

    sort: str
    text: str
    at: int
    length: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of a text and an end. Raises ExprError for a quotation that never ends or a stray sign."""
    at = 0
    while at < len(text):
        if blank := _BLANK.match(text, at):
            at = blank.end()
            continue
        found = _sign(text, at) or _quoted(text, at) or _word(text, at)
        if (bad := unstorable(found.text)) is not None:
            raise ExprError(bad, at, found.length)
        yield found
        at += found.length
    yield Token("end", "", len(text), 0)


def is_word(text: str) -> bool:
    """Tell whether a text can stand without quotation marks."""
    return bool(_WORD.fullmatch(text))


def quote(text: str) -> str:
    """Return a text in quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sign(text: str, at: int) -> Token | None:
    sign = next((s for s in SIGNS if text.startswith(s, at)), None)
    return Token("sign", SAME.get(sign, sign), at, len(sign)) if sign else None


def _quoted(text: str, at: int) -> Token | None:
    if text[at] not in OPENING:
        return None
    closing = CLOSING[text[at]]
    made: list[str] = []
    here = at + 1
    while here < len(text) and text[here] not in closing:
        if text[here] == "\\" and here + 1 < len(text):
            here += 1
        made.append(text[here])
        here += 1
    if here >= len(text):
        raise ExprError(_("The quotation mark is never closed."), at, 1)
    return Token("text", "".join(made), at, here + 1 - at)


def _word(text: str, at: int) -> Token:
    match = _WORD.match(text, at)
    if match is None:
        raise ExprError(_("“%(text)s” is not expected here.", text=text[at]), at, 1)
    return Token("word", match.group(), at, len(match.group()))
