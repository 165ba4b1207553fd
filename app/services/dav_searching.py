"""Cards that match a filter of addressbook-query: the database finds candidates, then the cards themselves are asked.

What can be asked of a column (names, e-mail, phone, company, UID) narrows the search by the filters of lists; everything
else is asked of the cards, of so many at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, or_, select

from app.formats.card import Card, Property
from app.formats.vcard_properties import properties_of
from app.kernel.context import Context
from app.kernel.expr.tree import ExprError
from app.models import Contact, DavCard
from app.services import dav_listing, filters
from app.services.dav_books import Book
from app.services.dav_listing import Row

How = Literal["equals", "contains", "starts-with", "ends-with"]

SCANNED = 5000
"""Cards that are read for one question."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A text that a value is compared with; case aside, of ASCII letters or of all."""

    text: str
    how: How = "contains"
    negated: bool = False
    ascii: bool = False

    def holds(self, value: str) -> bool:
        """Tell whether a value matches."""
        left, right = self._folded(value), self._folded(self.text)
        found = {
            "equals": left == right,
            "contains": right in left,
            "starts-with": left.startswith(right),
            "ends-with": left.endswith(right),
        }[self.how]
        return found != self.negated

    def _folded(self, text: str) -> str:
        if not self.ascii:
            return text.casefold()
        return "".join(char.lower() if char.isascii() else char for char in text)


@dataclass(frozen=True, kw_only=True)
class ParamTest:
    """What a parameter of a property has to be: there, not there, or matching."""

    name: str
    missing: bool = False
    match: Match | None = None

    def holds(self, prop: Property) -> bool:
        """Tell whether a property passes."""
        values = prop.params.get(self.name, ())
        if self.missing or not values:
            return self.missing and not values
        return self.match is None or any(self.match.holds(value) for value in values)


@dataclass(frozen=True, kw_only=True)
class PropTest:
    """What one of the properties of a name has to be."""

    name: str
    missing: bool = False
    matches: tuple[Match, ...] = ()
    params: tuple[ParamTest, ...] = ()
    every: bool = False

    def holds(self, props: Iterable[Property]) -> bool:
        """Tell whether a card's properties pass."""
        mine = [prop for prop in props if prop.name == self.name]
        if self.missing:
            return not mine
        return any(self._one(prop) for prop in mine)

    def _one(self, prop: Property) -> bool:
        told = [match.holds(_text(prop)) for match in self.matches]
        told += [test.holds(prop) for test in self.params]
        return not told or (all(told) if self.every else any(told))


@dataclass(frozen=True, kw_only=True)
class Test:
    """A filter: every one or any of its tests holds; without tests every card passes."""

    props: tuple[PropTest, ...] = ()
    every: bool = False

    def holds(self, card: Card) -> bool:
        """Tell whether a card passes."""
        props = properties_of(card, "4.0")
        told = [test.holds(props) for test in self.props]
        return not told or (all(told) if self.every else any(told))


def _text(prop: Property) -> str:
    if prop.name == "tel":
        return str(prop.values[0]).removeprefix("tel:") if prop.values else ""
    return ",".join(
        value if isinstance(value, str) else ";".join(map(_component, value)) for value in prop.values
    )


def _component(part: Any) -> str:
    return part if isinstance(part, str) else ",".join(part)


# ---------------------------------------------------------------- finding


def find(ctx: Context, book: Book, test: Test, limit: int) -> tuple[Sequence[Row], bool]:
    """Return the cards that match, and whether there are or may be more of them."""
    narrow = _narrowed(ctx, test)
    found: list[Row] = []
    read, last = 0, 0
    while True:
        rows = _candidates(ctx, book, narrow, last)
        for row in _matching(ctx, rows, test):
            if len(found) == limit:
                return found, True
            found.append(row)
        if len(rows) < dav_listing.AT_ONCE:
            return found, False
        read, last = read + len(rows), rows[-1].seq
        if test.props and read >= SCANNED:
            return found, True


def _matching(ctx: Context, rows: Sequence[Row], test: Test) -> Iterator[Row]:
    if not test.props:
        yield from rows
        return
    yield from (row for row, card in dav_listing.read(ctx, rows, photo=False) if test.holds(card))


def _candidates(ctx: Context, book: Book, narrow: ColumnElement[bool] | None, last: int) -> list[Row]:
    where: list[Any] = [DavCard.book_id == book.id, DavCard.seq > last, DavCard.gone_at.is_(None)]
    if narrow is not None:
        where.append(narrow)
    return dav_listing.rows(ctx, *where, limit=dav_listing.AT_ONCE)


FIELDS = {
    "fn": ("name",),
    "n": ("family_name", "given_name", "additional_name", "honorific_prefix", "honorific_suffix"),
    "nickname": ("nickname",),
    "email": ("emails",),
}
"""Property → the fields of which one holds its text, and so the longest word of it."""

_WORDS = re.compile("[A-Za-z0-9]+")


def _narrowed(ctx: Context, test: Test) -> ColumnElement[bool] | None:
    """Return a condition that every matching card meets, None where there is none that the database could ask."""
    told = [_condition(ctx, one) for one in test.props]
    known = [one for one in told if one is not None]
    if test.every:
        return known[0] if known else None
    return or_(*known) if known and len(known) == len(told) else None


def _condition(ctx: Context, test: PropTest) -> ColumnElement[bool] | None:
    texts = [match.text for match in test.matches if not match.negated]
    sure = texts and len(texts) == len(test.matches) and not test.params and not test.missing
    if not sure:
        return None
    parts = [_about(ctx, test.name, text) for text in (texts[:1] if test.every else texts)]
    known = [part for part in parts if part is not None]
    return or_(*known) if len(known) == len(parts) else None


def _about(ctx: Context, name: str, text: str) -> ColumnElement[bool] | None:
    if name == "uid":
        return DavCard.uid.ilike(f"%{_like(text)}%", escape="\\")
    word = max(_WORDS.findall(text), key=len, default="")
    if name not in FIELDS or len(word) < 2:
        return None
    try:
        asked = [
            filters.criterion(ctx, "contact", f'{field} contains "{word}"')
            for field in FIELDS[name]
            if field in {f.key for f in ctx.schema.fields("contact")}
        ]
    except ExprError:
        return None
    return DavCard.contact_id.in_(select(Contact.id).where(or_(*asked)))


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
