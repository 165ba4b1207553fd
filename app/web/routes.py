"""Every route says who may use it; one that does not fails at start."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Response, redirect, request, url_for

from app.services import access
from app.services.context import ctx
from app.web import htmx

View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: str) -> Callable[[View], View]:
    """Let only somebody with a permission (at any reach) use a view; the records are checked by the services."""
    return _guarded(("requires", permission), lambda: access.require(ctx(), permission))


def signed_in(view: View) -> View:
    """Let everybody who has signed in use a view."""
    return _guarded(("signed_in", ""), lambda: None)(view)


def public(reason: str) -> Callable[[View], View]:
    """Let anybody use a view; the reason stands in the matrix of routes."""

    def mark(view: View) -> View:
        view.kith_access = ("public", reason)  # type: ignore[attr-defined]
        return view

    return mark


def _guarded(declared: tuple[str, str], check: Callable[[], None]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        @functools.wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if ctx().user.id is None:
                return to_login()
            check()
            return view(*args, **kwargs)

        wrapped.kith_access = declared  # type: ignore[attr-defined]
        return wrapped  # type: ignore[return-value]

    return mark


def to_login() -> Response:
    """Send somebody who has not signed in to the login page, and back afterwards."""
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    target = url_for("account.login") + (f"?next={quote(back, safe='/')}" if back != "/" else "")
    if htmx.enhanced():
        response = Response(status=204)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target, 303)  # type: ignore[return-value]
