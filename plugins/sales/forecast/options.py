"""What a house has settled about forecasts and goals; each value is one of the settings of the plugin."""

from __future__ import annotations

from typing import Any

from app.sdk import Context
from app.sdk.services import settings

from ..deals import options as deals

OWNER = "sales"

DEFAULTS: dict[str, Any] = {"fiscal_year_start": 1, "leader_board": True}
"""`fiscal_year_start` is the month, 1 to 12; `leader_board` shows who did how much of a goal, per team."""


def get(ctx: Context, name: str) -> Any:
    """Return a setting as it is now."""
    epoch = getattr(ctx, "epoch", (0, 0, 0))[2]
    return settings.of_owner(ctx.session, epoch, OWNER, DEFAULTS).get(name)


def first_month(ctx: Context) -> int:
    """Return the month in which the fiscal year begins, 1 to 12."""
    month = int(get(ctx, "fiscal_year_start") or 1)
    return month if 1 <= month <= 12 else 1


def currency(ctx: Context) -> str:
    """Return the currency in which sums are made (ISO 4217)."""
    return deals.currency(ctx)
