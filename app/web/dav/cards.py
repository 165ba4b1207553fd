"""One card: fetched, stored, moved to the trash (RFC 6352, section 6.3; RFC 9110, section 13)."""

from __future__ import annotations

from flask import Response, request
from werkzeug.datastructures import ETags
from werkzeug.exceptions import RequestEntityTooLarge

from app.formats.card import Card
from app.formats.vcard_properties import Version
from app.formats.vcard_read import read_vcards
from app.i18n import _
from app.kernel.errors import Invalid, NotAllowed, NotVisible, Refuse
from app.services import dav_listing, dav_receipts, dav_writing
from app.services.context import ctx
from app.services.dav_listing import Row
from app.services.dav_writing import Stale, Twice
from app.services.import_rows import sentence
from app.web.dav import guarded, places, xml
from app.web.dav.xml import CARD

MEDIA = ("text/vcard", "text/x-vcard", "text/directory")
DEFAULT: Version = "3.0"


def show(uid: str, name: str) -> Response:
    """Send a card, in the version that the program asks for."""
    places.owner(ctx(), uid)
    row, _record = dav_writing.find(ctx(), name)
    version = _version()
    found = [dav_listing.text(card, version) for _row, card in dav_listing.read(ctx(), [row])]
    if not found:
        raise NotVisible(_("There is no such card."))
    return _sent(row, found[0], version)


def _sent(row: Row, text: str, version: Version) -> Response:
    if _matches(request.if_none_match, row):
        response = Response(status=304)
    else:
        media = "text/vcard; charset=utf-8" + ("; version=4.0" if version == "4.0" else "")
        response = Response(iter([text.encode()]), content_type=media)  # never compressed: its tag stays
        response.content_length = len(text.encode())
    response.headers["ETag"] = row.etag
    response.vary.add("Accept")
    return response


def _version() -> Version:
    for value, quality in request.accept_mimetypes:
        media, _semicolon, rest = value.partition(";")
        if quality > 0 and media.strip() in (*MEDIA, "text/*", "*/*"):
            told = rest.replace(" ", "").replace('"', "").lower()
            return "4.0" if "version=4.0" in told else DEFAULT
    return DEFAULT


def _matches(tags: ETags, row: Row) -> bool:
    """Tell whether a header names the card as it is now."""
    return bool(tags.star_tag or tags.contains_weak(row.etag.strip('"')))


def _expected(row: Row | None) -> None:
    """Raise Stale unless the card is what the program thinks it is."""
    told = request.headers
    if "If-Match" in told and (row is None or not _matches(request.if_match, row)):
        raise Stale(_("The card was changed in the meantime."))
    if "If-None-Match" in told and row is not None and _matches(request.if_none_match, row):
        raise Stale(_("There is such a card already."))


def put(uid: str, name: str) -> Response:
    """Store a card; one that cannot be taken leaves a receipt."""
    whose = places.owner(ctx(), uid)
    if request.mimetype and request.mimetype not in MEDIA:
        return guarded.answer(415, f"{CARD}supported-address-data")
    data = _body()
    if data is None:
        told = _("The card is larger than %(most)s MB.", most=places.LARGEST >> 20)
        dav_receipts.failed(ctx(), name, told)
        return guarded.answer(403, f"{CARD}max-resource-size", sentence=told)
    card: Card | None = None
    try:
        card = read(data)
        done = dav_writing.put(ctx(), name, card, _expected)
    except (Invalid, NotAllowed, Refuse, Twice) as error:
        dav_receipts.failed(ctx(), name, _reason(card, error))
        if not isinstance(error, Twice):
            raise
        there = xml.href(whose.card(error.name))
        return guarded.answer(409, f"{CARD}no-uid-conflict", sentence=str(error), inner=there)
    return Response(status=201 if done.created else 204)


def _reason(card: Card | None, error: Exception) -> str:
    told = " ".join(error.problems.values()) if isinstance(error, Invalid) else str(error)
    return f"{card.formatted_name[:100]}: {told}" if card is not None and card.formatted_name else told


def _body() -> bytes | None:
    if (request.content_length or 0) > places.LARGEST:
        return None
    try:
        data = request.get_data()
    except RequestEntityTooLarge:
        return None
    return data if len(data) <= places.LARGEST else None


def read(data: bytes) -> Card:
    """Return the one card of a text. Raises Invalid with what is wrong: nothing of it may be lost."""
    try:
        data.decode()
    except UnicodeDecodeError:
        raise Invalid({"card": _("The card is not written in UTF-8.")}) from None
    found = list(read_vcards(data, "utf-8"))
    lost = [problem for problem in found if not isinstance(problem, Card) and problem.lost]
    if lost:
        raise Invalid({"card": sentence(lost[0])})
    cards = [card for card in found if isinstance(card, Card)]
    if len(cards) != 1:
        raise Invalid({"card": _("Send one card.")})
    return cards[0]


def delete(uid: str, name: str) -> Response:
    """Move the contact of a card to the trash."""
    places.owner(ctx(), uid)
    dav_writing.delete(ctx(), name, _expected)
    return Response(status=204)
