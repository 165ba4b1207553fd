"""Who let which app in: codes, access and refresh tokens as OAuth 2.1 wants them. Everything is stored as a hash.

A code is good once and for a minute, a refresh token once: one that comes again was stolen by somebody or from
somebody, so it ends the whole grant (OAuth 2.1, 4.3.1). The access token is an `api_token` of the kind "app".
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import ApiToken, OauthClient, OauthGrant, OauthRefresh, User
from app.services import access, audit
from app.services.api_tokens import APP, PREFIX
from app.services.unit import unit

CODE = timedelta(seconds=60)
ACCESS = timedelta(hours=1)
REFRESH = timedelta(days=90)
"""So long an app may stay away; each renewal begins anew."""

MOST = 100
"""Apps that one person is shown."""

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What somebody agreed to: which app, for what, with which challenge (S256), and where he is sent back to."""

    client: OauthClient
    scopes: str
    challenge: str
    redirect_uri: str


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What an app gets, in plain; both are stored as hashes alone."""

    access: str
    refresh: str


@unit
def begin(ctx: Context, consent: Consent) -> str:
    """Note that the principal lets an app in, and return the code with which it fetches its keys."""
    code = secrets.token_urlsafe(32)
    made = OauthGrant(
        client_row=consent.client.id,
        user_id=ctx.user.id,
        scopes=consent.scopes,
        code_hash=_hash(code),
        code_until=ctx.now + CODE,
        challenge=consent.challenge,
        redirect_uri=consent.redirect_uri,
        created_at=ctx.now,
        until=ctx.now + CODE,
    )
    ctx.session.add(made)
    ctx.session.flush()
    audit.note(ctx, "app.allow", f"app:{consent.client.id}", name=consent.client.name, scopes=consent.scopes)
    return code


def of_code(ctx: Context, code: str, client: OauthClient) -> OauthGrant | None:
    """Return the grant of a code, within the open unit; a code that comes twice ends what it began."""
    query = select(OauthGrant).where(OauthGrant.code_hash == _hash(code), OauthGrant.client_row == client.id)
    found = ctx.session.execute(query.with_for_update()).scalar_one_or_none()
    if found is None or found.revoked_at is not None:
        return None
    if found.code_used_at is not None:
        _stolen(ctx, found)
        return None
    return found if found.code_until > ctx.now else None


def of_refresh(
    ctx: Context, token: str, client: OauthClient
) -> tuple[OauthGrant, OauthRefresh] | tuple[None, None]:
    """Return the grant of a refresh token and its row, within the open unit; one that was used before ends the grant."""
    query = (
        select(OauthRefresh, OauthGrant)
        .join(OauthGrant, OauthGrant.id == OauthRefresh.grant_id)
        .where(OauthRefresh.token_hash == _hash(token), OauthGrant.client_row == client.id)
    )
    row = ctx.session.execute(query.with_for_update()).first()
    if row is None or row.OauthGrant.revoked_at is not None:
        return None, None
    found: OauthGrant = row.OauthGrant
    if row.OauthRefresh.used_at is not None:
        _stolen(ctx, found)
        return None, None
    if row.OauthRefresh.until <= ctx.now:
        return None, None
    return found, row.OauthRefresh


def user_of(ctx: Context, grant: OauthGrant) -> User | None:
    """Return who let the app in, None when the account is closed."""
    found = ctx.session.get(User, grant.user_id)
    return found if found is not None and found.active else None


def issue(ctx: Context, grant: OauthGrant, client: OauthClient, scopes: str) -> Keys:
    """Give an app fresh keys within the open unit; its former access token counts no more."""
    keys = Keys(access=PREFIX + secrets.token_urlsafe(32), refresh="kithr_" + secrets.token_urlsafe(32))
    token = ctx.session.get(ApiToken, grant.token_id) if grant.token_id is not None else None
    if token is None:
        token = ApiToken(kind=APP, user_id=grant.user_id, created_by=grant.user_id, created_at=ctx.now)
        ctx.session.add(token)
    token.token_hash, token.hint = _hash(keys.access), keys.access[-4:]
    token.name, token.scopes, token.expires_at = client.name, scopes, ctx.now + ACCESS
    ctx.session.flush()
    grant.token_id, grant.code_used_at = token.id, grant.code_used_at or ctx.now
    grant.until = ctx.now + REFRESH
    ctx.session.add(OauthRefresh(token_hash=_hash(keys.refresh), grant_id=grant.id, until=grant.until))
    ctx.session.flush()
    return keys


def of_token(ctx: Context, token: str, client: OauthClient) -> OauthGrant | None:
    """Return the grant of an access or refresh token of an app (RFC 7009), within the open unit."""
    known = _hash(token)
    of_access = select(OauthGrant.id).join(ApiToken, ApiToken.id == OauthGrant.token_id)
    of_refresh = select(OauthRefresh.grant_id).where(OauthRefresh.token_hash == known)
    query = select(OauthGrant).where(
        OauthGrant.client_row == client.id,
        OauthGrant.id.in_(of_access.where(ApiToken.token_hash == known)) | OauthGrant.id.in_(of_refresh),
    )
    return ctx.session.execute(query.with_for_update()).scalars().first()


def end(ctx: Context, grant: OauthGrant) -> None:
    """End a grant with all its keys, within the open unit."""
    if grant.revoked_at is None:
        grant.revoked_at = ctx.now
    token = ctx.session.get(ApiToken, grant.token_id) if grant.token_id is not None else None
    if token is not None and token.revoked_at is None:
        token.revoked_at = ctx.now
    ctx.session.flush()


def _stolen(ctx: Context, grant: OauthGrant) -> None:
    end(ctx, grant)
    client = ctx.session.get_one(OauthClient, grant.client_row)
    audit.note(ctx, "app.stolen", f"app:{client.id}", actor_id=grant.user_id, name=client.name)


# ---------------------------------------------------------------- one's own


def mine(ctx: Context) -> Sequence[tuple[OauthGrant, OauthClient, ApiToken]]:
    """Return the apps that the principal let in and that still work, the latest first."""
    query = (
        select(OauthGrant, OauthClient, ApiToken)
        .join(OauthClient, OauthClient.id == OauthGrant.client_row)
        .join(ApiToken, ApiToken.id == OauthGrant.token_id)
        .where(OauthGrant.user_id == ctx.user.id, OauthGrant.revoked_at.is_(None), OauthGrant.until > ctx.now)
        .order_by(OauthGrant.id.desc())
        .limit(MOST)
    )
    return [(row[0], row[1], row[2]) for row in ctx.session.execute(query)]


@unit
def revoke(ctx: Context, grant_id: int) -> OauthClient:
    """End one of the principal's own grants and return its app. Raises NotVisible."""
    found = ctx.session.get(OauthGrant, grant_id) if 0 < grant_id <= access.GREATEST_ID else None
    if found is None or found.user_id != ctx.user.id:
        raise NotVisible(_("There is no such app."))
    client = ctx.session.get_one(OauthClient, found.client_row)
    end(ctx, found)
    audit.note(ctx, "app.revoke", f"app:{client.id}", name=client.name)
    return client


@unit
def purge(ctx: Context) -> None:
    """Remove grants that are over (a batch), with their keys."""
    over = select(OauthGrant.id).where(OauthGrant.until < ctx.now).order_by(OauthGrant.until).limit(BATCH)
    ids = ctx.session.execute(over).scalars().all()
    ctx.session.execute(delete(OauthRefresh).where(OauthRefresh.grant_id.in_(ids)))
    ctx.session.execute(delete(OauthGrant).where(OauthGrant.id.in_(ids)))
    old = select(OauthRefresh.id).where(OauthRefresh.until < ctx.now).limit(BATCH)
    ctx.session.execute(
        delete(OauthRefresh).where(OauthRefresh.id.in_(ctx.session.execute(old).scalars().all()))
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
