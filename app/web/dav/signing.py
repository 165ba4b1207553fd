"""Who asks by CardDAV: an e-mail address and an app password (HTTP Basic, RFC 7617), nothing else."""

from __future__ import annotations

from flask import g, request

from app import i18n
from app.house import house
from app.kernel.context import Principal
from app.services import api_scopes, context, dav_passwords, principals
from app.web.security.signs import Signs

ROOT = "/dav"


def applies() -> bool:
    """Tell whether this request goes by an app password; cookies do not count for it."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def load() -> None:
    """Find out whose app password it is and build the request's context: the user's, as far as contacts go."""
    g.signs, g.api_token = Signs(), None
    session, given = context.session(), request.authorization
    email, password = ("", "")
    if given is not None and given.type == "basic":
        email, password = given.username or "", given.password or ""
    found, epoch = dav_passwords.read(session, email, password)
    if house().host is not None:
        house().host.refresh(epoch[0])
    user: Principal | None = None
    if found is not None:
        user = principals.load(session, found.user_id, epoch)
    if user is not None and found is not None:
        g.api_token = found
        user = api_scopes.narrowed(user, found.scopes)
    g.ctx = context.build(user or context.NOBODY, epoch, source="carddav")
    i18n.reader_changed()
