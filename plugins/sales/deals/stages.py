"""Pipelines and their stages, and the reasons for winning and losing: found, and made ready for the first use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import inspect, select

from app.sdk import Context, Invalid, NotVisible, _, speaking
from app.sdk.services import access, unit

from .choices import LOST, OPEN, WON
from .models import Pipeline, Reason, Stage

T = TypeVar("T", Pipeline, Stage, Reason)


@dataclass(frozen=True, kw_only=True)
class Known:
    """All pipelines and stages, in their order, also retired ones: copies to read."""

    pipelines: tuple[Pipeline, ...]
    stages: tuple[Stage, ...]


def known(ctx: Context) -> Known:
    """Return all pipelines and stages: two queries for a piece of work, however often it asks."""
    kept: Known | None = ctx.__dict__.get("_sales_stages")
    if kept is None:
        with ctx.session.no_autoflush:
            kept = Known(
                pipelines=tuple(_all(ctx, Pipeline)),
                stages=tuple(_all(ctx, Stage)),
            )
        ctx.__dict__["_sales_stages"] = kept
    return kept


def all_reasons(ctx: Context) -> Sequence[Reason]:
    """Return all reasons for winning and losing, in their order, also retired ones: copies to read."""
    kept: Sequence[Reason] | None = ctx.__dict__.get("_sales_reasons")
    if kept is None:
        with ctx.session.no_autoflush:
            kept = ctx.__dict__["_sales_reasons"] = _all(ctx, Reason)
    return kept


def forget(ctx: Context) -> None:
    """Read them anew when they are asked for next: they were changed."""
    ctx.__dict__.pop("_sales_stages", None)
    ctx.__dict__.pop("_sales_reasons", None)


def _all(ctx: Context, model: type[T]) -> Sequence[T]:
    """Return copies outside the session: they are read often, also after a commit, and never written."""
    names, query = _query(model)
    return [model(**dict(zip(names, row, strict=True))) for row in access.rows(ctx, query, {})]


@lru_cache
def _query(model: Any) -> tuple[list[str], Any]:
    names = [attribute.key for attribute in inspect(model).column_attrs]
    return names, select(*(getattr(model, name) for name in names)).order_by(model.position, model.id)


def pipelines(ctx: Context, *, retired: bool = False) -> Sequence[Pipeline]:
    """Return the pipelines in their order; retired ones only if asked."""
    return [p for p in known(ctx).pipelines if retired or not p.retired]


def default_pipeline(ctx: Context) -> Pipeline:
    """Return the first pipeline in use. Raises Invalid when there is none."""
    found = next(iter(pipelines(ctx)), None)
    if found is None:
        raise Invalid({"pipeline_id": _("There is no pipeline. An administrator adds one.")})
    return found


def pipeline(ctx: Context, pipeline_id: int | None) -> Pipeline:
    """Return a pipeline by its id. Raises NotVisible."""
    found = next((p for p in known(ctx).pipelines if p.id == pipeline_id), None)
    if found is None:
        raise NotVisible(_("There is no such pipeline."))
    return found


def stages(ctx: Context, of: Pipeline, *, retired: bool = False) -> Sequence[Stage]:
    """Return the stages of a pipeline in their order; retired ones only if asked."""
    return [s for s in known(ctx).stages if s.pipeline_id == of.id and (retired or not s.retired)]


def find(ctx: Context, stage_id: int | None) -> Stage | None:
    """Return a stage by its id, or None."""
    return next((s for s in known(ctx).stages if s.id == stage_id), None)


def stage(ctx: Context, stage_id: int | None) -> Stage:
    """Return a stage by its id. Raises NotVisible."""
    found = find(ctx, stage_id)
    if found is None:
        raise NotVisible(_("There is no such stage."))
    return found


def first(ctx: Context, of: Pipeline, outcome: str = OPEN) -> Stage:
    """Return the first stage in use of a pipeline that is open (or won, or lost). Raises Invalid without one."""
    found = next((s for s in stages(ctx, of) if s.outcome == outcome), None)
    if found is None:
        told = {
            OPEN: _("“%(name)s” has no stage for open deals. An administrator adds one."),
            WON: _("“%(name)s” has no stage for won deals. An administrator adds one."),
            LOST: _("“%(name)s” has no stage for lost deals. An administrator adds one."),
        }[outcome]
        raise Invalid({"stage_id": told % {"name": of.name}})
    return found


def reasons(ctx: Context, outcome: str, *, retired: bool = False) -> Sequence[Reason]:
    """Return the reasons for winning or losing in their order."""
    return [r for r in all_reasons(ctx) if r.outcome == outcome and (retired or not r.retired)]


@unit
def make_ready(ctx: Context) -> None:
    """Add a pipeline with stages and the usual reasons, in the reader's language, where there are none yet."""
    forget(ctx)
    if not known(ctx).pipelines:
        made = Pipeline(name=_("Sales"), position=0, stale_days=14)
        ctx.session.add(made)
        ctx.session.flush()
        ctx.session.add_all(usual_stages(made))
    if not all_reasons(ctx):
        ctx.session.add_all(_usual_reasons())
    ctx.session.flush()
    forget(ctx)


def make_ready_in_its_language(ctx: Context) -> None:
    """Make ready as `make_ready` does: in the language of who enables sales, or of the house when nobody does."""
    if ctx.request is not None:
        make_ready(ctx)
        return
    with speaking(str(ctx.settings.get("locale", "en"))):
        make_ready(ctx)


def usual_stages(of: Pipeline) -> list[Stage]:
    """Return the stages that a new pipeline begins with, in the reader's language; they are not stored yet."""
    plan: tuple[tuple[str, str, int, int, list[str], list[str]], ...] = (
        (_("Qualifying"), OPEN, 10, 14, [_("The need is understood")], []),
        (_("Needs analysed"), OPEN, 30, 14, [_("Who decides is known")], ["contact_id"]),
        (_("Quote sent"), OPEN, 60, 14, [], ["amount", "close_on"]),
        (_("Negotiating"), OPEN, 80, 10, [], ["amount", "close_on"]),
        (_("Won"), WON, 100, 0, [], ["amount"]),
        (_("Lost"), LOST, 0, 0, [], ["reason_id"]),
    )
    return [
        Stage(
            pipeline_id=of.id,
            name=name,
            position=at,
            outcome=outcome,
            probability=probability,
            expected_days=days,
            checklist=checklist,
            required=required,
        )
        for at, (name, outcome, probability, days, checklist, required) in enumerate(plan)
    ]


def _usual_reasons() -> list[Reason]:
    lost = (_("Price"), _("A competitor was chosen"), _("No budget"), _("No decision"), _("Missing feature"))
    won = (_("Best solution"), _("Price"), _("Good relationship"))
    return [
        Reason(outcome=outcome, name=name, position=at)
        for outcome, names in ((WON, won), (LOST, lost))
        for at, name in enumerate(names)
    ]
