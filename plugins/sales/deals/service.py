"""What is done with deals: opened, moved, won, lost, opened again. Other parts of sales use these functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from app.sdk import Context, Invalid, _
from app.sdk.models import Contact
from app.sdk.services import access, records, unit

from . import stages
from .choices import LOST, OPEN, WON
from .fields import DEAL
from .models import Deal, Stage

default_pipeline = stages.default_pipeline
stages_of = stages.stages

CYCLE = timedelta(days=60)


@unit
def open_deal(ctx: Context, values: Mapping[str, Any]) -> Deal:
    """Open a deal from field values and return it: by default in the first stage of the first pipeline, now.

    Without a name it is called after its company or contact. Raises NotAllowed, Invalid with a sentence per field, or
    Refuse when its stage needs what is missing.
    """
    given = dict(values)
    if not given.get("name"):
        given["name"] = _called(ctx, given)
    made: Deal = records.create(ctx, DEAL, given)
    return made


STAGE_OF = select(Deal.stage_id, Deal.name).where(Deal.id == bindparam("deal")).with_for_update()
"""Where a deal is now; within a unit nobody moves it until the end."""


def move(ctx: Context, deal: Deal, to: Stage, *, seen_stage: int | None = None) -> Deal:
    """Move a deal to a stage and return it.

    With `seen_stage` it moves only if it still is in that stage. Raises NotAllowed, Refuse with what is missing, and
    Invalid when somebody else has moved it meanwhile.
    """
    return _move(ctx, deal.id, to, seen_stage)  # the id is read before the unit forgets what the deal was


@unit
def _move(ctx: Context, deal_id: int, to: Stage, seen_stage: int | None) -> Deal:
    if seen_stage is not None:
        found = access.rows(ctx, STAGE_OF, {"deal": deal_id}).first()
        if found is not None and found.stage_id not in (seen_stage, to.id):
            told = _("Somebody else has moved “%(deal)s” to “%(stage)s” meanwhile. It stays there.")
            now = stages.stage(ctx, found.stage_id)
            raise Invalid({"stage_id": told % {"deal": found.name, "stage": now.name}})
    moved: Deal = records.update(ctx, DEAL, deal_id, {"stage_id": to.id})
    return moved


@unit
def win(ctx: Context, deals: Iterable[Deal], reason: int | None = None, note: str = "") -> Sequence[Deal]:
    """Mark deals as won, each in its pipeline's stage for that, and return them. Raises as `move` does."""
    return [_decide(ctx, deal, WON, reason, note) for deal in deals]


@unit
def lose(ctx: Context, deals: Iterable[Deal], reason: int | None = None, note: str = "") -> Sequence[Deal]:
    """Mark deals as lost, each in its pipeline's stage for that, and return them. Raises as `move` does."""
    return [_decide(ctx, deal, LOST, reason, note) for deal in deals]


@unit
def reopen(ctx: Context, deals: Iterable[Deal]) -> Sequence[Deal]:
    """Open decided deals again, in the last open stage that they were in, and return them."""
    return [move(ctx, deal, last_open(ctx, deal)) for deal in deals]


def last_open(ctx: Context, deal: Deal) -> Stage:
    """Return the open stage in which a deal was before it was decided, or the first of its pipeline."""
    from . import history

    for change in history.of(ctx, deal.id):
        found = stages.find(ctx, change.from_stage_id)
        if found is not None and found.outcome == OPEN and not found.retired:
            return found
    return stages.first(ctx, stages.pipeline(ctx, deal.pipeline_id))


def _decide(ctx: Context, deal: Deal, outcome: str, reason: int | None, note: str) -> Deal:
    pipeline = stages.pipeline(ctx, deal.pipeline_id)
    values: dict[str, Any] = {"stage_id": stages.first(ctx, pipeline, outcome).id}
    if reason is not None:
        values["reason_id"] = reason
    if note:
        values["reason_note"] = note
    made: Deal = records.update(ctx, DEAL, deal.id, values)
    return made


def _called(ctx: Context, values: Mapping[str, Any]) -> str:
    """Return a name for a deal of which only the customer is known."""
    for name, entity in (("company_id", "company"), ("contact_id", "contact")):
        if values.get(name):
            found = records.get(ctx, entity, int(values[name]))
            who = found.formatted_name if isinstance(found, Contact) else found.name
            return str(_("Deal with %(name)s", name=who))
    raise Invalid({"name": _("Write what may be sold, or to whom.")})
