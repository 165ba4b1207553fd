"""A written full name taken apart: particles, titles, suffixes, "Family, Given", names without blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.formats import name_words
from app.formats.fold import fold

# Languages in which the family name is written first.
FAMILY_FIRST = frozenset({"hu", "ja", "ko", "vi", "zh"})

_JOINERS = frozenset({"and", "&", "und", "et", "+", "or"})
_NICKNAME = re.compile(r"(?:^|\s)[\"“”„«(‘']{1,2}(?P<nick>[^\"“”»()’']+)[\"“”»)’']{1,2}(?=\s|,|$)")
_LAW = re.compile(
    r"[\s,]+(?P<suffix>(?:attorney|atty\.?)(?:[\s-]+at[\s-]+law)?|ret(?:ired|\.))\s*$", re.IGNORECASE
)
_INITIAL = re.compile(r"[^\W\d_]\.?")
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff々〆]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a name as vCard 4 names them; each may be empty."""

    prefix: str = ""
    given: str = ""
    additional: str = ""
    family: str = ""
    suffix: str = ""
    nickname: str = ""


def split(text: str, language: str = "") -> NameParts:
    """Return the parts of a full name written by someone of `language` (`hu`, `pt-BR`; "" if unknown).

    A single word is taken as the given name. Nothing is dropped: every word of the text is in some part.
    """
    text, nickname = _without_nickname(" ".join(text.split()).strip(" ,;"))
    if not text:
        return NameParts(given=nickname)
    if _EAST.fullmatch(text.replace(" ", "")) or "・" in text:
        return replace(_eastern(text), nickname=nickname)
    text, titled = _without_profession(text)
    parts = _by_commas([part.strip() for part in text.split(",") if part.strip()], language[:2].lower())
    return replace(parts, nickname=nickname, suffix=_joined(parts.suffix, titled))


def _without_nickname(text: str) -> tuple[str, str]:
    match = _NICKNAME.search(text)
    if not match:
        return text, ""
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    return " ".join(rest.split()).replace(" ,", ",").strip(" ,"), match["nick"].strip()


def _without_profession(text: str) -> tuple[str, str]:
    match = _LAW.search(text)
    return (text[: match.start()], match["suffix"]) if match else (text, "")


def _by_commas(pieces: list[str], language: str) -> NameParts:
    """Read "Family, Given, Jr." as well as "Given Family, PhD, MBA"."""
    if not pieces:
        return NameParts()
    suffixes = [piece for piece in pieces[1:] if all(_is_suffix(word) for word in piece.split())]
    names = pieces[:1] + [piece for piece in pieces[1:] if piece not in suffixes]
    tail = ", ".join(suffixes)
    if len(names) == 1:
        parts = _unseparated(names[0].split(), language)
        return replace(parts, suffix=_joined(parts.suffix, tail))
    if len(names) == 2 and _INITIAL.fullmatch(names[1]) and " " in names[0]:
        return _with_late_letter(_unseparated(names[0].split(), language), names[1])
    prefix, family = _prefixed(names[0].split())
    family, family_suffix = _suffixed(family, keep=1)
    more, given = _prefixed(" ".join(names[1:]).split())
    given, given_suffix = _suffixed(given, keep=1)
    first, rest = _given_and_additional(given)
    suffix = _joined(_joined(" ".join(family_suffix), " ".join(given_suffix)), tail)
    return NameParts(_words(prefix + more), first, rest, _words(family), suffix)


def _with_late_letter(parts: NameParts, letter: str) -> NameParts:
    """Add what follows the comma in "Edwin Frost, V" (the fifth) or "Joseph Arojojoye, B."."""
    if letter in {"I", "V"}:
        return replace(parts, suffix=_joined(parts.suffix, letter))
    return replace(parts, additional=f"{parts.additional} {letter}".strip())


def _unseparated(words: list[str], language: str) -> NameParts:
    prefix, words = _prefixed(words)
    if language == "fr" and words[0] == "M." and len(words) > 1:
        prefix, words = [*prefix, "M."], words[1:]
    words, suffix = _suffixed(words, keep=2 if not prefix else 1)
    made = NameParts(prefix=_words(prefix), suffix=_words(suffix))
    if len(words) == 1:
        return replace(made, family=words[0]) if prefix else replace(made, given=words[0])
    if shouted := _shouted(words):
        start, end = shouted
        given, additional = _given_and_additional(words[:start] + words[end:])
        return replace(made, given=given, additional=additional, family=_words(words[start:end]))
    if words[0].lower() in name_words.VIETNAMESE or (language == "vi" and len(words) > 1):
        return replace(made, family=words[0], additional=_words(words[1:-1]), given=words[-1])
    if language in FAMILY_FIRST or _ends_in_initial(words):
        given, additional = _given_and_additional(words[1:])
        return replace(made, family=words[0], given=given, additional=additional)
    at = _family_start(words, language)
    given, additional = _given_and_additional(words[:at])
    return replace(made, given=given, additional=additional, family=_words(words[at:]))


def _eastern(text: str) -> NameParts:
    """Split a name in Han, kana or Hangul; foreign names in kana have the given name before the dot."""
    if "・" in text:
        first, _dot, rest = text.partition("・")
        middle, _dot, last = rest.rpartition("・")
        return NameParts(given=first, additional=middle, family=last)
    family, _blank, given = text.partition(" ")
    if given:
        return NameParts(family=family, given=given)
    if len(text) == 1:
        return NameParts(given=text)
    at = _eastern_family_length(text)
    return NameParts(family=text[:at], given=text[at:])


def _eastern_family_length(text: str) -> int:
    if text[:2] in name_words.TWO_SYLLABLES and len(text) > 2:
        return 2
    if _HANGUL.match(text) or len(text) == 2:
        return 1
    chinese = text[0] in name_words.ONE_SYLLABLE and len(text) <= 3 and not _KANA.search(text)
    return 1 if chinese else 2


def _prefixed(words: list[str]) -> tuple[list[str], list[str]]:
    at = 0
    while at < len(words) - 1 and (_is_prefix(words[at]) or (at and words[at].lower() in _JOINERS)):
        at += 1
    return words[:at], words[at:]


def _is_prefix(word: str) -> bool:
    bare = word.lower().rstrip(".")
    return bare in name_words.PREFIXES and (bare not in name_words.NEED_STOP or word.endswith("."))


def _suffixed(words: list[str], keep: int) -> tuple[list[str], list[str]]:
    at = len(words)
    mixed = any(not word.isupper() for word in words if len(word) > 2)
    while (
        at > keep
        and _is_suffix(words[at - 1])
        and (_is_certain(words[at - 1]) or (mixed and words[at - 1].isupper()))
    ):
        at -= 1
    return words[:at], words[at:]


def _is_suffix(word: str) -> bool:
    return word.lower().replace(".", "").strip("()") in name_words.SUFFIXES


def _is_certain(word: str) -> bool:
    return word.lower().replace(".", "") not in name_words.DOUBTFUL


def _shouted(words: list[str]) -> tuple[int, int] | None:
    """Return the range of words in capitals if only the family name is, as in "Jean-Luc DUPONT"."""
    loud = [len(word) > 2 and word.isupper() and "." not in word for word in words]
    if not any(loud) or not any(len(word) > 2 and not word.isupper() and word[0].isupper() for word in words):
        return None
    start, end = loud.index(True), len(loud) - loud[::-1].index(True)
    while start > 0 and _is_particle(words[start - 1]) and end - start + 1 < len(words):
        start -= 1
    return (start, end) if start == 0 or end == len(words) else None


def _ends_in_initial(words: list[str]) -> bool:
    """Tell "Swanson Peter A" from "Peter A Swanson"."""
    last, others = words[-1], words[:-1]
    return len(words) > 2 and bool(_INITIAL.fullmatch(last)) and all(len(word) > 2 for word in others)


def _family_start(words: list[str], language: str) -> int:
    """Return where the family name begins: at its first particle, else at the last word (Spanish: two)."""
    for at in range(_devotion_end(words), len(words) - 1):
        if _is_particle(words[at]) and words[at - 1].lower() not in _JOINERS:
            joins = words[at].lower() in {"y", "e", "i"}
            return max(1, at - 1) if joins else at
    if language == "es" and len(words) > 2 and not any(_INITIAL.fullmatch(word) for word in words):
        return len(words) - 2
    return len(words) - 1


def _devotion_end(words: list[str]) -> int:
    """Return where to look for the family name: after "Maria de Fátima", which is one given name."""
    if words[0].lower() not in {"maria", "maría", "mª", "josé", "jose"} or len(words) < 4:
        return 1
    at = next((at for at, word in enumerate(words[1:4], 1) if fold(word) in name_words.DEVOTIONS), 0)
    return at + 1 if at > 1 and all(_is_particle(word) for word in words[1:at]) and at + 1 < len(words) else 1


def _is_particle(word: str) -> bool:
    """Tell whether a word belongs to the family name after it; a capital I, E or Y is an initial."""
    bare = word.rstrip(".")
    return bare.lower() in name_words.PARTICLES and (len(bare) > 1 or (word.islower() and bare == word))


def _given_and_additional(words: list[str]) -> tuple[str, str]:
    for at, word in enumerate(words):
        if word.lower() in _JOINERS:
            return _words(words), ""
        if at and _INITIAL.fullmatch(word):
            break
    return (words[0], _words(words[1:])) if words else ("", "")


def _words(words: list[str]) -> str:
    return " ".join(words)


def _joined(left: str, right: str) -> str:
    return ", ".join(part for part in (left, right) if part)
