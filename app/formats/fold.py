"""Search folding: one text, one set of words, the same on both databases (decision 37)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Literal

from app.formats.remembered import remembered

MAX_WORD = 64
MAX_WORDS = 600
SHORT = 80
"""Characters of a text up to which its words are remembered for a while."""

# What NFKD leaves alone: letters with a stroke, ligatures, and letters that people type in another way.
_SINGLES = {
    **{"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ȷ": "j", "ƶ": "z", "ɨ": "i"},
    **{"ʉ": "u", "ɵ": "o", "ƀ": "b", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƒ": "f", "ǥ": "g", "ƙ": "k", "ŋ": "n"},
    **{"ɲ": "n", "ɔ": "o", "ɛ": "e", "ə": "e", "ĸ": "k", "ƴ": "y", "ɣ": "g", "ⱥ": "a", "ȼ": "c", "ɇ": "e"},
    **{"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ŉ": "n"},
    **{"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": "", "ٱ": "ا", "ہ": "ه", "ھ": "ه"},
}
_MAP = str.maketrans(_SINGLES | {chr(kana): chr(kana - 0x60) for kana in range(0x30A1, 0x30F7)})

# How people write the letters on a keyboard that lacks them: Müller as Mueller, Đorđe as Djordje.
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"})
_WRITTEN_UMLAUT = re.compile(r"(?<=[b-df-hj-pr-tv-z])([aou])e")
_APOSTROPHES = re.compile(r"(?<=\w)['’‘ʼʻ`´＇](?=\w)")
_HYPHENATED = re.compile(r"\w+(?:[-‐‑]\w+)+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_CJK = re.compile(
    r"[々〆〇\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """Return `text` without case, accents and forms, so that equal-looking texts are equal.

    Marks that carry a vowel (Indic scripts, Thai) and the voicing of kana stay; digits of every script
    become 0-9, katakana becomes hiragana, invisible characters vanish.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    kept = "".join(map(_base, decomposed))
    return unicodedata.normalize("NFC", kept).translate(_MAP)


def words(text: str) -> list[str]:
    """Return the folded words of `text` in order: letters and digits; runs of CJK as overlapping pairs."""
    if text.isascii():
        return [token[:MAX_WORD] for token in _ascii_tokens(text)]
    return list(_words(_APOSTROPHES.sub("", text)))


def doc(*parts: str | None, limit: int = MAX_WORDS) -> str:
    """Return what the index stores: the words of all parts once each, separated by blanks.

    Adds the other spellings under which people look (Mueller for Müller, jeanluc for Jean-Luc, brien for
    O'Brien) and the last character of a CJK run, so that each character begins some word. Stops after
    `limit` words: put the important parts first.
    """
    present = [part for part in parts if part]
    told = [(spelt if len(part) <= SHORT else spelt.function)(part) for part in present]
    tokens = dict.fromkeys(word for words_of, _other in told for word in words_of)
    tokens |= dict.fromkeys(word for _words_of, other in told for word in other)
    return " ".join(list(tokens)[:limit])


@remembered(2048)
def spelt(part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a part and their other spellings; names and towns come again and again."""
    return tuple(words(part)), tuple(_other_spellings(part))


def found(query: str, document: str) -> bool:
    """Tell whether every word of `query` stands in `document` (made by `doc`) as a part of a word."""
    wanted = words(query)
    return bool(wanted) and all(word in document for word in wanted)


def digits(text: str) -> str:
    """Return the decimal digits of `text`, of whichever script, as 0-9."""
    if text.isascii():
        return _NO_DIGITS.sub("", text)
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def name_key(given: str, family: str, formatted: str, order: Literal["given", "family"] = "family") -> str:
    """Return the key that sorts people by family name (or by given name), for a binary collation.

    A tab separates the halves: it is below every letter, so "Li, Wei" comes before "Liang, An".
    """
    halves = (given, family) if order == "given" else (family, given)
    key = "\t".join(filter(None, (" ".join(_plain_words(half)) for half in halves if half)))
    return key or " ".join(_plain_words(formatted)) or unicodedata.normalize("NFKC", formatted).strip()


def deletions(word: str) -> frozenset[str]:
    """Return the words that `word` becomes when one character is left out (SymSpell, distance 1)."""
    return frozenset(word[:at] + word[at + 1 :] for at in range(len(word))) - {""}


def one_typo_apart(left: str, right: str) -> bool:
    """Tell whether one insertion, deletion, replacement or swap of neighbours turns one into the other."""
    if left == right or abs(len(left) - len(right)) > 1:
        return left == right
    short, long = sorted((left, right), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]


@lru_cache(maxsize=4096)
def _base(char: str) -> str:
    """Return what folding leaves of one decomposed character: itself, a digit or nothing."""
    category, order = unicodedata.category(char), unicodedata.combining(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Cf" or order == 1 or 10 <= order <= 36 or order >= 200:
        return ""
    # Variation selectors and the grapheme joiner are marks that nobody sees.
    return "" if category == "Me" or "\ufe00" <= char <= "\ufe0f" or char == "\u034f" else char


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """Return "" between words, "cjk" for scripts written without blanks, else "word"."""
    if _CJK.match(char):
        return "cjk"
    return "word" if unicodedata.category(char)[0] in "LNM" else ""


def _words(text: str) -> Iterator[str]:
    if text.isascii():
        yield from (token[:MAX_WORD] for token in _ASCII_WORD.findall(text.lower()))
        return
    for kind, run in groupby(fold(text), _kind):
        token = "".join(run)
        if kind == "word":
            yield token[:MAX_WORD]
        elif kind == "cjk":
            yield from _pairs(token)


def _pairs(run: str) -> Iterable[str]:
    return [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]


@lru_cache(maxsize=1024)
def _plain_words(text: str) -> tuple[str, ...]:
    if text.isascii():
        return tuple(_ascii_tokens(text))
    runs = groupby(fold(_APOSTROPHES.sub("", text)), lambda char: bool(_kind(char)))
    return tuple("".join(run) for is_word, run in runs if is_word)


def _other_spellings(text: str) -> Iterator[str]:
    if text.isascii():
        yield from _other_ascii(text)
        return
    lowered = unicodedata.normalize("NFC", text).casefold()
    if (spelt := lowered.translate(_SPELT_OUT)) != lowered:
        yield from words(spelt)
    if _APOSTROPHES.search(text):
        yield from (word for word in _words(text) if len(word) > 1)
    for compound in _HYPHENATED.findall(text):
        yield from words(re.sub(r"[-‐‑]", "", compound))
    for word in words(text):
        if (collapsed := _WRITTEN_UMLAUT.sub(r"\1", word)) != word:
            yield collapsed
    yield from (run[-1] for run in _plain_words(text) if _kind(run[-1]) == "cjk")


def _ascii_tokens(text: str) -> list[str]:
    """Return the words of plain letters, apostrophes within them left out."""
    if "'" in text or "`" in text:
        text = _APOSTROPHES.sub("", text)
    return _ASCII_WORD.findall(text.lower())


def _other_ascii(text: str) -> Iterator[str]:
    """The same for plain letters, most texts by far: no umlauts to spell out, no CJK."""
    if ("'" in text or "`" in text) and _APOSTROPHES.search(text):
        yield from (word for word in _words(text) if len(word) > 1)
    if "-" in text:
        for compound in _HYPHENATED.findall(text):
            yield from words(compound.replace("-", ""))
    bare = text.replace("'", "").replace("`", "") if "'" in text or "`" in text else text
    if _WRITTEN_UMLAUT.search(bare.lower()):
        for word in _ascii_tokens(text):
            if (collapsed := _WRITTEN_UMLAUT.sub(r"\1", word)) != word:
                yield collapsed[:MAX_WORD]
