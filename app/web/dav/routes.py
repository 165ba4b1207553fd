"""The addresses of CardDAV: one table, every route behind an app password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect

from app.web.dav import cards, finding, guarded, reports
from app.web.dav.signing import ROOT
from app.web.routes import public
from app.web.security import csrf

dav = Blueprint("dav", __name__)

PRINCIPAL = "/principals/<uuid:uid>/"
HOME = "/addressbooks/<uuid:uid>/"
BOOK = f"{HOME}contacts/"
CARD = f"{BOOK}<string(maxlength=255):name>"


def _text(view: Callable[..., Any]) -> Callable[..., Any]:
    """Hand a uid of the address over as text."""

    def wrapped(**given: Any) -> Any:
        return view(**{key: str(value) for key, value in given.items()})

    wrapped.__name__ = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
    return wrapped


def capable(**_given: str) -> Response:
    """Say which methods and which parts of WebDAV there are; anybody may know."""
    response = Response(status=200)
    response.headers["Allow"] = "OPTIONS, PROPFIND, PROPPATCH, REPORT, GET, HEAD, PUT, DELETE"
    return response


ROUTES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("/", "PROPFIND", finding.root),
    (PRINCIPAL, "PROPFIND", finding.principal),
    (PRINCIPAL, "PROPPATCH", finding.patch),
    (HOME, "PROPFIND", finding.home),
    (HOME, "PROPPATCH", finding.patch),
    (BOOK, "PROPFIND", finding.book),
    (BOOK, "PROPPATCH", finding.patch),
    (BOOK, "REPORT", reports.report),
    (CARD, "PROPFIND", finding.card),
    (CARD, "PROPPATCH", finding.patch),
    (CARD, "GET", cards.show),
    (CARD, "PUT", cards.put),
    (CARD, "DELETE", cards.delete),
)
"""Path, method, view."""

for number, (path, method, view) in enumerate(ROUTES):
    made = _text(view)
    dav.add_url_rule(
        ROOT + path,
        f"{made.__name__}_{number}",
        guarded.by_password(made),
        methods=[method],
        provide_automatic_options=False,
        strict_slashes=False,
    )

for number, path in enumerate(("/", PRINCIPAL, HOME, BOOK, CARD)):
    asked = public("it says what the server can do, nothing else")(_text(capable))
    asked.kith_methods = "the methods of WebDAV, for address-book programs"  # type: ignore[attr-defined]
    dav.add_url_rule(
        ROOT + path,
        f"capable_{number}",
        asked,
        methods=["OPTIONS"],
        provide_automatic_options=False,
        strict_slashes=False,
    )


@dav.route(
    "/.well-known/carddav",
    methods=["GET", "PROPFIND", "OPTIONS", "REPORT"],
    provide_automatic_options=False,
)
@csrf.exempt("it only says where the address book is")
@public("it only says where the address book is")
def discover() -> Response:
    """Send programs to the address with which discovery begins (RFC 6764)."""
    return redirect(f"{ROOT}/", 301)  # type: ignore[return-value]


discover.kith_methods = "the methods of WebDAV, for address-book programs"  # type: ignore[attr-defined]

guarded.install(dav)
