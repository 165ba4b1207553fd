"""The headers of every answer: what a browser may load, where it may send, what it may keep (S2, S31)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, request

from app.house import house
from app.web.security.signs import signed_in, signs

MARKUP = {"text/html", "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml"}
PRIVATE = {*MARKUP, "application/json", "text/csv", "text/vcard", "text/plain", "application/pdf"}
YEAR = 31_536_000
FEATURES = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), "
    "geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), browsing-topics=()"
)


def init_app(app: Flask) -> None:
    """Install the headers."""
    app.after_request(apply)


def policy(*, images: Iterable[str] = (), frames: Iterable[str] = (), forms: Iterable[str] = ()) -> str:
    """Return the content security policy; `images` and `frames` are further origins, the only things that may grow.

    `forms` is where the answer to a form may lead: the address of an app that an administrator registered.
    Raises ValueError for one that is no https origin.
    """
    img = " ".join(["'self'", *map(_checked, images)])
    ancestors = " ".join(map(_checked, frames)) or "'none'"
    leading = " ".join(["'self'", *forms])
    return (
        f"default-src 'self'; script-src 'self'; style-src 'self'; img-src {img}; object-src 'none'; "
        f"base-uri 'none'; form-action {leading}; frame-ancestors {ancestors}"
    )


def allow_frames(origins: Iterable[str]) -> None:
    """Let the answer to this request be framed by some origins: for public forms that are embedded elsewhere."""
    signs().frames = tuple(origins)


def apply(response: Response) -> Response:
    """Add what is missing; an answer that has a stricter policy of its own (a file) keeps it."""
    found, https = response.headers, house().config.https
    if response.mimetype in MARKUP and "Content-Security-Policy" not in found:
        frames = signs().frames
        found["Content-Security-Policy"] = policy(frames=frames)
        if not frames:
            found.setdefault("X-Frame-Options", "DENY")
    found.setdefault("X-Content-Type-Options", "nosniff")
    found.setdefault("Referrer-Policy", "same-origin")
    found.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    found.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    found.setdefault("Permissions-Policy", FEATURES)
    if https:
        found.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    if signed_in() and request.endpoint != "static":
        _keep_private(response)
    return response


def _keep_private(response: Response) -> None:
    """What only this person may see is kept by nobody; a picture with an address of its own may stay in the browser."""
    told = response.cache_control
    if response.mimetype in PRIVATE or told.max_age is None:
        response.headers["Cache-Control"] = "no-store"
    else:
        told.private = True


def _checked(origin: str) -> str:
    parts = urlsplit(origin)
    if parts.scheme != "https" or not parts.hostname or origin != f"https://{parts.netloc}" or ";" in origin:
        raise ValueError(f"“{origin}” is no origin like https://www.example.org.")
    return origin
