"""What a house has settled about leads; each value is one of the settings of the plugin."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from app.sdk import Context
from app.sdk.services import settings

OWNER = "sales"


@dataclass(frozen=True, kw_only=True)
class Options:
    """The settings: `lead_hours` of working time until the first contact, for hot ones `lead_hours_hot`, and by source
    in `lead_hours_by_source` (lines like "Website: 2"); a warning comes when `lead_warn_percent` of it has passed.

    From `lead_hot` points a lead is hot, from `lead_warm` warm. `lead_checklist` is asked before it becomes a deal.
    """

    lead_hours: int = 8
    lead_hours_hot: int = 2
    lead_hours_by_source: str = ""
    lead_warn_percent: int = 75
    lead_hot: int = 60
    lead_warm: int = 30
    lead_checklist: str = "bant"
    lead_revive_days: int = 30


def of(ctx: Context) -> Options:
    """Return the settings as they are now."""
    defaults = {f.name: f.default for f in fields(Options)}
    epoch: tuple[int, ...] = getattr(ctx, "epoch", ())
    found = settings.of_owner(ctx.session, epoch[2] if len(epoch) > 2 else 0, OWNER, defaults)
    return Options(**{name: _typed(found.get(name), default) for name, default in defaults.items()})


def _typed(value: Any, default: Any) -> Any:
    try:
        return type(default)(value)
    except (TypeError, ValueError):
        return default


def by_source(options: Options) -> dict[str, int]:
    """Return working hours by lead source, folded; a line that cannot be read counts for nothing."""
    found: dict[str, int] = {}
    for line in options.lead_hours_by_source.splitlines():
        name, colon, hours = line.rpartition(":")
        if colon and hours.strip().isdecimal():
            found[name.strip().casefold()] = int(hours)
    return found
