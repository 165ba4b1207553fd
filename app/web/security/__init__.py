"""The web's defences, in the order in which a request meets them: proxies, host, headers, compression, limits."""

from __future__ import annotations

from flask import Flask, Response

from app.house import house
from app.services import logs
from app.services.throttle import TooMany
from app.web.security import compression, cors, headers, hosts, requests


def init_app(app: Flask) -> None:
    """Install all of them. What needs the session (CSRF) is installed by app.web.sessions."""
    logs.set_up(house(app).config)
    compression.init_app(app)
    headers.init_app(app)
    requests.init_app(app)
    hosts.init_app(app)
    cors.init_app(app)
    app.register_error_handler(TooMany, too_many)


def too_many(error: TooMany) -> Response:
    """Answer who tries too often: 429, and when to try again (RFC 6585)."""
    from app.web.errors import answer

    return answer(429, str(error), retry=error.retry_after)
