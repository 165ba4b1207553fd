"""What deals stand in is not removed: a pipeline or a stage that is in use is retired instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.sdk import Context, Event, On, Phase, Refuse, _
from app.sdk.services import as_house

from .fields import PIPELINE, STAGE
from .models import Deal


def pipeline_removed(ctx: Context, events: Sequence[Event]) -> None:
    """Refuse to remove a pipeline with deals, whosoever they are: a subscriber before the change."""
    _kept(Deal.pipeline_id, events)


def stage_removed(ctx: Context, events: Sequence[Event]) -> None:
    """Refuse to remove a stage with deals: a subscriber before the change."""
    _kept(Deal.stage_id, events)


def _kept(column: Any, events: Sequence[Event]) -> None:
    ids = [event.record_id for event in events]
    with as_house("deals of others stand in it, too") as house:
        used = set(house.session.execute(select(column).where(column.in_(ids)).distinct()).scalars())
    kept = [event for event in events if event.record_id in used]
    if kept:
        told = _("There are deals in “%(name)s”. Retire it in the settings instead, and they stay.")
        raise Refuse(told % {"name": kept[0].record.name}, events=kept)


ALL = (
    On(topic=f"{PIPELINE}.deleted", run=pipeline_removed, phase=Phase.BEFORE, critical=True),
    On(topic=f"{STAGE}.deleted", run=stage_removed, phase=Phase.BEFORE, critical=True),
)
