"""The ways between the pages of goals."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.sdk import _


def places(here: str) -> list[dict[str, Any]]:
    """Return the tabs, the one that is open marked."""
    named = {"index": _("Activity goals"), "targets": _("Quotas"), "commission": _("Commission")}
    return [
        {"label": label, "url": url_for(f"sales_goals.{name}"), "on": name == here}
        for name, label in named.items()
    ]
