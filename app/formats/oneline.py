"""One line about a person, or a pasted signature, understood: who, what, where and how to reach them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.formats import emails
from app.formats.fold import fold, words
from app.formats.name_parts import NameParts, split
from app.formats.oneline_reading import Reading, domain_word
from app.formats.oneline_values import Values, take
from app.formats.oneline_words import ROLES

# What is longer is a letter, not a line; the rest is kept as a note.
MAX_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class Understood:
    """What a line says, in the words of a vCard; `guessed` names the fields taken from an address alone.

    `phone_types` goes with `phones`: cell, fax, home, work, voice or "". `note` holds what found no place.
    """

    formatted_name: str = ""
    prefix: str = ""
    given_name: str = ""
    additional_name: str = ""
    family_name: str = ""
    suffix: str = ""
    title: str = ""
    organization: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    phone_types: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    note: str = ""
    guessed: frozenset[str] = frozenset()


def understand(text: str, region: str | None = None, language: str = "") -> Understood:
    """Return what a line such as "Ana Lima, CFO at Acme, ana@acme.pt, +351 912 345 678" says about a person.

    The order and the separators do not matter; English, German, French, Spanish and Portuguese; signatures
    of several lines too. Numbers are read as in `region`, names as in `language`. Except for labels (Tel.),
    joining words (at) and greetings every word is in some field, at last in `note`.
    """
    clean = text.replace("\u00a0", " ").replace("\r\n", "\n")
    end = (
        len(clean)
        if len(clean) <= MAX_LENGTH
        else max(clean.rfind(" ", 0, MAX_LENGTH), clean.rfind("\n", 0, MAX_LENGTH))
    )
    head, tail = (clean[:end], clean[end:]) if end > 0 else (clean[:MAX_LENGTH], clean[MAX_LENGTH:])
    values = take(head, region)
    reading = Reading(values.rest, values)
    left = reading.sort()
    guessed = set()
    if not reading.name and (name := _name_of_address(values.emails)):
        reading.name = name
        guessed.add("formatted_name")
    company = _company_of_addresses(values)
    if not reading.organization and company and not set(words(company)) <= set(words(reading.name)):
        reading.organization = company
        guessed.add("organization")
    parts = split(reading.name, language or _language(values.emails)) if reading.name else NameParts()
    note = "\n".join(filter(None, (", ".join(line) for line in left)))
    return Understood(
        formatted_name=reading.name,
        prefix=parts.prefix,
        given_name=parts.given or parts.nickname,
        additional_name=parts.additional,
        family_name=parts.family,
        suffix=parts.suffix,
        title=reading.title,
        organization=reading.organization,
        emails=tuple(values.emails),
        phones=tuple(values.phones),
        phone_types=tuple(values.phone_types),
        urls=tuple(values.urls),
        note="\n".join(filter(None, (note, tail.strip()))),
        guessed=frozenset(guessed),
    )


def _name_of_address(addresses: list[str]) -> str:
    for address in addresses:
        parts = [part for part in re.split(r"[._-]+", address.partition("@")[0].partition("+")[0]) if part]
        if (
            all(part.isalpha() for part in parts)
            and 0 < len(parts) <= 3
            and not set(map(fold, parts)) & ROLES
        ):
            return " ".join(part.capitalize() for part in parts)
    return ""


def _language(addresses: list[str]) -> str:
    """Return the language whose names differ, by the country of an address: two family names, or the family first."""
    return next((mail[-2:] for mail in addresses if mail.endswith((".es", ".hu"))), "")


def _company_of_addresses(values: Values) -> str:
    hosts = values.emails + [f"@{urlsplit(url).hostname or ''}" for url in values.urls]
    return next((emails.company_guess(host) for host in hosts if domain_word(host)), "")
