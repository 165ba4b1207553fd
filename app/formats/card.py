"""The neutral person or organisation that every address-book reader makes and every writer takes.

Names follow vCard 4 (RFC 6350). Everything is immutable; text holds "\\n" line breaks and no control characters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

Params = dict[str, tuple[str, ...]]
"""Parameters of a property: lower-case name to its values."""

Component = str | tuple[str, ...]
PropertyValue = str | tuple[Component, ...]
"""A jCard value (RFC 7095): plain text, or the components of a structured value, each with one or more texts."""

Kind = Literal["individual", "org", "group"]


class Format(StrEnum):
    """What a file of contacts turned out to be."""

    VCARD = "vcard"
    JCARD = "jcard"
    XCARD = "xcard"
    LDIF = "ldif"
    CSV = "csv"
    RECORDS = "json-records"
    WORKBOOK = "workbook"
    LINES = "json-lines"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Property:
    """One jCard property (RFC 7095 section 3.3); type "unknown" means that the value is the raw text of a file."""

    name: str
    values: tuple[PropertyValue, ...]
    type: str = "text"
    params: Params = field(default_factory=dict)

    def to_jcard(self) -> list[object]:
        """Return the JSON form `[name, params, type, value, ...]`."""
        params = {key: given[0] if len(given) == 1 else list(given) for key, given in self.params.items()}
        return [self.name, params, self.type, *(_listed(value) for value in self.values)]


def _listed(value: PropertyValue) -> object:
    if isinstance(value, str):
        return value
    return [part if isinstance(part, str) else list(part) for part in value]


@dataclass(frozen=True, slots=True)
class Value:
    """An e-mail address, phone number, web address or language with its vCard types; pref 1 is the favourite."""

    value: str
    types: tuple[str, ...] = ()
    pref: int | None = None
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Impp:
    """A messaging or social account: `value` without the scheme of `service` ("xmpp", "skype", "twitter")."""

    value: str
    service: str = ""
    types: tuple[str, ...] = ()
    pref: int | None = None
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` as written, `country_code` ISO 3166-1 alpha-2 or "", `label` as printed."""

    post_office_box: str = ""
    extended_address: str = ""
    street_address: str = ""
    locality: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    country_code: str = ""
    label: str = ""
    types: tuple[str, ...] = ()
    pref: int | None = None
    params: Params = field(default_factory=dict)
    further: tuple[str, ...] = ()
    """Components 8 to 18 of RFC 9554 (room, floor, district ...), as they stood."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture: its bytes and media type, or the address where it is."""

    data: bytes = b""
    media_type: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Another person: a name, UID or address, with the relation as type ("spouse", "manager")."""

    value: str
    types: tuple[str, ...] = ()
    pref: int | None = None
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """A person, organisation or group.

    Dates are ISO 8601, possibly truncated ("--04-12", "1953-10"), or the text of the file where it is no date.
    `gender` is a letter of RFC 6350, then perhaps ";" and words. `department` joins units with "; ".
    `params` holds parameters of single properties without a field, by property name.
    `extra` holds the properties without a field, kept to be shown and exported again.
    """

    kind: Kind = "individual"
    uid: str = ""
    formatted_name: str = ""
    honorific_prefix: str = ""
    given_name: str = ""
    additional_name: str = ""
    family_name: str = ""
    honorific_suffix: str = ""
    nickname: str = ""
    phonetic_given_name: str = ""
    phonetic_family_name: str = ""
    emails: tuple[Value, ...] = ()
    phones: tuple[Value, ...] = ()
    addresses: tuple[Address, ...] = ()
    urls: tuple[Value, ...] = ()
    impp: tuple[Impp, ...] = ()
    birthday: str = ""
    anniversary: str = ""
    gender: str = ""
    pronouns: str = ""
    languages: tuple[Value, ...] = ()
    time_zone: str = ""
    geo: str = ""
    organization: str = ""
    department: str = ""
    title: str = ""
    role: str = ""
    note: str = ""
    categories: tuple[str, ...] = ()
    photo: Photo | None = None
    related: tuple[Related, ...] = ()
    source: str = ""
    params: dict[str, Params] = field(default_factory=dict)
    extra: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be taken as it stood, for the person who imports it.

    `line` counts from 1 (line of the file, for tables the row of the file); `words` are the file's own words, shortened.
    `sentence` says what to do: an English message id with `%(name)s` places for `values`.
    `lost` tells that no card holds the words, so that whoever imports must be shown them.
    """

    line: int
    words: str
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: its cards in file order, its problems, and how it was understood."""

    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]
    format: Format = Format.UNKNOWN
    encoding: str = ""


def problem(line: int, words: str, sentence: str, **values: object) -> Problem:
    """Return a Problem whose quotation of the file is cut to 200 characters."""
    quoted = words if len(words) <= 200 else words[:199] + "…"
    return Problem(line, quoted, sentence, {key: str(value) for key, value in values.items()})


def left_out(line: int, words: str, sentence: str, **values: object) -> Problem:
    """Return a Problem about something that no card holds; see `problem`."""
    return replace(problem(line, words, sentence, **values), lost=True)


def N_(sentence: str) -> str:
    """Mark a sentence for the translators; it is translated where it is shown."""
    return sentence


NAME_PARTS = ("honorific_prefix", "given_name", "additional_name", "family_name", "honorific_suffix")


def called(texts: Mapping[str, str], reach: Iterable[Value | Impp]) -> str:
    """Return the name to show for a card without FN: its name parts, else nickname, organisation, e-mail, phone.

    `texts` are its fields, `reach` its e-mail addresses, numbers and accounts in this order.
    """
    if whole := " ".join(filter(None, map(texts.get, NAME_PARTS))):
        return whole
    choices = (texts.get("nickname"), texts.get("organization"), *(one.value for one in reach))
    return next(filter(None, choices), "")
