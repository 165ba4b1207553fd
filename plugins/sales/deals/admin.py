"""Setting up pipelines, stages and reasons: each change is checked, and nothing that deals use goes away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context, Invalid, NotVisible, _
from app.sdk.services import access, records, unit

from . import days, deriving, rates, stages
from .choices import OPEN
from .fields import PIPELINE, REASON, STAGE
from .models import Deal, Pipeline, Reason, Stage
from .permissions import MANAGE

MANY = 10_000


@unit
def save_pipeline(ctx: Context, pipeline_id: int | None, values: Mapping[str, Any]) -> Pipeline:
    """Add a pipeline with the usual stages, or change one, and return it. Raises NotAllowed and Invalid."""
    access.require(ctx, MANAGE)
    given = {n: values[n] for n in ("name", "currency", "stale_days", "retired")}
    given["currency"] = str(given["currency"] or "").strip().upper()
    if given["currency"] and not (len(given["currency"]) == 3 and given["currency"].isalpha()):
        raise Invalid({"currency": _("Write its three letters, like USD.")})
    if given["retired"] and [p.id for p in stages.pipelines(ctx)] == [pipeline_id]:
        raise Invalid({"retired": _("It is the only pipeline. Add another one first.")})
    if pipeline_id is None:
        made: Pipeline = records.create(
            ctx, PIPELINE, {**given, "position": len(stages.known(ctx).pipelines)}
        )
        ctx.session.add_all(stages.usual_stages(made))
        ctx.session.flush()
    else:
        made = records.update(ctx, PIPELINE, pipeline_id, given)
        _stale_anew(ctx, made)
    stages.forget(ctx)
    return made


def _stale_anew(ctx: Context, of: Pipeline) -> None:
    """Work out anew from when the open deals of a pipeline are quiet for too long."""
    query = select(Deal).where(Deal.pipeline_id == of.id, Deal.outcome == OPEN).limit(MANY)
    for deal in ctx.session.execute(query).scalars():
        deal.stale_on = deriving.stale_on(ctx, deal.active_at, of, deal.outcome)
    ctx.session.flush()


@unit
def save_stage(
    ctx: Context, pipeline_id: int | None, stage_id: int | None, values: Mapping[str, Any]
) -> Stage:
    """Add a stage to a pipeline or change one, and return it. Raises NotAllowed and Invalid."""
    access.require(ctx, MANAGE)
    of = stages.pipeline(ctx, pipeline_id)
    _keeps_a_stage(ctx, of, stage_id, values)
    given = {n: values[n] for n in ("name", "outcome", "probability", "retired")}
    given["expected_days"] = values["expected_days"] or 0
    if stage_id is None:
        position = len(stages.stages(ctx, of, retired=True))
        made: Stage = records.create(ctx, STAGE, {**given, "pipeline_id": of.id, "position": position})
    else:
        former = stages.stage(ctx, stage_id)
        if former.outcome != given["outcome"] and _count(ctx, Deal.stage_id == stage_id):
            told = _("There are deals in it. Move them first, or add another stage.")
            raise Invalid({"outcome": told})
        made = records.update(ctx, STAGE, stage_id, given)
    made.checklist, made.required = list(values["checklist"]), list(values["required"])
    ctx.session.flush()
    stages.forget(ctx)
    return made


def _keeps_a_stage(ctx: Context, of: Pipeline, stage_id: int | None, values: Mapping[str, Any]) -> None:
    """Raise Invalid when a pipeline would be left without a stage for open deals."""
    others = [s for s in stages.stages(ctx, of) if s.id != stage_id and s.outcome == OPEN]
    if others or (values["outcome"] == OPEN and not values["retired"]):
        return
    raise Invalid({"retired": _("It is the only stage for open deals. Add another one first.")})


@unit
def save_reason(ctx: Context, reason_id: int | None, values: Mapping[str, Any]) -> Reason:
    """Add a reason or change one, and return it. Raises NotAllowed and Invalid."""
    access.require(ctx, MANAGE)
    given = {n: values[n] for n in ("name", "outcome", "retired")}
    if reason_id is None:
        made: Reason = records.create(ctx, REASON, {**given, "position": len(stages.all_reasons(ctx))})
    else:
        made = records.update(ctx, REASON, reason_id, given)
    stages.forget(ctx)
    return made


def reason(ctx: Context, reason_id: int) -> Reason:
    """Return a reason by its id. Raises NotVisible."""
    found = next((r for r in stages.all_reasons(ctx) if r.id == reason_id), None)
    if found is None:
        raise NotVisible(_("There is no such reason."))
    return found


@unit
def order_pipeline(ctx: Context, pipeline_id: int, way: int) -> None:
    """Move a pipeline one place up (-1) or down (1)."""
    access.require(ctx, MANAGE)
    _order(ctx, PIPELINE, [p.id for p in stages.known(ctx).pipelines], pipeline_id, way)


@unit
def order_stage(ctx: Context, stage_id: int, way: int) -> None:
    """Move a stage one place up (-1) or down (1) within its pipeline."""
    access.require(ctx, MANAGE)
    of = stages.pipeline(ctx, stages.stage(ctx, stage_id).pipeline_id)
    _order(ctx, STAGE, [s.id for s in stages.stages(ctx, of, retired=True)], stage_id, way)


def _order(ctx: Context, entity: str, ids: Sequence[int], moved: int, way: int) -> None:
    order = list(ids)
    if moved not in order:
        raise NotVisible(_("There is no such record."))
    at = order.index(moved)
    to = min(max(at + way, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    for position, record_id in enumerate(order):
        records.update(ctx, entity, record_id, {"position": position})
    stages.forget(ctx)


def in_use(ctx: Context, of: Pipeline) -> int:
    """Return how many open deals a pipeline has that the principal sees."""
    return _count(ctx, Deal.pipeline_id == of.id, Deal.outcome == OPEN)


def _count(ctx: Context, *conditions: Any) -> int:
    return int(ctx.session.scalar(select(func.count(Deal.id)).where(*conditions)) or 0)


@unit
def revalue(ctx: Context) -> int:
    """Work the value of open deals in other currencies out anew, at today's rates; return how many changed."""
    query = select(Deal).where(Deal.outcome == OPEN, Deal.amount.is_not(None)).limit(MANY)
    changed = 0
    for deal in ctx.session.execute(query).scalars():
        value = rates.base(ctx, deal.amount, deal.currency, days.today(ctx))
        if value != deal.amount_base:
            deal.amount_base = value
            changed += 1
    ctx.session.flush()
    return changed
