"""What the administrator sets about prices and quotes, with what holds until then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.sdk import Context
from app.sdk.services import settings

OWNER = "sales"

DEFAULTS: Mapping[str, Any] = {
    "amount_from_lines": True,
    "discount_limit": 10,
    "quote_days": 30,
    "quote_prefix": "Q",
    "quote_terms": "",
    "quote_sender": "",
}


def get(ctx: Context, name: str) -> Any:
    """Return a setting of prices and quotes."""
    epoch = (*getattr(ctx, "epoch", ()), 0, 0, 0)[2]
    return settings.of_owner(ctx.session, epoch, OWNER, DEFAULTS).get(name)
