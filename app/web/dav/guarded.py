"""What stands before every view of CardDAV: https, a valid app password, its pace; and how errors are told."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from app.database import Busy
from app.i18n import _
from app.kernel.errors import Conflict, GuardedFailure, Invalid, NotAllowed, NotVisible, Refuse
from app.services import api_pace, throttle
from app.services.context import ctx
from app.services.dav_books import TooLarge
from app.services.dav_writing import Stale
from app.services.throttle import TooMany
from app.web.api import signing
from app.web.dav import xml
from app.web.security import csrf

View = TypeVar("View", bound=Callable[..., Any])

ADDRESS = throttle.Limit("dav-address", 60, timedelta(minutes=15))
"""Wrong app passwords from one address."""

LIMIT = 6000
"""Requests a minute: a first synchronisation sends every contact by itself."""

MEDIA = "application/xml; charset=utf-8"
CLASSES = "1, 3, addressbook"


def by_password(view: View) -> View:
    """Let only an app password use a view; what it may do is checked by the services, as on pages."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if not _private():
            return answer(403, sentence=_("Use https: this address takes passwords."))
        found = signing.token()
        if found is None:
            return refused()
        api_pace.take(ctx(), found.id, LIMIT)
        return view(*args, **kwargs)

    wrapped.kith_access = ("token", "")  # type: ignore[attr-defined]
    wrapped.kith_methods = "the methods of WebDAV, for address-book programs"  # type: ignore[attr-defined]
    return csrf.exempt("it goes by a password in a header, which no other site can send")(wrapped)  # type: ignore[return-value]


def _private() -> bool:
    """Tell whether nobody between here and there can read the password."""
    if request.is_secure:
        return True
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def refused() -> Response:
    """Ask for an app password; who tries many wrong ones has to wait."""
    if "Authorization" in request.headers:
        throttle.take(ctx(), ADDRESS, throttle.network(request.remote_addr or ""))
    response = answer(401, sentence=_("Sign in with your e-mail address and an app password."))
    response.headers["WWW-Authenticate"] = 'Basic realm="Kith", charset="UTF-8"'
    return response


def answer(
    code: int, condition: str = "", *, sentence: str = "", inner: str = "", retry: int = 0
) -> Response:
    """Return an error: the condition that was not met, if it has a name, and a sentence."""
    body = xml.error(condition, sentence, inner) if condition else f"{sentence}\n"
    response = Response(body, status=code, content_type=MEDIA if condition else "text/plain; charset=utf-8")
    if retry:
        response.headers["Retry-After"] = str(retry)
    return response


def finish(response: Response) -> Response:
    """Say what this server is, and that nobody may keep the answer; remember the last use of the app password."""
    response.headers["DAV"] = CLASSES
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.vary.add("Authorization")
    signing.seen(response)
    return response


def told(error: HTTPException) -> Response:
    """Answer an error of HTTP."""
    response = answer(error.code or 500, sentence=error.name)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def install(blueprint: Blueprint) -> None:
    """Let a blueprint answer errors as address-book programs understand them."""
    bad = f"{xml.CARD}valid-address-data"
    privileges = f"{xml.DAV}need-privileges"
    handlers: dict[type[Exception], Callable[[Any], Response]] = {
        HTTPException: told,
        NotVisible: lambda error: answer(404, sentence=str(error)),
        NotAllowed: lambda error: answer(403, privileges, sentence=str(error)),
        Invalid: lambda error: answer(403, bad, sentence=" ".join(error.problems.values())),
        Refuse: lambda error: answer(403, sentence=error.reason),
        TooLarge: lambda error: answer(507, sentence=error.reason),
        Conflict: lambda error: answer(409, sentence=str(error)),
        Stale: lambda error: answer(412, sentence=str(error)),
        GuardedFailure: lambda error: answer(500, sentence=str(error)),
        Busy: lambda error: answer(503, sentence=str(error), retry=2),
        TooMany: lambda error: answer(429, sentence=str(error), retry=error.retry_after),
    }
    for kind, handler in handlers.items():
        blueprint.register_error_handler(kind, handler)
    blueprint.after_request(finish)
