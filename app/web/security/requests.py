"""A number for each request, in its answer and in every log line; one line per request in the log."""

from __future__ import annotations

import logging
import secrets
from time import perf_counter

from flask import Flask, Response, g, request
from werkzeug.datastructures import ImmutableMultiDict

log = logging.getLogger("kith.web")


def init_app(app: Flask) -> None:
    """Install both; the number is there before anything else runs."""
    app.before_request(begin)
    app.after_request(finish)


def begin() -> None:
    """Give the request its number, which nobody outside chooses; NUL, which no database text may hold, is left out."""
    g.request_id = secrets.token_hex(8)
    g.begun = perf_counter()
    if b"%00" in request.query_string:
        told = [(key, value.replace("\x00", "")) for key, value in request.args.items(multi=True)]
        request.args = ImmutableMultiDict(told)


def finish(response: Response) -> Response:
    """Tell the number, and log what was asked and answered; paths of secret links are not written out."""
    if "request_id" not in g:
        return response
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint != "static":
        took = (perf_counter() - g.begun) * 1000
        log.info("%s %s %d %.0f ms", request.method, shown_path(), response.status_code, took)
    return response


def shown_path() -> str:
    """Return the path without the query, which may be personal, and without a token, which is a key."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(str(token), "…") if token else request.path
