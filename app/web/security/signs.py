"""What this request knows of its session: read once by app.web.sessions, asked by everything around a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import g

from app.services.sessions import FULL, Entry


@dataclass
class Signs:
    """`token` is the cookie's id (or a fresh one for a form before sign-in), `entry` the session if it is valid.

    `csrf` is the token for this page once one was asked for, `frames` who may frame it. `out` is what the answer sets the cookie to: a token, "" to delete it, None to leave it; `keep` makes it outlive
    the browser.
    """

    token: str = ""
    entry: Entry | None = None
    out: str | None = None
    keep: bool = False
    csrf: str = ""
    frames: tuple[str, ...] = ()


def signs() -> Signs:
    """Return the signs of this request."""
    if "signs" not in g:
        g.signs = Signs()
    return cast(Signs, g.signs)


def signed_in() -> bool:
    """Tell whether somebody has signed in completely."""
    entry = signs().entry
    return entry is not None and entry.state == FULL


def session_id() -> int:
    """Return the row of the session. Raises LookupError without one."""
    entry = signs().entry
    if entry is None:
        raise LookupError("no session")
    return entry.id
