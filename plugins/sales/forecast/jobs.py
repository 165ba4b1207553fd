"""The work of forecasts on a schedule."""

from __future__ import annotations

from app.sdk import Job, _l

from . import snapshots

ALL = (
    Job(
        name="forecast_snapshot",
        label=_l("Snapshot of the forecast"),
        run=snapshots.run,
        schedule="15 3 * * 1",
        timeout=300,
        unique=False,
    ),
)
