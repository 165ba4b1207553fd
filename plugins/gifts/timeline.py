"""Gifts in the timeline of the person who received them."""

from __future__ import annotations

from app.sdk import TimelineKind, _l

from . import gifts
from .entities import GIFT

ALL = (
    TimelineKind(
        name="given",
        label=_l("Gift"),
        icon="cake",
        tone="sys",
        verb=_l("gave"),
        source=gifts.entries,
        permission=f"{GIFT}.view",
        order=95,
    ),
)
