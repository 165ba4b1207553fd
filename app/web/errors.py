"""What went wrong, as a page or a fragment: one handler per kind of error, never a trace."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, render_template
from markupsafe import escape
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from app.database import Busy
from app.i18n import _
from app.kernel.errors import Conflict, GuardedFailure, Invalid, NotAllowed, NotVisible, Refuse
from app.services.context import ctx
from app.web import htmx
from app.web.api import problems
from app.web.shell import Shell

log = logging.getLogger("kith.web")

PLAIN = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%(code)s</title>
<h1>%(code)s</h1><p>%(message)s</p><p>Something broke on our side. Nothing that was saved before is lost.
Try again in a moment, and tell your administrator if it stays.</p></html>
"""
"""What is said when not even the page of an error can be made: the database away, a template broken."""

PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}


def init_app(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(NotVisible, lambda error: answer(404))
    app.register_error_handler(NotAllowed, lambda error: answer(403, str(error), permission=error.permission))
    app.register_error_handler(Invalid, lambda error: answer(422, str(error), problems=error.problems))
    app.register_error_handler(Refuse, lambda error: answer(409, error.reason))
    app.register_error_handler(Conflict, lambda error: answer(409, str(error), clashes=error.clashes))
    app.register_error_handler(GuardedFailure, lambda error: answer(500, str(error), incident=error.incident))
    app.register_error_handler(Busy, lambda error: answer(503, str(error), retry=2))
    app.register_error_handler(OperationalError, database)
    app.register_error_handler(TimeoutError, database)
    app.register_error_handler(Exception, unexpected)


def http(error: HTTPException) -> Response:
    """Answer an error of HTTP; redirects and answers that are complete pass through."""
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    response = answer(error.code, getattr(error, "kith_message", ""))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def database(error: Exception) -> Response:
    """Answer a database that is away or too slow: nothing was changed, try again."""
    log.error("database: %s", error.__class__.__name__, exc_info=error)
    return answer(
        503, _("The database does not answer. Nothing was changed; try again in a moment."), retry=5
    )


def unexpected(error: Exception) -> Response:
    """Answer an error nobody thought of, with the number under which the log has its trace."""
    incident = secrets.token_hex(4)
    log.exception("incident %s", incident)
    return answer(500, incident=incident)


def _page(code: int, message: str, values: Mapping[str, Any]) -> str:
    page = code if code in PAGES else (400 if code < 500 else 500)
    known = {"shell": Shell(), "ctx": ctx(), "code": code, "message": message, "incident": "", **values}
    return render_template(f"errors/{page}.html", **known)


def answer(code: int, message: str = "", *, retry: int | None = None, **values: Any) -> Response:
    """Return the page of an error, or with htmx the same as an alert; texts never carry anything internal."""
    if problems.wanted():
        return problems.answer(code, message, retry=retry, **values)
    g.pop("_broken", None)
    try:
        body = _page(code, message, values)
    except Exception:
        log.exception("the page that tells of error %s could not be made", code)
        body = PLAIN % {"code": code, "message": escape(message)}
    response = Response(body, status=code, mimetype="text/html")
    if retry is not None:
        response.headers["Retry-After"] = str(retry)
    return htmx.vary(response)
