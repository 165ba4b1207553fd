"""A person or company as a vCard file and as a QR code."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, url_for

from app.formats import qr
from app.formats.card import Card
from app.formats.files import content_disposition
from app.formats.vcard_write import write_vcard
from app.i18n import _
from app.services import cards
from app.services.context import ctx
from app.web.render import render
from app.web.routes import requires

contact_card = Blueprint("contact_card", __name__)


@contact_card.get("/contacts/<int:record_id>.vcf")
@requires("contact.view")
def vcard(record_id: int) -> Response:
    """Send a person as a vCard 4.0; who may see somebody may put them into a phone."""
    return _file(cards.to_card(ctx(), record_id))


@contact_card.get("/companies/<int:record_id>.vcf")
@requires("company.view")
def company_vcard(record_id: int) -> Response:
    """Send a company as a vCard 4.0."""
    return _file(cards.company_card(ctx(), record_id))


@contact_card.get("/contacts/<int:record_id>/qr")
@requires("contact.view")
def code(record_id: int) -> Response:
    """Show a person as a QR code for a phone's camera."""
    card = cards.to_card(ctx(), record_id)
    back = url_for("contacts.show", record_id=record_id)
    return _code(card, back, url_for("contact_card.vcard", record_id=record_id))


@contact_card.get("/companies/<int:record_id>/qr")
@requires("company.view")
def company_code(record_id: int) -> Response:
    """Show a company as a QR code for a phone's camera."""
    card = cards.company_card(ctx(), record_id)
    back = url_for("companies.show", record_id=record_id)
    return _code(card, back, url_for("contact_card.company_vcard", record_id=record_id))


def _file(card: Card) -> Response:
    response = Response(write_vcard(card), mimetype="text/vcard")
    name = f"{card.formatted_name or _('Contact')}.vcf"
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _code(card: Card, back: str, download: str) -> Response:
    text, problem = "", ""
    try:
        text = qr.svg(write_vcard(small(card), "3.0"), card.formatted_name)
    except qr.QrTooLong as error:
        problem = str(error)
    return render(
        "contacts/qr.html",
        title=_("QR code of %(name)s", name=card.formatted_name),
        name=card.formatted_name,
        svg=text,
        problem=problem,
        back=back,
        download=download,
    )


def small(card: Card) -> Card:
    """Return the part of a card that a code can hold: no photo, note, tags, relations and further properties."""
    return replace(
        card,
        photo=None,
        note="",
        categories=(),
        related=(),
        languages=(),
        params={},
        extra=(),
        emails=card.emails[:2],
        phones=card.phones[:3],
        addresses=card.addresses[:1],
        urls=card.urls[:1],
        impp=(),
    )
