"""What tells a person or a company from others, made ready to be compared: words in Latin letters, keys, addresses.

One form for everything that is compared: rows of the database, something about to be written down, rows of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.formats import emails, latin
from app.formats.fold import digits
from app.formats.name_words import LEGAL_FORMS, PARTICLES
from app.formats.street_words import FULL

Words = tuple[str, ...]

Place = tuple[str, str, str, str]
"""An address: house number, street, town, postal code; each may be empty."""

LEAST_DIGITS = 6
"""Digits that a phone number must have to tell somebody from others."""

TAIL = 9
"""Digits at the end of a number that are compared: what is before them may be written or left out."""

_NUMBER = re.compile(r"^\d+[a-z]?$")
_GLUED = re.compile(r"(?<=[a-z]{3})str$")


class Profile(NamedTuple):
    """Plain tuples and texts, so that it can be stored as it is; everything may be empty.

    People have `given`, `family` and `others` (nickname, names as they sound), companies have `name`.
    """

    given: Words = ()
    family: Words = ()
    others: Words = ()
    name: Words = ()
    emails: Words = ()
    phones: Words = ()
    domains: Words = ()
    employers: Words = ()
    places: tuple[Place, ...] = ()
    born: str = ""
    codes: Words = ()


def person(
    *,
    given: str = "",
    additional: str = "",
    family: str = "",
    others: Iterable[str] = (),
    born: str = "",
    companies: Iterable[str] = (),
    **reach: Any,
) -> Profile:
    """Return the profile of a person; `reach` is as in `reached`. Born is a date (YYYY-MM-DD, or without the year)."""
    return Profile(
        given=(*latin.words(given), *latin.words(additional)),
        family=tuple(w for w in latin.words(family) if w not in PARTICLES) or latin.words(family),
        others=tuple(dict.fromkeys(w for text in others for w in latin.words(text))),
        born=born,
        employers=tuple(dict.fromkeys(filter(None, (" ".join(company_words(c)) for c in companies)))),
        **reached(**reach),
    )


def company(
    *, name: str = "", domains: Iterable[str] = (), codes: Iterable[str] = (), **reach: Any
) -> Profile:
    """Return the profile of a company; `codes` are numbers by which registers know it."""
    return Profile(
        name=company_words(name),
        domains=tuple(dict.fromkeys(d.lower().removeprefix("www.") for d in domains if d)),
        codes=tuple(dict.fromkeys(filter(None, ("".join(latin.words(c)) for c in codes)))),
        **reached(**reach),
    )


def reached(
    *,
    mails: Iterable[str] = (),
    phones: Iterable[str] = (),
    addresses: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the parts of a profile that say how somebody is reached.

    Mails are normalised keys or as typed; phones E.164 keys or digits; addresses are parts by their names (vCard ADR).
    """
    numbers = (digits(text)[-TAIL:] for text in phones)
    found = (place(parts) for parts in addresses)
    return {
        "emails": tuple(dict.fromkeys(emails.normalise(m) or m.casefold() for m in mails if m)),
        "phones": tuple(dict.fromkeys(n for n in numbers if len(n) >= LEAST_DIGITS)),
        "places": tuple(dict.fromkeys(p for p in found if any(p))),
    }


def company_words(name: str) -> Words:
    """Return the words of a company's name without its legal form and without "the"."""
    words = list(latin.words(name))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return tuple(w for w in words if w not in ("the", "and")) or tuple(words)


def place(parts: Mapping[str, Any]) -> Place:
    """Return an address as it is compared: the house number taken out of the street, short forms written in full."""
    words = [FULL.get(w, w) for w in latin.words(str(parts.get("street_address") or ""))]
    words = [_GLUED.sub("strasse", w) for w in words]
    number = str(parts.get("house_number") or "").lower()
    if not number:
        at = next((n for n, w in enumerate(words) if _NUMBER.match(w)), None)
        number = words.pop(at) if at is not None else ""
    return (
        number,
        " ".join(words),
        " ".join(FULL.get(w, w) for w in latin.words(str(parts.get("locality") or ""))),
        "".join(latin.words(str(parts.get("postal_code") or ""))),
    )
