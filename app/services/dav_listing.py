"""What a book tells: all its cards, those that changed since a number, those of some names; each by index, in pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from app.formats.card import Card, Property
from app.formats.fold import words
from app.formats.vcard_fields import card_of
from app.formats.vcard_properties import Version
from app.formats.vcard_write import write_vcard
from app.kernel.context import Context
from app.models import Contact, DavCard
from app.services import cards
from app.services.dav_books import Book

PAGE = 500
AT_ONCE = 100
"""Cards that are read together."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A card in the list: its name, which contact it is, its stamp; `gone` for a tombstone, which has only a name."""

    name: str
    contact_id: int
    stamp: str
    uid: str
    seq: int
    gone: bool = False

    @property
    def etag(self) -> str:
        """The entity tag, with its quotes."""
        return f'"{self.contact_id}.{self.stamp}"'


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Changes in their order; `more` tells that others follow after `seq`."""

    rows: Sequence[Row]
    seq: int
    more: bool


def rows(ctx: Context, *where: Any, limit: int) -> list[Row]:
    """Return cards of a book by their numbers."""
    query = select(
        DavCard.name, DavCard.contact_id, DavCard.stamp, DavCard.uid, DavCard.seq, DavCard.gone_at
    ).where(*where)
    found = ctx.session.execute(query.order_by(DavCard.seq).limit(limit))
    return [
        Row(
            name=r.name,
            contact_id=r.contact_id,
            stamp=r.stamp,
            uid=r.uid,
            seq=r.seq,
            gone=r.gone_at is not None,
        )
        for r in found
    ]


def every(ctx: Context, book: Book) -> Iterator[Row]:
    """Yield the cards of a book as it was when it was asked for, a page in memory at a time."""
    last = 0
    while True:
        here = (DavCard.book_id == book.id, DavCard.seq > last, DavCard.seq <= book.seq)
        page = rows(ctx, *here, DavCard.gone_at.is_(None), limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].seq


def changed(ctx: Context, book: Book, after: int, limit: int) -> Changes:
    """Return what changed after a number; from the beginning (0) no tombstones are told."""
    here = [DavCard.book_id == book.id, DavCard.seq > after, DavCard.seq <= book.seq]
    if after == 0:
        here.append(DavCard.gone_at.is_(None))
    found = rows(ctx, *here, limit=limit + 1)
    more = len(found) > limit
    told = found[:limit]
    return Changes(rows=told, seq=told[-1].seq if more else book.seq, more=more)


def named(ctx: Context, book_id: int, names: Sequence[str]) -> Mapping[str, Row]:
    """Return the cards of some names by them; tombstones are left out."""
    here = (DavCard.book_id == book_id, DavCard.name.in_(names), DavCard.gone_at.is_(None))
    return {row.name: row for row in rows(ctx, *here, limit=len(names))}


def of_contacts(ctx: Context, book: Book, ids: Sequence[int]) -> list[Row]:
    """Return the cards of some contacts."""
    here = (DavCard.book_id == book.id, DavCard.contact_id.in_(ids), DavCard.gone_at.is_(None))
    return rows(ctx, *here, limit=len(ids))


def read(ctx: Context, listed: Sequence[Row], *, photo: bool = True) -> Iterator[tuple[Row, Card]]:
    """Yield rows with their cards as the principal may see them, those out of sight left out; photos one by one."""
    for begin in range(0, len(listed), AT_ONCE):
        some = {row.contact_id: row for row in listed[begin : begin + AT_ONCE]}
        changed_at = dict(
            ctx.session.execute(select(Contact.id, Contact.updated_at).where(Contact.id.in_(some))).all()
        )
        for contact_id, found in cards.numbered(ctx, "contact", list(some), photo=photo):
            row = some[contact_id]
            yield row, _told(found, row, f"{changed_at[contact_id]:%Y%m%dT%H%M%SZ}")


REV = "rev"
WRITTEN_APART = frozenset(("kind", "geo", "related", "source"))
"""Properties without a field of a contact that each version of vCard writes in its own way."""


def _told(found: Card, row: Row, rev: str) -> Card:
    """Return a card under the UID by which the program knows it, with all that was kept of it."""
    also = card_of(prop for prop in found.extra if prop.name in WRITTEN_APART)
    others = tuple(prop for prop in found.extra if prop.name not in (REV, "fn", *WRITTEN_APART))
    return replace(
        found,
        formatted_name=_name(found),
        kind=also.kind,
        uid=row.uid or found.uid,
        geo=also.geo,
        source=also.source,
        related=(*found.related, *also.related),
        extra=(*others, *also.extra, Property(REV, (rev,), "timestamp")),
    )


def _name(found: Card) -> str:
    """Return the name as it was sent, if it says more than the parts of the name and these are still in it."""
    given = next((str(prop.values[0]) for prop in found.extra if prop.name == "fn" and prop.values), "")
    return given if set(words(given)) >= set(words(found.formatted_name)) else found.formatted_name


ALWAYS = frozenset(("BEGIN", "END", "VERSION"))
_NAME = re.compile(r"(?:[^;:.]*\.)?([^;:]+)")


def text(found: Card, version: Version, only: Collection[str] = ()) -> str:
    """Return a card as the program wants it: all of it, or only the properties of some names."""
    whole = write_vcard(found, version)
    if not only:
        return whole
    lines = whole.replace("\r\n ", "\r\n\0").split("\r\n")
    kept: list[str] = []
    taken = False
    for line in lines:
        if not line.startswith("\0"):
            name = _NAME.match(line)
            taken = name is None or name[1].upper() in ALWAYS or name[1].upper() in only
        if taken:
            kept.append(line)
    return "\r\n".join(kept).replace("\0", " ")
