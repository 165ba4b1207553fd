"""The reader's language and zone for dates, numbers and texts."""

from __future__ import annotations

from flask import g, has_request_context

LOCALES = ("en", "de", "fr", "es", "pt")
"""Languages with a catalogue."""


def locale() -> str:
    """Return the language of the request's principal, else the site's."""
    if not has_request_context() or "ctx" not in g:
        return "en"
    return str(g.ctx.locale)


def zone() -> str:
    """Return the IANA zone of the request's principal, else the site's."""
    if not has_request_context() or "ctx" not in g:
        return "UTC"
    return str(g.ctx.zone.key)
