"""PROPFIND: what is there, and what is known of it (RFC 4918, section 9.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from xml.etree.ElementTree import Element

from flask import Response, request, stream_with_context

from app.services import dav_books, dav_listing, dav_writing
from app.services.context import ctx
from app.web.dav import guarded, places, xml
from app.web.dav.places import Place
from app.web.dav.xml import DAV

Tags = tuple[str, ...] | None


def depth() -> str | None:
    """Return the depth that is asked for, "0" or "1"; None for any other."""
    told = request.headers.get("Depth", "0").strip().lower()
    return told if told in ("0", "1") else None


def wanted(body: Element | None) -> tuple[Tags, bool]:
    """Return the properties that are asked for (None: all), and whether only their names are."""
    if body is None:
        return None, False
    if body.find(f"{DAV}propname") is not None:
        return None, True
    asked = body.find(f"{DAV}prop")
    return (None if asked is None else tuple(str(one.tag) for one in asked)), False


def multistatus(parts: Iterable[str], token: str = "") -> Response:
    """Return an answer about many addresses, which is sent while it is made."""

    def pieces() -> Iterator[bytes]:
        yield xml.HEAD.encode()
        for part in parts:
            yield part.encode()
        if token:
            yield xml.element(f"{DAV}sync-token", xml.text(token)).encode()
        yield xml.TAIL.encode()

    return Response(stream_with_context(pieces()), status=207, content_type=guarded.MEDIA)


def _answer(*found: Place, more: Iterable[Place] = ()) -> Response:
    tags, names = wanted(xml.parsed(request.get_data()))
    told = [place.told(tags, names=names) for place in found]
    return multistatus(chain(told, (place.told(tags, names=names) for place in more)))


def _endless() -> Response:
    return guarded.answer(403, f"{DAV}propfind-finite-depth")


def root() -> Response:
    """Tell who asks, with which everything begins."""
    whose = places.owner(ctx())
    return _answer(places.root(whose)) if depth() else _endless()


def principal(uid: str) -> Response:
    """Tell where the books of a principal are."""
    whose = places.owner(ctx(), uid)
    return _answer(places.principal(whose)) if depth() else _endless()


def home(uid: str) -> Response:
    """Tell which books there are."""
    whose, deep = places.owner(ctx(), uid), depth()
    if deep is None:
        return _endless()
    below = [places.book(ctx(), whose)] if deep == "1" else []
    return _answer(places.home(whose), *below)


def book(uid: str) -> Response:
    """Tell what the book is, and with depth 1 which cards are in it."""
    asked, deep = ctx(), depth()
    whose = places.owner(asked, uid)
    if deep is None:
        return _endless()
    if deep == "0":
        return _answer(places.book(asked, whose))
    now = dav_books.current(asked)
    rows = dav_listing.every(asked, now)
    return _answer(places.book(asked, whose), more=(places.card(whose, row) for row in rows))


def card(uid: str, name: str) -> Response:
    """Tell what is known of a card."""
    whose = places.owner(ctx(), uid)
    row, _record = dav_writing.find(ctx(), name)
    return _answer(places.card(whose, row))


def patch(uid: str = "", name: str = "") -> Response:
    """Refuse to set properties: names and colours of books are the program's own matter (PROPPATCH)."""
    places.owner(ctx(), uid)
    body = xml.parsed(request.get_data())
    tags = [] if body is None else [str(one.tag) for prop in body.iter(f"{DAV}prop") for one in prop]
    return multistatus([xml.refused(request.path, tags)])
