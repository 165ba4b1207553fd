"""The addresses of the API: one table, every route behind a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from app.services.api_writing import Stale
from app.web.api import beside, document, finding, guarded, own, problems, records
from app.web.api.signing import ROOT

api = Blueprint("api", __name__, url_prefix=ROOT)

ROUTES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("", "GET", own.root),
    ("/me", "GET", own.me),
    ("/users", "GET", own.users),
    ("/teams", "GET", own.teams),
    ("/search", "GET", finding.find),
    ("/metrics", "GET", own.metrics),
    ("/metrics/<key>", "GET", own.metric),
    ("/files/<uuid:uid>", "GET", beside.file),
    ("/files/<uuid:uid>", "DELETE", beside.detach),
    ("/<entity>", "GET", records.index),
    ("/<entity>", "POST", records.create),
    ("/<entity>/bulk", "POST", records.bulk),
    ("/<entity>/trash", "GET", records.trashed),
    ("/<entity>/<uuid:uid>", "GET", records.show),
    ("/<entity>/<uuid:uid>", "PATCH", records.update),
    ("/<entity>/<uuid:uid>", "DELETE", records.delete),
    ("/<entity>/<uuid:uid>/restore", "POST", records.restore),
    ("/<entity>/<uuid:uid>/timeline", "GET", beside.timeline),
    ("/<entity>/<uuid:uid>/files", "GET", beside.files),
    ("/<entity>/<uuid:uid>/files", "POST", beside.attach),
    ("/<entity>/<uuid:uid>/actions", "GET", beside.actions),
    ("/<entity>/actions/<name>", "POST", beside.act),
)
"""Path, method, view."""

for path, method, view in ROUTES:
    api.add_url_rule(
        path, view.__name__, guarded.by_token(view), methods=[method], provide_automatic_options=False
    )

api.add_url_rule(
    "/openapi.json", "openapi", document.openapi, methods=["GET"], provide_automatic_options=False
)
api.after_request(guarded.finish)
api.register_error_handler(Stale, lambda error: problems.answer(412, str(error)))
