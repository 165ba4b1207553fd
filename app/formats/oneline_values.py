"""Addresses, links and numbers taken out of a text, with the labels before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from phonenumbers import PhoneNumberMatcher
from phonenumbers.phonenumbermatcher import Leniency

from app.formats import emails
from app.formats.fold import digits, fold
from app.formats.oneline_words import OTHER_LABELS, PHONE_LABELS

# What stands where a value was: a break between the words around it.
GAP = "\x1f"

_EMAIL = re.compile(
    r"(?:mailto:)?<?\s?([^\s<>,;|()\[\]\"“”]{1,64}@[^\s<>,;|()\[\]\"“”]{3,253})\s?>?", re.IGNORECASE
)
_URL = re.compile(
    r"(?<![\w@.-])(?:https?://[^\s<>\"“”|]+|www\.[^\s<>\"“”,;|]+"
    r"|(?:[a-z0-9-]{2,63}\.)+(?:com|org|net|info|biz|eu|io|ai|app|dev|shop|online|tech|cloud|[a-z]{2})\b(?:/[^\s<>\"“”,;|]*)?)"
)
_BARE_NUMBER = re.compile(
    r"(?<![\w.,/-])\+?\(?\d[\d\s().\u00a0/-]{5,22}\d(?![\w@])(?:\s?(?:ext|x|dw)\.?\s?\d{1,6})?"
)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d")
_PHONE_LABEL = "|".join(f"(?P<{kind}>{words})" for kind, words in PHONE_LABELS.items())
_BEFORE_PHONE = re.compile(
    rf"(?:^|(?<=[^\w@]))(?:{_PHONE_LABEL})(?:\s?(?:no|nr|nº|n°))?\s*[.:)\]=-]*\s*[(\[]?$"
)
_BEFORE_OTHER = re.compile(rf"(?:^|(?<=[^\w@]))(?:{OTHER_LABELS})\s*[:)\]=]+\s*[<(\[]?$")


@dataclass(slots=True)
class Values:
    """What was found, in order, and the text with gaps where it stood."""

    rest: str
    emails: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    phone_types: list[str] = field(default_factory=list)


def take(text: str, region: str | None) -> Values:
    """Take e-mail addresses, web addresses and phone numbers (read in `region`) out of `text`."""
    values = Values(text)
    _take_emails(values)
    _take_urls(values)
    _take_phones(values, region)
    return values


def _take_emails(values: Values) -> None:
    for match in reversed(list(_EMAIL.finditer(values.rest))):
        try:
            address = emails.parse(match[1]).address
        except emails.EmailError:
            continue
        values.emails.insert(0, address)
        _cut(values, match.start(), match.end())
    values.emails = list(dict.fromkeys(values.emails))


def _take_urls(values: Values) -> None:
    for match in reversed(list(_URL.finditer(values.rest))):
        url = match[0].rstrip(".,;:!?)]}'")
        values.urls.insert(0, url if "://" in url else f"https://{url}")
        _cut(values, match.start(), match.start() + len(url))
    values.urls = list(dict.fromkeys(values.urls))


def _take_phones(values: Values, region: str | None) -> None:
    for start, end in sorted(_numbers(values.rest, region), reverse=True):
        written = values.rest[start:end].strip(" .-/")
        kind = _cut(values, start, end)
        if written not in values.phones:
            values.phones.insert(0, written)
            values.phone_types.insert(0, kind)


def _numbers(text: str, region: str | None) -> Iterator[tuple[int, int]]:
    """Find numbers that some plan has, then those that a plus, a label or their length makes one."""
    taken: list[tuple[int, int]] = []
    for match in PhoneNumberMatcher(text, region or "ZZ", leniency=Leniency.VALID):
        taken.append((match.start, match.end))
    for found in _BARE_NUMBER.finditer(text):
        start, end = found.span()
        known = any(start < other_end and other_start < end for other_start, other_end in taken)
        count = len(digits(found[0]))
        labelled = _phone_label(text[:start]) is not None
        likely = count >= 9 or (count >= 6 and (labelled or "+" in found[0]))
        if (
            not known
            and likely
            and count <= 17
            and not _DATE.fullmatch(found[0].strip())
            and "\n" not in found[0]
        ):
            taken.append((start, end))
    yield from taken


def _cut(values: Values, start: int, end: int) -> str:
    """Replace a value and its label by a gap and return the kind of phone that the label names."""
    before, after = values.rest[:start], values.rest[end:]
    label = _phone_label(before)
    other = _BEFORE_OTHER.search(fold_keeping_length(before[-40:]))
    kind = ""
    if label is not None:
        kind = label.lastgroup or ""
        before = before[: len(before) - (label.end() - label.start())]
    elif other is not None:
        before = before[: len(before) - (other.end() - other.start())]
    values.rest = before + GAP + after
    return kind


def _phone_label(before: str) -> re.Match[str] | None:
    return _BEFORE_PHONE.search(fold_keeping_length(before[-40:]))


def fold_keeping_length(text: str) -> str:
    """Fold character by character, so that places in the folded text are places in the text."""
    return "".join((fold(char) or char)[0] for char in text)
