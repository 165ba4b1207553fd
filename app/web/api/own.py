"""What a token is told of itself, and whom values may point at beside records: colleagues and teams."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from sqlalchemy import select

from app.kernel.metrics import Metric
from app.models import ApiToken, Team, User
from app.services import api_reading
from app.services import metrics as figures
from app.services.context import ctx
from app.version import current
from app.web.api import asking, signing
from app.web.api.signing import DOCUMENT

MOST = 500


def root() -> Response:
    """Tell where everything is."""
    asking.parameters()
    kinds = {e.key: url_for("api.index", entity=e.key) for e in api_reading.entities(ctx())}
    return asking.sent(asking.answer({"version": current(), "document": DOCUMENT, "records": kinds}))


def me() -> Response:
    """Tell whose token this is and what it may do."""
    asking.parameters()
    asked, found = ctx(), signing.token()
    assert found is not None
    token = asked.session.get_one(ApiToken, found.id)
    user = asked.session.get_one(User, found.user_id)
    told = {
        "user": {"entity": "user", "uid": user.uid, "title": user.name, "email": user.email},
        "token": {
            "name": token.name,
            "scopes": token.scopes.split(),
            "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        },
    }
    return asking.sent(asking.answer(told))


def users() -> Response:
    """List colleagues, to whom records may be assigned."""
    return _people(select(User.uid, User.name).where(User.active.is_(True)).order_by(User.name), "user")


def teams() -> Response:
    """List teams."""
    return _people(select(Team.uid, Team.name).order_by(Team.name), "team")


def _people(query: Any, entity: str) -> Response:
    asking.parameters()
    rows = ctx().session.execute(query.limit(MOST))
    found = [{"entity": entity, "uid": row.uid, "title": row.name} for row in rows]
    return asking.sent(asking.answer({"data": found}))


def metrics() -> Response:
    """Tell what every figure means."""
    asking.parameters()
    return asking.sent(asking.answer({"data": [_metric(one) for one in figures.every(ctx())]}))


def metric(key: str) -> Response:
    """Tell what a figure means and what it is now."""
    asking.parameters()
    found = figures.find(ctx(), key)
    now = figures.figure(ctx(), found)
    value = None if now.value is None else str(now.value)
    return asking.sent(asking.answer({**_metric(found), "value": value, "more": now.more}))


def _metric(found: Metric) -> dict[str, Any]:
    return {
        "key": found.key,
        "label": str(found.label),
        "definition": str(found.definition),
        "unit": found.unit,
        "url": url_for("metrics.index", _anchor=found.key),
    }
