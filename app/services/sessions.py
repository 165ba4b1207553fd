"""Server-side sessions: a row per sign-in, found by the hash of a random id; ended here, they are over everywhere."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.config import Config
from app.kernel.context import Context
from app.models import Epoch, LoginSession, User
from app.services.unit import unit

FULL = "full"
SECOND = "second"
ENROL = "enrol"
"""States: everything proved; the second factor is still asked for; a second factor must be set up first."""

PENDING = timedelta(minutes=15)
"""How long somebody may take between password and code."""

SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A session that is valid now. `token` is the cookie's value, which is stored nowhere else."""

    id: int
    token: str
    user_id: int
    state: str
    created_at: datetime
    seen_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


_READ = (
    select(
        Epoch.plugins,
        Epoch.schema,
        Epoch.settings,
        Epoch.permissions,
        LoginSession.id,
        LoginSession.user_id,
        LoginSession.state,
        LoginSession.session_epoch,
        LoginSession.data,
        LoginSession.created_at,
        LoginSession.seen_at,
        LoginSession.expires_at,
        User.active,
        User.session_epoch.label("user_epoch"),
    )
    .select_from(Epoch)
    .outerjoin(LoginSession, LoginSession.token_hash == bindparam("hash"))
    .outerjoin(User, User.id == LoginSession.user_id)
    .limit(1)
)


def read(
    session: Session, token: str, config: Config, now: datetime
) -> tuple[Entry | None, tuple[int, int, int, int]]:
    """Return the valid session of a cookie, and the counters of the house, in one statement (DECISIONS 10)."""
    row = session.connection().execute(_READ, {"hash": _hash(token) if token else ""}).first()
    if row is None:
        return None, (0, 0, 0, 0)
    epoch = (row.plugins, row.schema, row.settings, row.permissions)
    if row.id is None or not row.active or row.session_epoch != row.user_epoch:
        return None, epoch
    idle = timedelta(hours=config.session_idle_hours)
    if row.expires_at <= now or row.seen_at + idle <= now:
        return None, epoch
    entry = Entry(
        id=row.id,
        token=token,
        user_id=row.user_id,
        state=row.state,
        created_at=row.created_at,
        seen_at=row.seen_at,
        data=json.loads(row.data),
    )
    return entry, epoch


@unit
def start(
    ctx: Context,
    user_id: int,
    state: str,
    config: Config,
    *,
    place: tuple[str, str] = ("", ""),
    keep: bool = False,
) -> str:
    """Open a session for a user and return its token; `place` is the address and browser shown to its owner."""
    epoch = ctx.session.scalar(select(User.session_epoch).where(User.id == user_id))
    token = secrets.token_urlsafe(32)
    life = timedelta(days=config.session_absolute_days) if state == FULL else PENDING
    ctx.session.add(
        LoginSession(
            token_hash=_hash(token),
            user_id=user_id,
            session_epoch=epoch,
            state=state,
            data=json.dumps({"keep": keep}),
            created_at=ctx.now,
            seen_at=ctx.now,
            expires_at=ctx.now + life,
            address=place[0][:64],
            agent=place[1][:200],
        )
    )
    ctx.session.flush()
    return token


@unit
def promote(ctx: Context, entry: Entry, config: Config) -> str:
    """Make a session that waited for its second factor a full one, under a new id; returns the new token."""
    token = renew(ctx, entry.id)
    life = timedelta(days=config.session_absolute_days)
    ctx.session.execute(
        update(LoginSession)
        .where(LoginSession.id == entry.id)
        .values(state=FULL, created_at=ctx.now, seen_at=ctx.now, expires_at=ctx.now + life)
    )
    return token


@unit
def renew(ctx: Context, row_id: int) -> str:
    """Give a session a new id, as after every proof of identity; the former id is worth nothing."""
    token = secrets.token_urlsafe(32)
    ctx.session.execute(update(LoginSession).where(LoginSession.id == row_id).values(token_hash=_hash(token)))
    return token


@unit
def note(ctx: Context, /, row_id: int, **values: Any) -> None:
    """Keep JSON values with a session (nothing personal); None removes one."""
    row = ctx.session.get_one(LoginSession, row_id, with_for_update=True)
    kept = {**json.loads(row.data), **values}
    row.data = json.dumps({k: v for k, v in kept.items() if v is not None})


@unit
def end(ctx: Context, row_id: int) -> None:
    """End one session."""
    ctx.session.execute(delete(LoginSession).where(LoginSession.id == row_id))


@unit
def end_all(ctx: Context, user_id: int, *, but: int | None = None) -> None:
    """End a user's sessions on every device, except the row `but`: at the next request of each."""
    user = ctx.session.get_one(User, user_id, with_for_update=True)
    user.session_epoch += 1
    ctx.session.flush()
    mine = LoginSession.user_id == user_id
    if but is not None:
        ctx.session.execute(
            update(LoginSession).where(mine, LoginSession.id == but).values(session_epoch=user.session_epoch)
        )
        ctx.session.execute(delete(LoginSession).where(mine, LoginSession.id != but))
    else:
        ctx.session.execute(delete(LoginSession).where(mine))


@unit
def end_one_of(ctx: Context, user_id: int, row_id: int) -> None:
    """End one of a user's own sessions; the id of somebody else's does nothing."""
    ctx.session.execute(
        delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.id == row_id)
    )


@dataclass(frozen=True, kw_only=True)
class Device:
    """A session as its owner sees it."""

    id: int
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str


def devices(ctx: Context, user_id: int) -> Sequence[Device]:
    """Return a user's open sessions, the latest first."""
    rows = ctx.session.execute(
        select(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.state == FULL, LoginSession.expires_at > ctx.now)
        .order_by(LoginSession.seen_at.desc())
        .limit(100)
    ).scalars()
    return [
        Device(id=r.id, created_at=r.created_at, seen_at=r.seen_at, address=r.address, agent=r.agent)
        for r in rows
    ]


@unit
def seen(ctx: Context, row_ids: Mapping[int, int], at: datetime) -> None:
    """Remember that sessions (row id → user id) were used; called from the buffer, at most every five minutes each."""
    ctx.session.execute(update(LoginSession).where(LoginSession.id.in_(list(row_ids))).values(seen_at=at))
    ctx.session.execute(update(User).where(User.id.in_(set(row_ids.values()))).values(last_seen_at=at))


@unit
def purge(ctx: Context, config: Config) -> None:
    """Remove sessions that are over."""
    idle = ctx.now - timedelta(hours=config.session_idle_hours)
    ctx.session.execute(
        delete(LoginSession).where((LoginSession.expires_at < ctx.now) | (LoginSession.seen_at < idle))
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
