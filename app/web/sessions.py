"""The session of each request: cookie in, principal and context for the view, cookie out.

One statement reads session, user and counters; nothing is written by a GET, except that somebody was here, after the
answer and at most every five minutes.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import SessionInterface, SessionMixin
from flask_login import UserMixin
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from app import i18n
from app.database import Busy
from app.extensions import db, login
from app.house import house
from app.kernel.context import Principal
from app.services import context, principals, sealing, sessions
from app.web.api import signing
from app.web.dav import signing as dav_signing
from app.web.security import csrf
from app.web.security.hosts import HEALTH
from app.web.security.signs import Signs, signed_in, signs

log = logging.getLogger("kith.web")

FLASH_SECONDS = 300
FLASH_BYTES = 3500


def init_app(app: Flask) -> None:
    """Install the loader, the check of CSRF behind it, Flask-Login on top of it, and the sealed flash cookie."""
    app.session_interface = Flashes()
    login.session_protection = None
    login.request_loader(person)
    app.before_request(load)
    csrf.init_app(app)
    app.after_request(save)


def cookie_name(suffix: str = "") -> str:
    """Return a cookie's name: `__Host-` (which only https may set) when Kith is reached by https."""
    return ("__Host-kith" if house().config.https else "kith") + suffix


# ---------------------------------------------------------------- in


def load() -> None:
    """Find out who asks and build the request's context; a static file and a health check need neither."""
    if _needs_nobody():
        g.signs = Signs()
        return
    if signing.applies():
        signing.load()
        return
    if dav_signing.applies():
        dav_signing.load()
        return
    found = g.signs = Signs(token=request.cookies.get(cookie_name(), "")[:200])
    config, session = house().config, context.session()
    found.entry, epoch = sessions.read(session, found.token, config, context.clock())
    if house().host is not None:
        house().host.refresh(epoch[0])
    user: Principal | None = None
    if found.entry is not None:
        found.keep = bool(found.entry.data.get("keep"))
        if found.entry.state == sessions.FULL:
            user = principals.load(session, found.entry.user_id, epoch)
    g.ctx = context.build(user or context.NOBODY, epoch, source="web")
    i18n.reader_changed()


def _needs_nobody() -> bool:
    """Tell whether a request is answered without knowing who asks."""
    return request.path.startswith("/static/") or request.path in HEALTH


class Person(UserMixin):
    """Flask-Login's current user: a light face of the principal, which alone decides what is allowed."""

    def __init__(self, principal: Principal) -> None:
        self.principal = principal
        self.id = str(principal.id)
        self.name = principal.name


def person(asking: Request) -> Person | None:
    """Return who has signed in, for Flask-Login."""
    user = context.ctx().user
    return Person(user) if user.id is not None else None


# ---------------------------------------------------------------- out


def put(token: str, *, keep: bool | None = None) -> None:
    """Let the answer carry the id of a new or renewed session; `keep` makes the cookie outlive the browser."""
    found = signs()
    found.out = token
    found.csrf = ""
    if keep is not None:
        found.keep = keep


def drop() -> None:
    """Let the answer delete the session's cookie."""
    found = signs()
    found.out, found.entry = "", None


def save(response: Response) -> Response:
    """Set or delete the cookie if the view changed it, and remember afterwards that somebody was here.

    A file that is not there has a page that says so, whose forms want a session: nobody loses his own by that.
    """
    if _needs_nobody():
        return response
    found, config = signs(), house().config
    if found.out:
        age = timedelta(days=config.session_absolute_days) if found.keep else None
        _set(response, cookie_name(), found.out, age)
    elif found.out == "":
        response.delete_cookie(cookie_name(), path="/", secure=config.https, httponly=True, samesite="Lax")
    if found.entry is not None and signed_in():
        _seen(response, found.entry.id, found.entry.user_id, found.entry.seen_at)
    return response


def _set(response: Response, name: str, value: str, age: timedelta | None) -> None:
    response.set_cookie(
        name, value, max_age=age, path="/", secure=house().config.https, httponly=True, samesite="Lax"
    )


_noted: dict[int, datetime] = {}
_lock = Lock()


def _seen(response: Response, row_id: int, user_id: int, seen_at: datetime) -> None:
    now = context.clock()
    with _lock:
        if now - max(seen_at, _noted.get(row_id, seen_at)) < sessions.SEEN_EVERY:
            return
        _noted[row_id] = now
        for old in [key for key, at in _noted.items() if now - at > 2 * sessions.SEEN_EVERY]:
            del _noted[old]
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def write() -> None:
        with app.app_context():
            try:
                sessions.seen(context.as_system("last seen", source="web"), {row_id: user_id}, now)
            except (SQLAlchemyError, Busy) as error:
                log.warning("last seen was not written: %s", error.__class__.__name__)
            finally:
                db.session.remove()

    response.call_on_close(write)


# ---------------------------------------------------------------- flashes


class Sealed(CallbackDict[str, Any], SessionMixin):
    """flask.session: what one page tells the next. It is sealed in a cookie that the next page deletes."""

    def __init__(self, initial: Any = None) -> None:
        def changed(_self: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(initial, changed)
        self.modified = False


class Flashes(SessionInterface):
    """Keeps flask.session in an encrypted cookie: messages survive a redirect without a write to the database."""

    def open_session(self, app: Flask, request: Request) -> Sealed:
        """Return what the page before left; a cookie that is old or was touched counts as empty."""
        text = request.cookies.get(cookie_name("-flash"))
        if not text:
            return Sealed()
        try:
            found = json.loads(sealing.unseal("flash", bytes.fromhex(text), bound="cookie"))
        except (ValueError, sealing.Unsealable):
            return Sealed()
        fresh = found.pop("at", 0) > context.clock().timestamp() - FLASH_SECONDS
        return Sealed(found if fresh else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie if something was left for the next page, delete it once it was read."""
        name = cookie_name("-flash")
        if not session:
            if name in request.cookies:
                secure = house().config.https
                response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")
            return
        if session.modified:
            _set(response, name, _packed(dict(session)), timedelta(seconds=FLASH_SECONDS))


def _packed(values: dict[str, Any]) -> str:
    """The sealed cookie's value; the oldest messages go when a browser would refuse its size."""
    while True:
        plain = json.dumps({**values, "at": context.clock().timestamp()}, default=str).encode()
        sealed = sealing.seal("flash", plain, bound="cookie").hex()
        if len(sealed) <= FLASH_BYTES or not values.get("_flashes"):
            return sealed
        values["_flashes"] = values["_flashes"][1:]
