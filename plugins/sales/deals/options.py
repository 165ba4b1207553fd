"""What a house has settled about deals; each value is one of the settings of the plugin."""

from __future__ import annotations

from dataclasses import dataclass, fields

from app.sdk import Context
from app.sdk.services import settings

OWNER = "sales"


@dataclass(frozen=True, kw_only=True)
class Options:
    """The settings: the ISO 4217 code that reports are in, and whether representatives see only their own deals."""

    reporting_currency: str = ""
    deals_seen: str = "role"


def of(ctx: Context) -> Options:
    """Return the settings as they are now; they are read once for a piece of work."""
    kept = ctx.__dict__.get("_sales_options")
    if kept is None:
        defaults = {f.name: f.default for f in fields(Options)}
        found = settings.of_owner(ctx.session, getattr(ctx, "epoch", (0, 0, 0))[2], OWNER, defaults)
        kept = Options(**{name: str(found.get(name) or default) for name, default in defaults.items()})
        ctx.__dict__["_sales_options"] = kept
    made: Options = kept
    return made


def currency(ctx: Context) -> str:
    """Return the currency of reports, ISO 4217."""
    return of(ctx).reporting_currency or str(ctx.settings.get("currency", "EUR"))
