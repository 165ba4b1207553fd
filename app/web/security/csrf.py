"""Against requests that another site makes in somebody's name (S4): a token per session, and the browser's own word.

The token is an HMAC over the session's id, masked anew for each page, so that compression gives nothing away (BREACH).
Before sign-in the id is a random one in the same cookie, of which the server keeps nothing.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import Forbidden

from app.house import house
from app.i18n import _
from app.services import sealing
from app.web.security import hosts
from app.web.security.signs import signs

View = TypeVar("View", bound=Callable[..., Any])

PURPOSE = "csrf"
SAFE = {"GET", "HEAD", "OPTIONS"}
FIELD, HEADER = "csrf_token", "X-CSRF-Token"
SIZE = 32


def init_app(app: Flask) -> None:
    """Check every unsafe request; offer `csrf_token()` to templates."""
    app.before_request(check)
    app.jinja_env.globals["csrf_token"] = token


def exempt(reason: str) -> Callable[[View], View]:
    """Leave a view unchecked that does not go by the cookie: a webhook, a public form. The reason is for reviewers."""

    def mark(view: View) -> View:
        view.kith_csrf_exempt = reason  # type: ignore[attr-defined]
        return view

    return mark


def token() -> str:
    """Return the token for the forms of this page; the first one before sign-in sets the cookie it belongs to."""
    found = signs()
    if not found.csrf:
        if not found.token:
            found.token = found.out = secrets.token_urlsafe(32)
        found.csrf = mask(sealing.mac(PURPOSE, found.out or found.token))
    return found.csrf


def check() -> None:
    """Refuse an unsafe request without the session's token, or from elsewhere, with 403 and a sentence."""
    if request.method in SAFE or _is_exempt():
        return
    if not same_origin():
        raise _refused(_("This request came from another site. Nothing was changed."))
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    own = signs().token
    if not own or not sealing.verify_mac(PURPOSE, unmask(given), own):
        raise _refused(_("This page was open for too long. Go back, load it again and repeat what you did."))


def same_origin() -> bool:
    """Tell whether the browser says that our own page sent this (Sec-Fetch-Site, Origin, Referer; at least one).

    `Origin: null` (a page without referrer) counts only together with `Sec-Fetch-Site: same-origin`.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    ours = hosts.origins(house().config)
    if site not in (None, "same-origin"):
        return False
    if origin == "null":
        return site == "same-origin"
    if origin is not None:
        return origin in ours
    if site == "same-origin":
        return True
    referrer = urlsplit(request.headers.get("Referer", ""))
    return f"{referrer.scheme}://{referrer.netloc}" in ours


def mask(mac: bytes) -> str:
    """Return a token that looks different each time and means the same."""
    veil = secrets.token_bytes(SIZE)
    return base64.urlsafe_b64encode(veil + _xor(mac, veil)).decode()


def unmask(text: str) -> bytes:
    """Return the bytes below the mask; empty for a text that is no token."""
    try:
        found = base64.urlsafe_b64decode(text)
    except ValueError:
        return b""
    return _xor(found[SIZE:], found[:SIZE]) if len(found) == 2 * SIZE else b""


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _is_exempt() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return view is None or hasattr(view, "kith_csrf_exempt")


def _refused(message: str) -> Forbidden:
    error = Forbidden()
    error.kith_message = message  # type: ignore[attr-defined]
    return error
