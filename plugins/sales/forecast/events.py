"""What forecasts listen to."""

from __future__ import annotations

from app.sdk import On, Phase

from . import slips

ALL = (
    On(
        name="deal_slips", topic="sales.deal.updated", run=slips.note, phase=Phase.AFTER, fields=("close_on",)
    ),
)
