"""Static files with hashed addresses, the plugins' stylesheet, and badges of links."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from flask import current_app

from app import paths
from app.house import house
from app.kernel.context import Context
from app.kernel.contributions import Link
from app.kernel.guard import Failure, Surface, run


def static_url(name: str) -> str:
    """Return the address of a static file with a hash of its content, so that browsers may keep it for good."""
    return _static_url(name, current_app.static_url_path or "/static")


@lru_cache(maxsize=256)
def _static_url(name: str, prefix: str) -> str:
    file = paths.STATIC / name
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
    return f"{prefix}/{name}?v={digest}"


def plugin_stylesheet() -> str | None:
    """Return the address of the enabled plugins' stylesheets in one, or None when there are none."""
    host = house().host
    return host.stylesheet_url() if host is not None else None


def badge(ctx: Context, link: Link) -> int | None:
    """Return the count beside a link, or None; a badge that fails is simply not shown."""
    if link.badge is None:
        return None
    count = run(link.badge, ctx, owner=link.owner, surface=Surface.BADGE, item=link.key, session=ctx.session)
    return None if isinstance(count, Failure) else count
