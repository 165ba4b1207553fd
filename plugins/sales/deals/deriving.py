"""What follows from a deal's stage, amount and dates: kept on its row, so that lists and totals ask one table."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect

from app.sdk import Context

from . import days, options, rates, stages
from .choices import OPEN
from .models import SOMEDAY, Deal, Pipeline, Stage

FROM = (
    "name",
    "stage_id",
    "pipeline_id",
    "outcome",
    "amount",
    "amount_base",
    "currency",
    "close_on",
    "closed_at",
    "category",
)
"""The fields that the others follow from."""


def derive(ctx: Context, deal: Deal) -> None:
    """Bring pipeline, state, dates, category and the amount in the reporting currency into line, before each save."""
    stage = _place(ctx, deal)
    if _was(deal, "stage_id") != stage.id or deal.stage_since is None:
        deal.stage_since = ctx.now
    deal.active_at = ctx.now
    deal.opened_on = deal.opened_on or days.today(ctx)
    if not deal.currency:
        deal.currency = stages.pipeline(ctx, deal.pipeline_id).currency or options.currency(ctx)
    _close(ctx, deal, stage)
    day = deal.close_on if deal.outcome != OPEN and deal.close_on else days.today(ctx)
    deal.stale_on = stale_on(ctx, deal.active_at, stages.pipeline(ctx, deal.pipeline_id), deal.outcome)
    deal.amount_base = rates.base(ctx, deal.amount, deal.currency, day)


def stale_on(ctx: Context, active_at: datetime, of: Pipeline, outcome: str) -> str:
    """Return the day from which a deal has been quiet for too long; decided ones never are."""
    if outcome != OPEN or of.stale_days <= 0:
        return SOMEDAY
    return (active_at.astimezone(ctx.zone) + timedelta(days=of.stale_days + 1)).date().isoformat()


def _place(ctx: Context, deal: Deal) -> Stage:
    """Return the stage in which the deal is; a change of the pipeline alone leads to the first stage of that."""
    stage = stages.find(ctx, deal.stage_id)
    moved = deal.pipeline_id is not None and _was(deal, "pipeline_id") != deal.pipeline_id
    stayed = _was(deal, "stage_id") == deal.stage_id
    if (
        stage is None
        or stage.pipeline_id is None
        or (moved and stayed and stage.pipeline_id != deal.pipeline_id)
    ):
        of = stages.pipeline(ctx, deal.pipeline_id) if deal.pipeline_id else stages.default_pipeline(ctx)
        stage = stages.first(ctx, of)
    deal.stage_id, deal.pipeline_id = stage.id, stage.pipeline_id
    return stage


def _close(ctx: Context, deal: Deal, stage: Stage) -> None:
    """Note when a deal is decided, or forget it when it is open again."""
    former, deal.outcome = deal.outcome or OPEN, stage.outcome
    if stage.outcome == OPEN:
        deal.closed_at = None
        deal.category = "pipeline" if deal.category in ("closed", "", None) else deal.category
        if former != OPEN:
            deal.reason_id, deal.reason_note = None, ""
        return
    deal.category = "closed"
    today = days.today(ctx)
    given = _was(deal, "close_on") != deal.close_on and bool(deal.close_on) and deal.close_on <= today
    if former == OPEN and not given:
        deal.close_on = today
    if former == OPEN or deal.closed_at is None or _was(deal, "close_on") != deal.close_on:
        deal.closed_at = ctx.now if deal.close_on == today else days.noon(ctx, deal.close_on)


def _was(deal: Deal, name: str) -> Any:
    """Return the stored value of a column, None of a deal that is not stored yet."""
    state: Any = inspect(deal)
    if state.identity is None:
        return None
    changed = state.attrs[name].history
    return changed.deleted[0] if changed.deleted else getattr(deal, name)
