"""What went wrong, for programs: problem details (RFC 9457), one shape for every error."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, g, request

from app.services.values import dump

MEDIA = "application/problem+json"
TITLES = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "Not allowed",
    404: "Not found",
    409: "Not possible now",
    412: "Changed in the meantime",
    413: "Too large",
    415: "Not JSON",
    422: "Values that cannot be used",
    429: "Too many requests",
    500: "Something broke on our side",
    503: "The database does not answer",
}


def wanted() -> bool:
    """Tell whether the request is one of the API."""
    return request.path == "/api/v1" or request.path.startswith("/api/v1/")


def told(code: int, message: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a problem: what it is, a sentence, and what belongs to this kind of it."""
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(code) or HTTPStatus(code).phrase,
        "status": code,
    }
    if message:
        found["detail"] = message
    return found | _members(values)


def answer(code: int, message: str = "", *, retry: int | None = None, **values: Any) -> Response:
    """Return the response of a problem, with the number under which the log has the request."""
    found = told(code, message, values)
    if number := g.get("request_id"):
        found["instance"] = f"urn:kith:request:{number}"
    response = Response(dump(found), status=code, mimetype=MEDIA)
    if code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Kith"'
    if retry is not None:
        response.headers["Retry-After"] = str(retry)
    response.headers["Cache-Control"] = "no-store"
    return response


def _members(values: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if problems := values.get("problems"):
        told["errors"] = [{"field": name, "detail": str(text)} for name, text in problems.items()]
    if clashes := values.get("clashes"):
        told["errors"] = [{"field": c.field, "detail": "changed by somebody else"} for c in clashes]
    for name in ("permission", "incident"):
        if values.get(name):
            told[name] = str(values[name])
    return told
