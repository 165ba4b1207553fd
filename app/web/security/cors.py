"""Pages of other origins that may use the API from a browser (CORS): none, unless the setting `cors_origins` names them.

Only `/api/v1` is concerned, and never with cookies: there is no Access-Control-Allow-Credentials, so a browser sends
none and a token has to stand in the header. An origin counts letter for letter; `*` and patterns are refused at start.
"""

from __future__ import annotations

from flask import Flask, Response, request

from app.house import house

ROOT = "/api/v1"
METHODS = "GET, POST, PATCH, DELETE"
SENT = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key"
TOLD = (
    "ETag, Link, Location, Retry-After, Idempotency-Replayed, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset"
)
KEPT = "600"
"""Seconds for which a browser need not ask again."""


def init_app(app: Flask) -> None:
    """Answer what browsers ask beforehand, and mark the answers of the API."""
    app.before_request(asked)
    app.after_request(mark)


def asked() -> Response | None:
    """Answer a preflight of an origin that may (Fetch standard, 4.8); it carries no token, so it comes before all checks."""
    before = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    if not before or not _allowed():
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = SENT
    response.headers["Access-Control-Max-Age"] = KEPT
    return response


def mark(response: Response) -> Response:
    """Say which origin may read an answer of the API; caches keep the answers of origins apart."""
    if _concerned() and house().config.cors_origins:
        response.vary.add("Origin")
        if _allowed():
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Expose-Headers"] = TOLD
    return response


def _concerned() -> bool:
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def _allowed() -> bool:
    return _concerned() and request.headers.get("Origin", "") in house().config.cors_origins
