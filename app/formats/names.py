"""Names as people read them: in the right order, with initials and a colour for the avatar."""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import Literal

from app.formats.fold import fold, name_key
from app.formats.name_parts import FAMILY_FIRST, NameParts, split
from app.formats.name_words import ALSO_FAMILIES, COMPANY_WORDS, LEGAL_FORMS

__all__ = [
    "FAMILY_FIRST",
    "NameParts",
    "display_name",
    "hue",
    "initials",
    "looks_like_company",
    "sort_key",
    "split",
]

HUES = 8

_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_KANA_NAME = re.compile(r"[\u30a0-\u30ff]+")
_GENERATION = re.compile(
    r"(jr|sr|jnr|snr|junior|senior|filho|neto|júnior|[ivx]+|\d(st|nd|rd|th))\.?", re.IGNORECASE
)
_JOINING = "\u200d"

_COMPANY = LEGAL_FORMS | COMPANY_WORDS
_EASTERN_COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|公司|集团|集團|銀行|银行|大学|大學|주식회사|\(주\)|㈜|㈱|은행|대학교|사단법인"
)
_BETWEEN = re.compile(r"[\s,/()\[\]]+")
_QUOTED = re.compile(r"[\"“„«(][^\"”“»)]*[\"”“»)]")


def display_name(parts: NameParts, language: str = "", *, with_titles: bool = False) -> str:
    """Return the name as it is said: family first in Hungarian, Vietnamese and East Asian names.

    `language` is that of the person or else of the house (`hu`, `pt-BR`). Names in Han and Hangul are
    family first whatever the language, and Han names of Chinese have no blank. Titles are left out unless
    asked for. Falls back on the nickname; "" if all is empty.
    """
    code = language[:2].lower()
    names = [parts.given, parts.additional, parts.family]
    eastern = bool(_EASTERN.search(parts.family + parts.given)) and not _KANA_NAME.fullmatch(
        parts.given + parts.family
    )
    if eastern or code in FAMILY_FIRST:
        vietnamese = code == "vi"
        names = [parts.family, parts.additional, parts.given] if vietnamese else [parts.family, *names[:2]]
    gap = "" if eastern and code != "ja" and not _has_kana(parts) else " "
    name = gap.join(filter(None, names)) or parts.nickname
    if not with_titles:
        return name
    comma = " " if _GENERATION.fullmatch(parts.suffix) else ", "
    titled = " ".join(filter(None, (parts.prefix, name)))
    return comma.join(filter(None, (titled, parts.suffix)))


def sort_key(parts: NameParts, formatted: str = "", order: Literal["given", "family"] = "family") -> str:
    """Return the key under which the person stands in a list (see `fold.name_key`)."""
    given = " ".join(filter(None, (parts.given, parts.additional)))
    return name_key(given, parts.family, formatted or parts.nickname, order)


def initials(parts: NameParts, formatted: str = "") -> str:
    """Return one or two letters for an avatar: AL for Ana de Lima, 田 for 田中太郎, "?" for nothing."""
    if _EASTERN.match(parts.family):
        return _graphemes(parts.family)[0]
    first, last = parts.given, parts.family
    if not first and not last:
        guess = split(formatted) if not looks_like_company(formatted) else None
        words = formatted.split() if guess is None else []
        first, last = (guess.given, guess.family) if guess else (words[0], words[1] if len(words) > 1 else "")
        if guess and _EASTERN.match(guess.family):
            return _graphemes(guess.family)[0]
    letters = [_first_letter(first), _first_letter(last, skip_small=True)]
    return "".join(letters) or _first_sign(formatted or parts.nickname) or "?"


def hue(text: str) -> int:
    """Return the avatar colour 1..8 of a name: the same today, tomorrow and on every machine."""
    return zlib.crc32(fold(text).strip().encode()) % HUES + 1


def looks_like_company(name: str) -> bool:
    """Tell whether a written name is rather a company's or an organisation's than a person's."""
    if _EASTERN_COMPANY.search(name):
        return True
    words = [word for word in _BETWEEN.split(_QUOTED.sub(" ", name) if name[:1].isalpha() else name) if word]
    bare = [word.lower().replace(".", "").strip("'’\"-") for word in words]
    if len(words) < 2:
        return bool(re.search(r"[a-z][A-Z]{2}|\d|\.(com|de|net|org|io|ai|pt|fr|es|co)$", name))
    signs = {"&", "+"} & set(words) or any(
        re.search(r"\d", word) for word in words if not _GENERATION.fullmatch(word)
    )
    if any(word.lower().endswith(("'s", "’s")) for word in words[:-1]):
        return True
    named = [word for word in bare if word in _COMPANY]
    if len(words) == 2 and not signs:
        return bool(named) and not (named[-1] in ALSO_FAMILIES and bare[-1] == named[-1])
    return bool(signs and not _is_couple(words)) or bool(named)


def _is_couple(words: list[str]) -> bool:
    """Tell "Jim & Mary Smith" from "Smith & Sons" and "M & J Asphalt"."""
    at = next((at for at, word in enumerate(words) if word in {"&", "+"}), 0)
    full = 0 < at < len(words) - 2 and len(words[at - 1]) > 1
    return full and not any(re.search(r"\d", word) for word in words)


def _has_kana(parts: NameParts) -> bool:
    return any("\u3040" <= char <= "\u30ff" for char in parts.given + parts.family)


def _first_letter(name: str, *, skip_small: bool = False) -> str:
    """Return the capital of the first word; of "de Lima" that of Lima."""
    words = [word for word in name.split() if any(char.isalnum() for char in word)]
    if skip_small:
        words = [word for word in words if not _letters(word)[0].islower()] or words
    if not words:
        return ""
    grapheme = _graphemes(_letters(words[0]))[0]
    return grapheme.upper() if len(grapheme.upper()) == len(grapheme) else grapheme


def _letters(word: str) -> str:
    return word[next(at for at, char in enumerate(word) if char.isalnum()) :]


def _first_sign(text: str) -> str:
    signs = _graphemes(text.strip())
    return signs[0] if signs else ""


def _graphemes(text: str) -> list[str]:
    """Split into what a reader sees as one sign: marks, joined emoji and flags stay together."""
    found: list[str] = []
    for char in text:
        if found and (_extends(char) or found[-1].endswith(_JOINING) or _completes_flag(found[-1], char)):
            found[-1] += char
        else:
            found.append(char)
    return found


def _extends(char: str) -> bool:
    return char == _JOINING or unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _completes_flag(before: str, char: str) -> bool:
    flags = "\U0001f1e6", "\U0001f1ff"
    return len(before) == 1 and flags[0] <= before <= flags[1] and flags[0] <= char <= flags[1]
