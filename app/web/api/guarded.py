"""What stands before every view of the API: a valid token, its pace, and the headers of the answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Response, g, request

from app.services import api_pace, throttle
from app.services.context import ctx
from app.web.api import problems, signing
from app.web.security import csrf

View = TypeVar("View", bound=Callable[..., Any])

ADDRESS = throttle.Limit("api-address", 60, timedelta(minutes=15))
"""Wrong tokens from one address."""


def by_token(view: View) -> View:
    """Let only a token use a view; what it may do is checked by the services, as on pages."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        found = signing.token()
        if found is None:
            return refused()
        pace()
        return view(*args, **kwargs)

    wrapped.kith_access = ("token", "")  # type: ignore[attr-defined]
    wrapped.kith_methods = "the methods of HTTP, for programs"  # type: ignore[attr-defined]
    return csrf.exempt("it goes by a token in a header, which no other site can send")(wrapped)  # type: ignore[return-value]


def pace() -> None:
    """Take one of the token's permits of this minute, if it is a token that asks. Raises TooMany."""
    found = signing.token()
    if found is not None:
        g.api_pace = api_pace.take(ctx(), found.id)


def refused() -> Response:
    """Answer a request without a valid token; who tries many wrong ones has to wait."""
    if "Authorization" in request.headers:
        throttle.take(ctx(), ADDRESS, throttle.network(request.remote_addr or ""))
        return problems.answer(
            401, "This token is wrong, over or revoked. Make another one in Kith, under Your account."
        )
    return problems.answer(401, "Send a token: Authorization: Bearer kith_…")


def finish(response: Response) -> Response:
    """Add to every answer what is left of the token's minute, and that nobody may keep it."""
    taken: api_pace.Pace | None = g.get("api_pace")
    if taken is not None:
        response.headers["RateLimit-Limit"] = str(api_pace.LIMIT)
        response.headers["RateLimit-Remaining"] = str(taken.left())
        response.headers["RateLimit-Reset"] = str(taken.seconds(ctx().now))
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.vary.add("Authorization")
    signing.seen(response)
    return response
