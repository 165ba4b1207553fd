"""Who asks through the API: a token in the Authorization header, nowhere else (S25)."""

from __future__ import annotations

import logging
from datetime import datetime
from threading import Lock

from flask import Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from app import i18n
from app.database import Busy
from app.extensions import db
from app.house import house
from app.kernel.context import Principal
from app.services import api_scopes, api_tokens, context, principals
from app.services.api_tokens import Entry
from app.web.security.signs import Signs

log = logging.getLogger("kith.api")

ROOT = "/api/v1"
DOCUMENT = f"{ROOT}/openapi.json"


def applies() -> bool:
    """Tell whether this request goes by a token; the document may also be read by who has signed in."""
    if not request.path.startswith(f"{ROOT}/"):
        return request.path == ROOT
    return request.path != DOCUMENT or "Authorization" in request.headers


def load() -> None:
    """Find out whose token it is and build the request's context: the user's, within the token's scopes."""
    g.signs, g.api_token = Signs(), None
    session = context.session()
    found, epoch = api_tokens.read(session, _bearer(), context.clock())
    if house().host is not None:
        house().host.refresh(epoch[0])
    user: Principal | None = None
    if found is not None:
        user = principals.load(session, found.user_id, epoch)
    if user is not None and found is not None:
        g.api_token = found
        user = api_scopes.narrowed(user, found.scopes)
    g.ctx = context.build(user or context.NOBODY, epoch, source="api")
    i18n.reader_changed()


def token() -> Entry | None:
    """Return the token of this request, or None when there is no valid one."""
    found: Entry | None = g.get("api_token")
    return found


def _bearer() -> str:
    scheme, _blank, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


_noted: dict[int, datetime] = {}
_lock = Lock()


def seen(response: Response) -> None:
    """Remember after the answer that the token was used, at most every five minutes."""
    found, now = token(), context.clock()
    if found is None:
        return
    with _lock:
        last = max(filter(None, (found.used_at, _noted.get(found.id))), default=None)
        if last is not None and now - last < api_tokens.SEEN_EVERY:
            return
        _noted[found.id] = now
        for old in [key for key, at in _noted.items() if now - at > 2 * api_tokens.SEEN_EVERY]:
            del _noted[old]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    token_id, address = found.id, request.remote_addr or ""

    def write() -> None:
        with app.app_context():
            try:
                api_tokens.seen(
                    context.as_system("last use of a token", source="api"), token_id, now, address
                )
            except (SQLAlchemyError, Busy) as error:
                log.warning("last use was not written: %s", error.__class__.__name__)
            finally:
                db.session.remove()

    response.call_on_close(write)
