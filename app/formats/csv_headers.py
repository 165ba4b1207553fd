"""What a column of an address-book table holds, guessed from its header."""

import re
import unicodedata
from functools import lru_cache

from app.formats.csv_words import FILLERS, HEADERS, QUALIFIERS, TYPE_WORDS
from app.formats.vcard_names import types_of

_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_NUMBERED = re.compile(
    r"(email|phone|address|organization|relation|website|event|custom field|im|instant messenger) (\d+) "
    r"(type|label|value|formatted|street|city|po box|region|postal code|country|extended address|name|title|"
    r"department|service)"
)
_PERSON = re.compile(r"(contact|account) ?([1-9]) (.+)")
_LISTED = {
    "email": "emails",
    "phone": "phones",
    "address": "addresses",
    "relation": "related",
    "website": "urls",
    "event": "events",
    "custom field": "custom",
    "im": "impp",
    "instant messenger": "impp",
}
_ADDRESS_PARTS = {
    "formatted": "label",
    "street": "street_address",
    "city": "locality",
    "po box": "post_office_box",
    "extended address": "extended_address",
}
_ORGANIZATION = {"name": "organization", "title": "title", "department": "department"}
_PHONE_KINDS = frozenset(
    ("cell", "fax", "pager", "car", "callback", "isdn", "telex", "radio", "textphone", "company")
)
_PLACES = frozenset(("home", "work", "other", "billing", "delivery", "postal"))
_NOT_TARGETS = frozenset(("preferred email", "preferred phone", "email type", "phone type"))
_SPLIT_EMAIL = re.compile(r"\be[ -]?mail")


def _table(text: str) -> dict[str, str]:
    entries: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", text.strip()):
        target, _, words = block.partition(":")
        for word in words.split("|"):
            entries.setdefault(" ".join(word.split()), target)
    return entries


_EXACT = _table(HEADERS)
_QUALIFIERS = _table(QUALIFIERS)
_TYPES = _table(TYPE_WORDS)


def unaccented(text: str) -> str:
    """Return the text without accents ("Prénom" as "Prenom")."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))


_PLAIN_EXACT = {unaccented(word): target for word, target in reversed(_EXACT.items())}
_PLAIN_QUALIFIERS = {unaccented(word): target for word, target in reversed(_QUALIFIERS.items())}
_LONGEST_QUALIFIER = max(len(word.split()) for word in _QUALIFIERS)


def is_id(header: str) -> bool:
    """Tell whether a header is that of an identifier: "ID", "Record ID", "company_id"."""
    words = words_of(header)
    return words in ("id", "uid", "guid") or words.endswith((" id", "_id"))


def words_of(header: str) -> str:
    """Return a header as plain words: small, without punctuation ("E-mail 1 - Value" as "email 1 value")."""
    text = header.strip().removesuffix("__c").removesuffix("__C")
    text = re.sub(r"^(?:NPSP__|property_(?:hs_)?)", "", text, flags=re.IGNORECASE)
    if not text.isupper():
        text = _CAMEL.sub(" ", text)
    text = " ".join(_NOT_WORD.sub(" ", text.casefold().replace("ß", "ss")).split())
    text = re.sub(r"(?<=[a-z])(\d)\b", r" \1", text)
    return _SPLIT_EMAIL.sub("email", text)


@lru_cache(maxsize=4096)
def guess_target(header: str) -> str:
    """Return the target that a header names ("given_name", "phones#home-fax", "addresses.locality#work"), or "".

    A target is a field of Card, then perhaps ".part", then "#slot": a number or types that keep the parts of one value
    together, then "@person" where a row holds several people.
    """
    text = words_of(header[:200])
    if person := _PERSON.fullmatch(text):
        return _of_person(person)
    if numbered := _NUMBERED.fullmatch(text):
        return _numbered(*numbered.groups(), dashed=" - " in header)
    if text in _NOT_TARGETS:
        return ""
    return _lookup(text) or _composed(text)


def _lookup(text: str) -> str:
    plain = " ".join(word for word in text.split() if word not in FILLERS)
    return (
        _EXACT.get(text) or _PLAIN_EXACT.get(unaccented(text), "") or _PLAIN_EXACT.get(unaccented(plain), "")
    )


def _of_person(found: re.Match[str]) -> str:
    kind, number, rest = found.groups()
    person = "" if number == "1" else f"@{number}"
    if kind == "contact":
        text = {"firstname": "first name", "lastname": "last name"}.get(rest, rest)
        target = guess_target("Job Title" if text == "title" else text)
        return f"{target}{person}" if target and "@" not in target else ""
    if rest == "name":
        return f"organization{person}"
    target = guess_target(rest)
    if target and target.split(".")[0] in ("addresses", "phones", "urls") and "#" not in target:
        return f"{target}#work{person}"
    return ""


def _numbered(kind: str, number: str, part: str, *, dashed: bool) -> str:
    if kind == "organization":
        return _ORGANIZATION.get(part, "") if number == "1" else ""
    field = _LISTED[kind]
    if part in ("type", "label"):
        return f"{field}.types#{number}" if dashed else ""
    if kind == "address":
        return f"{field}.{_ADDRESS_PARTS.get(part, part.replace(' ', '_'))}#{number}"
    if part == "service":
        return f"{field}.service#{number}"
    return f"{field}#{number}" if part == "value" else ""


def _composed(text: str) -> str:
    """A header with words for a place or kind beside it: "Business Phone 2", "Fax privat", "Rue (bureau)"."""
    kinds, number, rest = _qualified(text.split())
    if not kinds and not number:
        return ""
    target = _lookup(" ".join(rest))
    if not target and all(word in FILLERS for word in rest):
        target = "phones" if _PHONE_KINDS & set(kinds) else ""
    field, _, part = target.partition(".")
    if field in ("emails", "phones", "urls", "addresses") and "#" not in target:
        if part == "street_address" and number and rest[-1:] and rest[-1] in ("address", "adresse"):
            part = "extended_address" if number == "2" else part
        kinds.sort(key=lambda kind: kind not in _PLACES)
        slot = "-".join([*kinds, number] if number and field != "addresses" else kinds)
        return f"{field}{'.' if part else ''}{part}#{slot}" if slot else f"{field}{'.' if part else ''}{part}"
    return ""


def _qualified(words: list[str]) -> tuple[list[str], str, list[str]]:
    """The vCard types among the words, the number, and the other words."""
    kinds: list[str] = []
    number, rest, at = "", list[str](), 0
    while at < len(words):
        for length in range(min(_LONGEST_QUALIFIER, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            kind = _QUALIFIERS.get(phrase) or _PLAIN_QUALIFIERS.get(unaccented(phrase))
            if kind:
                kinds += [kind] if kind not in kinds else []
                at += length
                break
        else:
            if words[at].isdecimal():
                number = words[at]
            else:
                rest.append(words[at])
            at += 1
    return kinds, number, rest


def types_of_words(text: str) -> tuple[tuple[str, ...], int | None]:
    """Return the vCard types and preference of a type cell ("* Home Fax" is home, fax and preferred)."""
    pref = 1 if text.startswith("*") else None
    plain = " ".join(text.lstrip("* ").split())
    known = _TYPES.get(plain.casefold())
    if known:
        return tuple(known.split()), pref
    return types_of(plain), pref
