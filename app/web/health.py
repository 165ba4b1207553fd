"""What machines ask: does the process live, can it serve. A stranger learns no more than that."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from app.database import Busy
from app.house import house
from app.i18n import _, _l
from app.services import context
from app.services import health as checks
from app.web.render import render
from app.web.routes import public, requires

health = Blueprint("health", __name__)
log = logging.getLogger("kith.health")

WORDS = {"ok": _l("in order"), "warn": _l("look at it"), "fail": _l("broken")}
TONES = {"ok": "ok", "warn": "warn", "fail": "bad"}


@health.get("/livez")
@public("for supervisors; says only that the process answers")
def live() -> Response:
    """Answer as long as the process lives; asks nothing else."""
    return _answer("ok", 200)


@health.get("/readyz")
@public("for load balancers; says only yes or no")
def ready() -> Response:
    """Answer 200 when the database can be written, is up to date, and the disk has room; else 503."""
    for one in (found := findings()):
        if one.state != "ok":
            log.log(
                logging.ERROR if one.state == "fail" else logging.WARNING, "%s: %s", one.label, one.message
            )
    return _answer("ok", 200) if checks.ready(found) else _answer("fail", 503)


@health.get("/admin/health")
@requires("admin.jobs")
def details() -> Response:
    """Tell an administrator everything: a page, or JSON for what prefers that."""
    found = {one.key: one for one in [*checks.run_all(context.ctx()), *findings()]}.values()
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify([{"key": one.key, "state": one.state, "message": one.message} for one in found])
    return render("admin/health.html", title=_("Health"), found=found, states=WORDS, tones=TONES)


def findings() -> list[checks.Finding]:
    """Return what decides whether this process can serve; a database that does not answer is a finding."""
    try:
        ctx = context.as_system("readiness", source="health")
        return list(checks.readiness(ctx, waiting))
    except (SQLAlchemyError, Busy, OSError) as error:
        return [checks.Finding(key="database", label="Database", state="fail", message=str(error))]


def waiting() -> Mapping[str, Sequence[str]]:
    """Return what the core and installed plugins lack of their migrations."""
    migrations = house().host.migrations
    installed = {owner for owner, at in migrations.current().items() if at or owner == "core"}
    return {owner: steps for owner, steps in migrations.pending().items() if owner in installed}


def _answer(state: str, status: int) -> Response:
    response = jsonify(status=state)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
