"""What must be true before a deal is in a stage: the same for pages, actions, imports and other plugins.

Subscribers within the transaction of the change. A deal that may not move stays, and says what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.sdk import Context, Event, Refuse, _

from . import history, stages
from .choices import LOST, OPEN, WON
from .fields import DEAL
from .models import Deal, Stage, StageChange

TOLD = {OPEN: "sales.deal.moved", WON: "sales.deal.won", LOST: "sales.deal.lost"}


def opened(ctx: Context, events: Sequence[Event]) -> None:
    """Check deals that are written down, and begin their history."""
    _refused(ctx, events, _why_not_opened)
    for event in events:
        deal: Deal = event.record
        ctx.session.add(_change(ctx, deal, None, 0))
    for outcome in (WON, LOST):
        _tell(ctx, outcome, [e.record for e in events if e.record.outcome == outcome])
    ctx.session.flush()


def changed(ctx: Context, events: Sequence[Event]) -> None:
    """Check deals that move, and note each move in their history."""
    moves = [event for event in events if "stage_id" in event.after]
    _refused(ctx, moves, _why_not_moved)
    since = history.since(ctx, [event.record.id for event in moves]) if moves else {}
    for event in moves:
        days = max((ctx.now - since.get(event.record.id, event.record.created_at)).days, 0)
        ctx.session.add(_change(ctx, event.record, event.before.get("stage_id"), days))
    for outcome in TOLD:
        _tell(ctx, outcome, [e.record for e in moves if e.record.outcome == outcome])
    if moves:
        ctx.session.flush()


def _refused(ctx: Context, events: Sequence[Event], why: Any) -> None:
    """Raise Refuse for the first deal that may not, and all that may not for the same reason."""
    found = [(event, why(ctx, event)) for event in events]
    reasons = [reason for _event, reason in found if reason]
    if reasons:
        raise Refuse(reasons[0], events=[event for event, reason in found if reason == reasons[0]])


def _why_not_opened(ctx: Context, event: Event) -> str:
    deal: Deal = event.record
    stage = stages.stage(ctx, deal.stage_id)
    if stages.pipeline(ctx, deal.pipeline_id).retired:
        return _("The pipeline “%(name)s” takes no new deals.") % {
            "name": stages.pipeline(ctx, deal.pipeline_id).name
        }
    return _lacks(ctx, deal, stage)


def _why_not_moved(ctx: Context, event: Event) -> str:
    deal: Deal = event.record
    stage, left = stages.stage(ctx, deal.stage_id), stages.find(ctx, event.before.get("stage_id"))
    return _lacks(ctx, deal, stage) or unchecked(deal, left, stage)


def _lacks(ctx: Context, deal: Deal, stage: Stage) -> str:
    """Return the sentence about what a stage needs of a deal and is empty, or ""."""
    missing = lacking(ctx, deal, stage)
    if stage.retired:
        return _("The stage “%(stage)s” is not used any more.") % {"stage": stage.name}
    if not missing:
        return ""
    return _("“%(deal)s” cannot go to “%(stage)s” yet. Fill in first: %(names)s.") % {
        "deal": deal.name,
        "stage": stage.name,
        "names": ", ".join(missing),
    }


def lacking(ctx: Context, deal: Deal, stage: Stage) -> list[str]:
    """Return the labels of the fields that a stage needs and that are empty on a deal."""
    return [str(ctx.schema.field(DEAL, name).label) for name in needs(ctx, deal, stage)]


def needs(ctx: Context, deal: Deal, stage: Stage) -> list[str]:
    """Return the names of the fields that a stage needs and that are empty on a deal."""
    known = {field.key for field in ctx.schema.fields(DEAL)}
    return [name for name in stage.required if name in known and getattr(deal, name, None) in (None, "")]


def unchecked(deal: Deal, left: Stage | None, stage: Stage) -> str:
    """Return the sentence about what is to be ticked off before a deal goes on from a stage, or ""."""
    if left is None or stage.outcome == LOST or left.outcome != OPEN:
        return ""
    if left.pipeline_id == stage.pipeline_id and stage.position < left.position:
        return ""
    missing = [line for line in left.checklist if line not in deal.checked]
    if not missing:
        return ""
    return _("“%(deal)s” cannot leave “%(stage)s” yet. Tick off first: %(lines)s.") % {
        "deal": deal.name,
        "stage": left.name,
        "lines": "; ".join(missing),
    }


def _change(ctx: Context, deal: Deal, former: int | None, days: int) -> StageChange:
    return StageChange(
        deal_id=deal.id,
        from_stage_id=former,
        to_stage_id=deal.stage_id,
        at=ctx.now,
        user_id=ctx.user.id,
        days=days,
        amount_base=deal.amount_base,
        close_on=deal.close_on,
    )


def _tell(ctx: Context, outcome: str, deals: Sequence[Deal]) -> None:
    if deals:
        ctx.events.emit(TOLD[outcome], entity=DEAL, record_ids=[deal.id for deal in deals])
