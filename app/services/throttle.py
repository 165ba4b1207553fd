"""Tries within a window of time, counted in the database: every process sees the same count, a restart forgets none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from app.i18n import _n
from app.kernel.context import Context
from app.kernel.errors import KithError
from app.models import Attempt
from app.services.unit import unit


@dataclass(frozen=True)
class Limit:
    """At most `count` tries of a kind per key within `window`."""

    kind: str
    count: int
    window: timedelta


ACCOUNT = Limit("account", 10, timedelta(minutes=15))
ADDRESS = Limit("address", 60, timedelta(minutes=15))
CODE = Limit("code", 5, timedelta(minutes=15))
RESET = Limit("reset", 3, timedelta(hours=1))
REAUTH = Limit("reauth", 10, timedelta(minutes=15))
TOKEN = Limit("token", 30, timedelta(minutes=15))


class TooMany(KithError):
    """Too many tries; answered as 429 with `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        minutes = -(-retry_after // 60)
        super().__init__(
            _n(
                "Too many tries. Try again in %(num)s minute.",
                "Too many tries. Try again in %(num)s minutes.",
                minutes,
            )
        )
        self.retry_after = retry_after


@unit
def take(ctx: Context, limit: Limit, key: str) -> None:
    """Count one try before it is made, so that parallel ones are counted too. Raises TooMany when none is left."""
    count, ends = _counted(ctx, limit, _hashed(key))
    if count > limit.count:
        raise TooMany(max(1, int((ends - ctx.now).total_seconds())))


@unit
def give_back(ctx: Context, limit: Limit, key: str) -> None:
    """Take back one try: it succeeded, and only failures count against an address."""
    ctx.session.execute(
        update(Attempt)
        .where(Attempt.kind == limit.kind, Attempt.key == _hashed(key), Attempt.count > 0)
        .values(count=Attempt.count - 1)
    )


@unit
def clear(ctx: Context, limit: Limit, key: str) -> None:
    """Forget the tries of a key: its owner has come in."""
    ctx.session.execute(delete(Attempt).where(Attempt.kind == limit.kind, Attempt.key == _hashed(key)))


@unit
def purge(ctx: Context) -> None:
    """Remove counters whose window is over."""
    ctx.session.execute(delete(Attempt).where(Attempt.window_ends_at < ctx.now))


def network(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 in which an IPv6 host chooses its own."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


def _counted(ctx: Context, limit: Limit, key: str) -> tuple[int, datetime]:
    dialect = ctx.session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    ends = ctx.now + limit.window
    over = Attempt.window_ends_at <= ctx.now
    query = (
        insert(Attempt)
        .values(kind=limit.kind, key=key, count=1, window_ends_at=ends)
        .on_conflict_do_update(
            index_elements=[Attempt.kind, Attempt.key],
            set_={
                "count": case((over, 1), else_=Attempt.count + 1),
                "window_ends_at": case((over, ends), else_=Attempt.window_ends_at),
            },
        )
        .returning(Attempt.count, Attempt.window_ends_at)
    )
    count, window_ends_at = ctx.session.execute(query).one()
    return count, window_ends_at


def _hashed(key: str) -> str:
    """Keys are kept as hashes: what is typed in the wrong box (a password as address) is not stored."""
    return hashlib.sha256(key.casefold().encode()).hexdigest()
