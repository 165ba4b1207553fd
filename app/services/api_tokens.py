"""Tokens of the API (S25): made and shown once, found by their hash, revoked, and when they were last used."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import ApiAnswer, ApiToken, Epoch, User
from app.services import access, api_scopes, audit
from app.services.unit import unit

PREFIX = "kith_"
PERSONAL, SERVICE, DAV = "personal", "service", "dav"
"""Kinds of token; an app password of an address-book program is typed by people, and good for `/dav` alone."""

APP = "app"
"""The kind of token that an app of others has, whom somebody let in (see `oauth_grants`)."""

MOST = 50
"""Living tokens that one account may have."""

LONGEST_DAYS = 3660
SEEN_EVERY = timedelta(minutes=5)
FORGOTTEN = timedelta(days=90)
"""Revoked and expired tokens are listed so long."""

ADMIN = "admin.users"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A token that is valid now."""

    id: int
    user_id: int
    scopes: str
    used_at: datetime | None
    kind: str = PERSONAL
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A token that is to be made: what it is called, what it may do, for how many days (None: until it is revoked)."""

    name: str
    scopes: Sequence[str]
    days: int | None = 90
    kind: str = PERSONAL


_READ = (
    select(
        Epoch.plugins,
        Epoch.schema,
        Epoch.settings,
        Epoch.permissions,
        ApiToken.id,
        ApiToken.user_id,
        ApiToken.scopes,
        ApiToken.kind,
        ApiToken.used_at,
        ApiToken.expires_at,
        ApiToken.revoked_at,
        User.active,
        User.email,
    )
    .select_from(Epoch)
    .outerjoin(ApiToken, ApiToken.token_hash == bindparam("hash"))
    .outerjoin(User, User.id == ApiToken.user_id)
    .limit(1)
)


def read(session: Session, token: str, now: datetime) -> tuple[Entry | None, tuple[int, int, int, int]]:
    """Return the valid token of a text, and the counters of the house, in one statement (DECISIONS 10)."""
    return read_key(session, token if token.startswith(PREFIX) and len(token) <= 100 else "", now)


def read_key(session: Session, key: str, now: datetime) -> tuple[Entry | None, tuple[int, int, int, int]]:
    """Return what `read` does, of a token or app password as it counts; "" for none."""
    row = session.connection().execute(_READ, {"hash": _hash(key) if key else ""}).first()
    if row is None:
        return None, (0, 0, 0, 0)
    epoch = (row.plugins, row.schema, row.settings, row.permissions)
    over = row.expires_at is not None and row.expires_at <= now
    if row.id is None or not row.active or over or row.revoked_at is not None:
        return None, epoch
    found = Entry(
        id=row.id,
        user_id=row.user_id,
        scopes=row.scopes,
        used_at=row.used_at,
        kind=row.kind,
        email=row.email,
    )
    return found, epoch


def create(ctx: Context, user_id: int, wanted: Wanted) -> tuple[ApiToken, str]:
    """Make a token that acts as a user and return it with its text, which is stored nowhere; see `store`."""
    text = PREFIX + secrets.token_urlsafe(32)
    return store(ctx, user_id, wanted, text), text


@unit
def store(ctx: Context, user_id: int, wanted: Wanted, key: str) -> ApiToken:
    """Make a token that acts as a user; of `key`, the token as it counts, only the hash is kept.

    Raises Invalid with a sentence per field, NotAllowed for a token that somebody else would act by.
    """
    if wanted.kind == SERVICE or user_id != ctx.user.id:
        access.require(ctx, ADMIN)
    name = " ".join(wanted.name.split())
    if not name or len(name) > 120:
        raise Invalid({"name": _("Write what the token is for, in at most 120 characters.")})
    if wanted.days is not None and not 1 <= wanted.days <= LONGEST_DAYS:
        raise Invalid({"days": _("Choose from 1 to %(most)s days.", most=LONGEST_DAYS)})
    scopes = api_scopes.normal(ctx, wanted.scopes)
    user = ctx.session.get(User, user_id)
    if user is None or not user.active:
        raise Invalid({"user": _("Choose an active account for the token.")})
    alive = select(ApiToken.id).where(
        ApiToken.user_id == user_id, ApiToken.kind != APP, ApiToken.revoked_at.is_(None)
    )
    if len(ctx.session.execute(alive.limit(MOST)).all()) == MOST:
        raise Invalid({"name": _("There are %(most)s tokens already. Revoke one first.", most=MOST)})
    made = ApiToken(
        token_hash=_hash(key),
        hint=key[-4:],
        name=name,
        kind=wanted.kind,
        scopes=scopes,
        user_id=user_id,
        created_by=ctx.user.id,
        created_at=ctx.now,
        expires_at=ctx.now + timedelta(days=wanted.days) if wanted.days is not None else None,
    )
    ctx.session.add(made)
    ctx.session.flush()
    audit.note(ctx, "token.create", f"token:{made.id}", name=name, scopes=scopes, user=user_id)
    return made


def mine(ctx: Context, kind: str = PERSONAL) -> Sequence[ApiToken]:
    """Return the principal's own tokens of a kind, the latest first."""
    own = (ApiToken.user_id == ctx.user.id, ApiToken.kind == kind)
    query = select(ApiToken).where(*own).order_by(ApiToken.id.desc()).limit(2 * MOST)
    return ctx.session.execute(query).scalars().all()


def every(
    ctx: Context, *, after: int = access.GREATEST_ID, limit: int = 100
) -> Sequence[tuple[ApiToken, str]]:
    """Return the tokens of all accounts with the name of each, the latest first, those before the id `after`."""
    access.require(ctx, ADMIN)
    shown = (ApiToken.id < after, ApiToken.kind != APP)
    query = select(ApiToken, User.name).join(User, User.id == ApiToken.user_id).where(*shown)
    return [(row[0], row[1]) for row in ctx.session.execute(query.order_by(ApiToken.id.desc()).limit(limit))]


@unit
def revoke(ctx: Context, token_id: int) -> ApiToken:
    """End a token at once: one's own personal one or app password, or any with the right to manage users. Raises NotVisible."""
    found = (
        ctx.session.get(ApiToken, token_id, with_for_update=True) if token_id <= access.GREATEST_ID else None
    )
    own = found is not None and found.user_id == ctx.user.id and found.kind != SERVICE
    if found is None or not (own or ctx.may(ADMIN)):
        raise NotVisible(_("There is no such token."))
    if found.revoked_at is None:
        found.revoked_at = ctx.now
        audit.note(ctx, "token.revoke", f"token:{found.id}", name=found.name)
    return found


@unit
def seen(ctx: Context, token_id: int, at: datetime, address: str) -> None:
    """Remember that a token was used, and from where; called at most every five minutes for each."""
    ctx.session.execute(
        update(ApiToken).where(ApiToken.id == token_id).values(used_at=at, used_from=address[:64])
    )


@unit
def purge(ctx: Context) -> None:
    """Remove tokens that have been over for long, and answers of more than a day ago."""
    before = ctx.now - FORGOTTEN
    ctx.session.execute(
        delete(ApiToken).where((ApiToken.expires_at < before) | (ApiToken.revoked_at < before))
    )
    ctx.session.execute(delete(ApiAnswer).where(ApiAnswer.at < ctx.now - timedelta(days=1)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
