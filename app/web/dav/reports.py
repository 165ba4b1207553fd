"""REPORT: many cards at once, cards that match, what changed (RFC 6352, section 8; RFC 6578)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast
from xml.etree.ElementTree import Element

from flask import Response, request

from app.formats.vcard_properties import Version
from app.kernel.context import Context
from app.services import dav_books, dav_listing, dav_searching
from app.services.context import ctx
from app.services.dav_listing import Row
from app.web.dav import filters, finding, guarded, places, xml
from app.web.dav.places import Owner
from app.web.dav.xml import CARD, DAV

DATA = f"{CARD}address-data"
MOST_NAMES = 25_000
MOST_ROWS, MOST_CARDS = 2000, 500
"""Changes that are told at once: without cards, and with them."""

NOT_ALL = f"{DAV}number-of-matches-within-limits"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a report is to tell of each card: properties, and of the card's text which version and which lines."""

    tags: tuple[str, ...] | None
    version: Version = "3.0"
    only: frozenset[str] = frozenset()

    @property
    def data(self) -> bool:
        """Whether the text of the card is asked for."""
        return self.tags is not None and DATA in self.tags


class Unsupported(Exception):
    """A version of vCard is asked for that is not written here."""


def report(uid: str) -> Response:
    """Answer a report on the book."""
    whose = places.owner(ctx(), uid)
    body = xml.parsed(request.get_data())
    answer = None if body is None else REPORTS.get(str(body.tag))
    if body is None or answer is None:
        return guarded.answer(403, f"{DAV}supported-report")
    try:
        return answer(ctx(), whose, body, _wanted(body))
    except Unsupported:
        return guarded.answer(403, f"{CARD}supported-address-data")


def _wanted(body: Element) -> Wanted:
    tags, _names = finding.wanted(body)
    data = body.find(f"{DAV}prop/{DATA}")
    if data is None:
        return Wanted(tags=tags)
    version = data.get("version", "3.0")
    if version not in ("3.0", "4.0") or data.get("content-type", "text/vcard") != "text/vcard":
        raise Unsupported
    only = frozenset(prop.get("name", "").upper() for prop in data.iter(f"{CARD}prop"))
    return Wanted(tags=tags, version=cast(Version, version), only=only)


def _limit(body: Element, most: int) -> int:
    """Return how many are to be told: as many as the program takes, or as we tell at once."""
    for path in (f"{DAV}limit/{DAV}nresults", f"{CARD}limit/{CARD}nresults"):
        given = (body.findtext(path) or "").strip()
        if given.isascii() and given.isdecimal() and 0 < len(given) < 10:
            return max(1, min(int(given), most))
    return most


# ---------------------------------------------------------------- what is told


def _told(asked: Context, whose: Owner, rows: Sequence[Row], wanted: Wanted) -> Iterator[str]:
    """Yield what is told of cards; those that went out of sight meanwhile are not there."""
    if not wanted.data:
        yield from (places.card(whose, row).told(wanted.tags) for row in rows)
        return
    tags = tuple(tag for tag in wanted.tags or () if tag != DATA)
    seen: set[str] = set()
    for row, card in dav_listing.read(asked, rows):
        seen.add(row.name)
        text = dav_listing.text(card, wanted.version, wanted.only)
        place = places.card(whose, row)
        found = [(t, place.properties[t]()) for t in tags if t in place.properties]
        missing = [t for t in tags if t not in place.properties]
        yield xml.response(place.address, [*found, (DATA, xml.text(text))], missing)
    yield from (_gone(whose, row.name) for row in rows if row.name not in seen)


def _gone(whose: Owner, name: str) -> str:
    return xml.status(whose.card(name), "404 Not Found")


# ---------------------------------------------------------------- the reports


def multiget(asked: Context, whose: Owner, body: Element, wanted: Wanted) -> Response:
    """Tell cards of which the program knows the addresses."""
    hrefs = [one.text or "" for one in body.findall(f"{DAV}href")]
    if len(hrefs) > MOST_NAMES:
        return guarded.answer(403, NOT_ALL)
    book = dav_books.current(asked)

    def parts() -> Iterator[str]:
        for begin in range(0, len(hrefs), dav_listing.AT_ONCE):
            some = hrefs[begin : begin + dav_listing.AT_ONCE]
            names = {address: whose.name_of(address) for address in some}
            rows = dav_listing.named(asked, book.id, [n for n in names.values() if n])
            yield from _told(asked, whose, list(rows.values()), wanted)
            for address, name in names.items():
                if name not in rows:
                    yield xml.status(address.strip(), "404 Not Found")

    return finding.multistatus(parts())


def changes(asked: Context, whose: Owner, body: Element, wanted: Wanted) -> Response:
    """Tell what changed since a token, in pages (RFC 6578, section 3.6)."""
    if (body.findtext(f"{DAV}sync-level") or "1").strip() not in ("1", "infinite"):
        return guarded.answer(400, sentence="sync-level")
    book = dav_books.current(asked)
    after = places.seq_of(book, (body.findtext(f"{DAV}sync-token") or "").strip())
    if after is None:
        return guarded.answer(403, f"{DAV}valid-sync-token")
    limit = _limit(body, MOST_CARDS if wanted.data else MOST_ROWS)
    found = dav_listing.changed(asked, book, after, limit)

    def parts() -> Iterator[str]:
        yield from (_gone(whose, row.name) for row in found.rows if row.gone)
        yield from _told(asked, whose, [row for row in found.rows if not row.gone], wanted)
        if found.more:
            yield xml.status(whose.book, "507 Insufficient Storage", NOT_ALL)

    return finding.multistatus(parts(), places.token_of(book, found.seq))


def query(asked: Context, whose: Owner, body: Element, wanted: Wanted) -> Response:
    """Tell the cards that match a filter."""
    try:
        test = filters.read(body.find(f"{CARD}filter"))
    except filters.Unknown as error:
        return guarded.answer(403, f"{CARD}{error.condition}", sentence=str(error))
    book = dav_books.current(asked)
    limit = _limit(body, MOST_CARDS if wanted.data else MOST_ROWS)
    rows, more = dav_searching.find(asked, book, test, limit)

    def parts() -> Iterator[str]:
        yield from _told(asked, whose, rows, wanted)
        if more:
            yield xml.status(whose.book, "507 Insufficient Storage", NOT_ALL)

    return finding.multistatus(parts())


Answer = Callable[[Context, Owner, Element, Wanted], Response]

REPORTS: dict[str, Answer] = {
    f"{CARD}addressbook-multiget": multiget,
    f"{CARD}addressbook-query": query,
    f"{DAV}sync-collection": changes,
}
