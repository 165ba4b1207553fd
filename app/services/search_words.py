"""What the search index says of a value, and what a person who types means by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.formats import file_values, phones
from app.formats.fold import doc, words
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.services import people

NAME = 10
"""The weight from which a search field is a part of the record's name."""

SHORT = 3
"""Words with fewer letters are looked up as the beginnings of words; trigrams need three."""

REFERENCES = (Kind.REF, Kind.REFS, Kind.USER)
"""Kinds whose values are ids: what is looked for are the names of what they point to."""

MOST_WORDS = 8
MOST_LETTERS = 200

_ADDRESS = ("street_address", "extended_address", "locality", "region", "postal_code", "country", "label")


@dataclass(frozen=True)
class Query:
    """What somebody looks for: the folded words, and if it is a number its digits in all readings."""

    text: str
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def long(self) -> tuple[str, ...]:
        """The words that a trigram index can find inside other words."""
        return tuple(word for word in self.words if len(word) >= SHORT)

    @property
    def short(self) -> tuple[str, ...]:
        """The words that must begin a word of the record."""
        return tuple(word for word in self.words if len(word) < SHORT)

    @cached_property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Sets of substrings, one of which a document holds as a whole."""
        ways: list[tuple[str, ...]] = [(number,) for number in self.numbers]
        if self.long and not (self.numbers and self.short):
            ways.append(self.long)
        return tuple(dict.fromkeys(ways))

    def __bool__(self) -> bool:
        return bool(self.words)

    def fits(self, document: str) -> bool:
        """Tell whether a folded document answers the query; the same rule as in the database."""
        if any(number in document for number in self.numbers):
            return True
        spaced = f" {document}"
        return all(f" {word}" in spaced if len(word) < SHORT else word in document for word in self.words)

    def replaced(self, word: str, by: str) -> Query:
        """Return the query with one word corrected."""
        text = " ".join(by if found == word else found for found in self.words)
        return Query(text, tuple(by if found == word else found for found in self.words))


def parse(text: str) -> Query:
    """Return what a typed text looks for; false when nothing in it can be looked up."""
    text = text.replace("\x00", "").strip()[:MOST_LETTERS]
    found = tuple(dict.fromkeys(words(text)))[:MOST_WORDS]
    numbers = tuple(number for number in phones.query_digits(text) if len(number) >= SHORT)
    return Query(text, found, numbers)


def texts(ctx: Context, field: Field, value: Any) -> list[str]:
    """Return the texts in a field's value by which its record is found: numbers as digits, addresses by line."""
    if not value and value != 0:
        return []
    if field.kind is Kind.PHONE:
        home = ctx.settings.get("region") or None
        return [_dialled(one, home) for one in (value if isinstance(value, list) else [value]) if one]
    if field.kind is Kind.FILE:
        return [file_values.name_of(value)]
    return list(_texts(field.kind, value))


def worded(
    ctx: Context, fields: Iterable[Field], values: Mapping[str, Mapping[int, Any]]
) -> Mapping[str, Mapping[int, Any]]:
    """Return loaded values with the names of what references point to in place of ids, as far as they may be seen.

    One query per kind of record, for a whole page; none without a searched field that refers to something.
    """
    pointing = {f.key: _of(f) for f in fields if f.kind in REFERENCES and any(values.get(f.key, {}).values())}
    if not pointing:
        return values
    targets = {
        (entity, i)
        for key, entity in pointing.items()
        for v in values[key].values()
        for i in _ids(v)
        if entity
    }
    named = people.names(ctx, targets)
    return {
        **values,
        **{
            key: {
                record_id: [named[entity, i].name for i in _ids(v) if (entity, i) in named]
                for record_id, v in values[key].items()
            }
            for key, entity in pointing.items()
        },
    }


def _of(field: Field) -> str:
    return field.ref or ("user" if field.kind is Kind.USER else "")


def _ids(value: Any) -> Iterable[int]:
    return [i for i in (value if isinstance(value, list | tuple) else [value]) if isinstance(i, int)]


def document(
    ctx: Context, fields: Iterable[Field], values: Mapping[str, Mapping[int, Any]], record_id: int
) -> str:
    """Return the folded document of a record from loaded (and `worded`) values, the fields in the order given."""
    return doc(*(text for f in fields for text in texts(ctx, f, values.get(f.key, {}).get(record_id))))


def _texts(kind: Kind, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, Mapping):
        yield from _entry(kind, value)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(kind, one)


def _entry(kind: Kind, entry: Mapping[str, Any]) -> Iterator[str]:
    if kind is Kind.ADDRESS:
        yield from (str(entry[name]) for name in _ADDRESS if entry.get(name))
    else:
        yield str(entry.get("value") or entry.get("name") or "")


def _dialled(number: Any, home: str | None) -> str:
    """Return the digits of a number, which was written by somebody at home."""
    written = number.get("value") if isinstance(number, Mapping) else number
    return phones.keys(str(written or ""), home)[2]
