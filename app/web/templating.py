"""What templates can call: hashed static addresses, dates, numbers, names. Formats are cached per request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from markupsafe import Markup

from app.formats import markdown, names
from app.formats.name_parts import NameParts
from app.i18n import _, plural
from app.models import NEVER
from app.services.context import ctx
from app.web import environment
from app.web.amounts import number
from app.web.assets import static_url
from app.web.dates import ago, clock, dated, day, heading, moment, when


def init_app(app: Flask) -> None:
    """Install the globals and filters."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(static_url=static_url, NEVER=NEVER)
    env.install_gettext_callables(_, plural, newstyle=True)  # type: ignore[attr-defined]
    environment.init_app(app)
    env.filters.update(
        day=day,
        when=when,
        dated=dated,
        clock=clock,
        moment=moment,
        ago=ago,
        day_heading=heading,
        initials=initials,
        hue=names.hue,
        markdown=markdown.to_html,
        excerpt=markdown.plain,
        number=number,
        dash=dash,
    )


def initials(name: str) -> str:
    """Return the one or two letters of an avatar."""
    return names.initials(NameParts(), name or "")


def dash(value: Any) -> Any:
    """Return a value, or an en dash for an empty one."""
    return value if value not in (None, "", []) else Markup("–")


def never(value: datetime | None) -> str:
    """Return when something last happened, or "Never"."""
    return _("Never") if value is None or value == NEVER else ago(value, ctx().now)
