"""Apps of others, as administrators register them: where people are sent back to, and what may be asked for (RFC 6749, 2)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import OauthClient, OauthGrant
from app.services import access, api_scopes, audit, oauth_grants
from app.services.api_scopes import READ, WRITE
from app.services.api_tokens import ADMIN
from app.services.unit import unit

MOST = 100
"""Apps that there may be."""

MOST_ADDRESSES = 10
LONGEST = 2000
LOCAL = ("localhost", "127.0.0.1", "::1")
SECRET = "kiths_"  # noqa: S105 - how a secret begins
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]*")
NO_SCHEMES = ("javascript", "data", "vbscript", "file", "blob", "about", "ftp", "ws", "wss")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An app as somebody wants it registered; `redirect_uris` are whole addresses, one on a line."""

    name: str
    redirect_uris: str
    scopes: Sequence[str]
    homepage: str = ""
    confidential: bool = True


def every(ctx: Context) -> Sequence[OauthClient]:
    """Return the apps by name. Raises NotAllowed."""
    access.require(ctx, ADMIN)
    query = select(OauthClient).order_by(OauthClient.name, OauthClient.id).limit(MOST)
    return ctx.session.execute(query).scalars().all()


def get(ctx: Context, row_id: int) -> OauthClient:
    """Return an app. Raises NotAllowed, NotVisible."""
    access.require(ctx, ADMIN)
    found = ctx.session.get(OauthClient, row_id) if 0 < row_id <= access.GREATEST_ID else None
    if found is None:
        raise NotVisible(_("There is no such app."))
    return found


def by_client_id(ctx: Context, client_id: str) -> OauthClient | None:
    """Return the app of a client id, whoever asks: that there is one is no secret."""
    if not client_id.isascii() or not client_id.isprintable():
        return None
    return ctx.session.execute(
        select(OauthClient).where(OauthClient.client_id == client_id)
    ).scalar_one_or_none()


@unit
def register(ctx: Context, wanted: Wanted) -> tuple[OauthClient, str]:
    """Register an app and return it with its secret, which is shown this once; a public one has none ("").

    Raises NotAllowed, Invalid with a sentence per field.
    """
    access.require(ctx, ADMIN)
    made = OauthClient(
        client_id=secrets.token_urlsafe(18),
        confidential=wanted.confidential,
        created_by=ctx.user.id,
        created_at=ctx.now,
    )
    _fill(ctx, made, wanted)
    if len(every(ctx)) == MOST:
        raise Invalid({"name": _("There are %(most)s apps already. Remove one first.", most=MOST)})
    secret = _secret(made) if wanted.confidential else ""
    ctx.session.add(made)
    ctx.session.flush()
    audit.note(ctx, "app.register", f"app:{made.id}", name=made.name, scopes=made.scopes)
    return made, secret


@unit
def change(ctx: Context, row_id: int, wanted: Wanted) -> OauthClient:
    """Change an app; whether it keeps a secret stays as it is. Raises NotAllowed, NotVisible, Invalid.

    Where somebody let it in for more than it may ask for now, it has to ask again.
    """
    found = get(ctx, row_id)
    _fill(ctx, found, wanted)
    ctx.session.flush()
    for grant in _open(ctx, found):
        if not all(covered(found.scopes, word) for word in grant.scopes.split()):
            oauth_grants.end(ctx, grant)
    audit.note(ctx, "app.change", f"app:{found.id}", name=found.name, scopes=found.scopes)
    return found


@unit
def renew_secret(ctx: Context, row_id: int) -> str:
    """Give a confidential app another secret and return it; the former one counts no more."""
    found = get(ctx, row_id)
    if not found.confidential:
        raise Invalid({"": _("A public app has no secret.")})
    secret = _secret(found)
    audit.note(ctx, "app.secret", f"app:{found.id}", name=found.name)
    return secret


@unit
def remove(ctx: Context, row_id: int) -> None:
    """Remove an app; it stops working at once for everybody who let it in."""
    found = get(ctx, row_id)
    for grant in _open(ctx, found):
        oauth_grants.end(ctx, grant)
    audit.note(ctx, "app.remove", f"app:{found.id}", name=found.name)
    ctx.session.flush()
    ctx.session.delete(found)
    ctx.session.flush()


def _open(ctx: Context, client: OauthClient) -> Sequence[OauthGrant]:
    mine = select(OauthGrant).where(OauthGrant.client_row == client.id, OauthGrant.revoked_at.is_(None))
    return ctx.session.execute(mine).scalars().all()


def knows(client: OauthClient, secret: str) -> bool:
    """Tell whether a secret is the app's, in constant time."""
    return client.confidential and hmac.compare_digest(client.secret_hash, _hash(secret))


def addresses(client: OauthClient) -> list[str]:
    """Return the addresses to which people may be sent back, as they were written."""
    return client.redirect_uris.split()


def covered(allowed: str, word: str) -> bool:
    """Tell whether a scope is within others: `write` covers all, `contact:write` covers `contact:read`."""
    known = set(allowed.split())
    what, _sep, verb = word.rpartition(":")
    fits = {word, verb} if what else {word}
    if verb == READ:
        fits |= {WRITE, f"{what}:{WRITE}"} if what else {WRITE}
    return bool(known & fits)


def _secret(client: OauthClient) -> str:
    made = SECRET + secrets.token_urlsafe(32)
    client.secret_hash = _hash(made)
    return made


def _fill(ctx: Context, client: OauthClient, wanted: Wanted) -> None:
    """Put what is wanted into an app. Raises Invalid."""
    problems: dict[str, str] = {}
    name = " ".join(wanted.name.split())
    if not name or len(name) > 120:
        problems["name"] = _("Write what the app is called, in at most 120 characters.")
    uris = list(dict.fromkeys(wanted.redirect_uris.split()))
    wrong = [uri for uri in uris if not _sound(uri)]
    if not 1 <= len(uris) <= MOST_ADDRESSES:
        problems["redirect_uris"] = _("Give 1 to %(most)s addresses, one on a line.", most=MOST_ADDRESSES)
    elif wrong:
        problems["redirect_uris"] = _(
            "“%(uri)s” cannot be used: a whole https address without #, http on the app's own device, or an app's scheme like com.example.app:/back.",
            uri=wrong[0][:200],
        )
    homepage = wanted.homepage.strip()
    if homepage and (urlsplit(homepage).scheme != "https" or len(homepage) > LONGEST):
        problems["homepage"] = _("Write a whole address that begins with https://, or nothing.")
    try:
        client.scopes = api_scopes.normal(ctx, wanted.scopes)
    except Invalid as error:
        problems |= error.problems
    if problems:
        raise Invalid(problems)
    client.name, client.homepage, client.redirect_uris = name, homepage, "\n".join(uris)


def _sound(uri: str) -> bool:
    """Tell whether people may be sent to an address: https, http on the own device, a scheme with a dot (RFC 8252, 7)."""
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = uri.isascii() and uri.isprintable() and len(uri) <= LONGEST
    if not plain or "#" in uri or not HOST.fullmatch(parts.netloc):
        return False
    if parts.scheme in ("https", "http"):
        return bool(host) and (parts.scheme == "https" or host in LOCAL)
    return "." in parts.scheme and parts.scheme not in NO_SCHEMES


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
