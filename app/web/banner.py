"""The banner above pages, for administrators: what is wrong with the installation, in one sentence."""

from __future__ import annotations

from time import monotonic
from typing import Any

from flask import request, url_for

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Health
from app.services import health

KEPT_S = 30.0
_queue: dict[tuple[str, str], tuple[float, Health]] = {}


def notice(ctx: Context) -> dict[str, Any] | None:
    """Return what needs an administrator most, with the way to it; None for everybody else and when all is well."""
    if not ctx.user.is_a("administrator"):
        return None
    return _plugins() or _background(ctx) or _clear_text()


def _plugins() -> dict[str, Any] | None:
    host = house().host
    broken = host.broken() if host is not None else []
    if not broken:
        return None
    return _shown(" ".join(broken), "admin_plugins.index", _("Plugins"))


def _background(ctx: Context) -> dict[str, Any] | None:
    """Ask for late work on the page one comes in by and in the administration, at most every half minute."""
    at = str(request.blueprint or "")
    if at != "today" and not at.startswith("admin"):
        return None
    key = (str(house().config.data), ctx.locale)
    asked, answer = _queue.get(key, (-KEPT_S, Health()))
    if monotonic() - asked >= KEPT_S:
        answer = health.queue(ctx)
        _queue[key] = (monotonic(), answer)
    if answer.state == "ok":
        return None
    return _shown(str(answer.message), "admin_jobs.index", _("Background work"))


def _clear_text() -> dict[str, Any] | None:
    config = house().config
    if config.env != "production" or config.https:
        return None
    text = _("Without HTTPS, passwords travel in clear text. Set KITH_BASE_URL to your https:// address.")
    return _shown(text, "admin_settings.edit", _("Settings"))


def _shown(text: str, endpoint: str, label: str) -> dict[str, Any]:
    return {"kind": "warn", "text": text, "url": url_for(endpoint), "label": label}
