"""App passwords: by which address-book programs come in with an e-mail address, as far as contacts go."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.kernel.context import Context
from app.models import ApiToken
from app.services import api_tokens
from app.services.api_tokens import DAV, Entry, Wanted
from app.services.context import clock

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Those that are told apart on a phone's screen."""

GROUPS, SIZE = 5, 4
READ = ("contact:read", "company:read")
WRITE = ("contact:write", "company:write")
"""Scopes of an app password: a card tells of companies too, and may name a new one."""


def made(ctx: Context, name: str, *, write: bool) -> tuple[ApiToken, str]:
    """Make an app password of the principal's own and return it with its text, which is stored nowhere."""
    assert ctx.user.id is not None
    wanted = Wanted(name=name, scopes=WRITE if write else READ, days=None, kind=DAV)
    text = "-".join("".join(secrets.choice(LETTERS) for _n in range(SIZE)) for _group in range(GROUPS))
    return api_tokens.store(ctx, ctx.user.id, wanted, bare(text)), text


def bare(text: str) -> str:
    """Return an app password as it counts, however it was typed."""
    return "".join(text.lower().replace("-", " ").split())


def mine(ctx: Context) -> Sequence[ApiToken]:
    """Return the principal's own app passwords, the latest first."""
    return api_tokens.mine(ctx, DAV)


def read(session: Session, email: str, password: str) -> tuple[Entry | None, tuple[int, int, int, int]]:
    """Return the valid app password of an address, and the counters of the house, in one statement."""
    text = bare(password[:100])
    entry, epoch = api_tokens.read_key(session, text if len(text) == GROUPS * SIZE else "", clock())
    known = entry is not None and entry.kind == DAV and entry.email.casefold() == email.strip().casefold()
    return (entry if known else None), epoch
