"""A QR code as an SVG that a strict content security policy allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from app.i18n import _

if TYPE_CHECKING:
    import segno

# About version 25 with the lowest correction: what a phone still reads from another phone's screen.
MAX_BYTES = 1200


class QrTooLong(ValueError):
    """The text does not fit into a code that a phone can read; the message says what to do."""


def svg(text: str, title: str) -> Markup:
    """Return the QR code of `text` (a vCard, say) as inline SVG, titled for screen readers.

    Dark on a white ground in every theme, four modules of quiet zone, no size: the stylesheet sets it.
    Colours are presentation attributes, never styles. Raises QrTooLong above 1,200 bytes of UTF-8.
    """
    readable = "".join(char for char in title if char.isprintable())
    drawn = _code(text).svg_inline(
        title=readable, light="#fff", dark="#000", border=4, omitsize=True, svgclass="qr"
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - segno escapes the title


def svg_file(text: str, title: str) -> bytes:
    """Return the same code as a file of its own, with XML declaration and namespace, for a download."""
    root = str(svg(text, title)).replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" ', 1
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n{root}\n'.encode()


def _code(text: str) -> segno.QRCode:
    import segno
    from segno.encoder import DataOverflowError

    size = len(text.encode())
    if size > MAX_BYTES:
        raise QrTooLong(_too_long(size))
    correction = "m" if size <= 600 else "l"
    try:
        return segno.make(text, error=correction, boost_error=False, micro=False, encoding="utf-8")
    except DataOverflowError as error:
        raise QrTooLong(_too_long(size)) from error


def _too_long(size: int) -> str:
    return _(
        "This contact is too long for a QR code (%(size)d bytes, at most %(most)d). Download the vCard instead, "
        "or leave out notes and the photo.",
        size=size,
        most=MAX_BYTES,
    )
