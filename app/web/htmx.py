"""What htmx says of a request: htmx-flask speaks htmx 2, so the headers of htmx 4 are read here."""

from __future__ import annotations

from flask import Response, request

VARY = ("HX-Request", "HX-Request-Type", "Cookie")


def partial() -> bool:
    """Tell whether the request wants a fragment; boosted and history requests want the whole page."""
    return request.headers.get("HX-Request-Type") == "partial"


def enhanced() -> bool:
    """Tell whether htmx made the request at all."""
    return request.headers.get("HX-Request") == "true"


def vary(response: Response) -> Response:
    """Mark an answer as depending on the htmx headers and the cookie."""
    for name in VARY:
        response.vary.add(name)
    return response
