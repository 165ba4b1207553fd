"""The forms of deals: a few fields for a new one, all of them for the rest of its life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.sdk import Context, Field
from app.sdk.services import fields
from app.sdk.web import RecordForm, can_write

from . import stages
from .fields import DEAL
from .models import Deal

NEW = ("name", "contact_id", "company_id", "amount", "currency", "close_on", "owner_id", "note")
ALL = (
    "name",
    "contact_id",
    "company_id",
    "amount",
    "currency",
    "close_on",
    "probability",
    "category",
    "opened_on",
    "owner_id",
    "team_id",
    "campaign",
    "note",
)


def new(ctx: Context, data: Any, stored: Mapping[str, Any]) -> RecordForm:
    """Return the form of a new deal over what is known of it already."""
    return _form(ctx, NEW, stored, data)


def whole(ctx: Context, deal: Deal, data: Any) -> RecordForm:
    """Return the form with all fields of a deal, those of other plugins last."""
    others = [f.key for f in ctx.schema.fields(DEAL) if f.owner != "sales"]
    return _form(ctx, (*ALL, *others), _stored(ctx, deal, (*ALL, *others)), data)


def missing(ctx: Context, deal: Deal, names: Sequence[str], data: Any) -> RecordForm:
    """Return a form of those fields that a stage needs."""
    return _form(ctx, names, _stored(ctx, deal, names), data)


def stage_options(ctx: Context, pipeline_id: int | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the stages in use by pipeline, for a select."""
    return [
        (of.name, [(str(stage.id), stage.name) for stage in stages.stages(ctx, of)])
        for of in stages.pipelines(ctx)
        if pipeline_id in (None, of.id)
    ]


def _form(ctx: Context, names: Iterable[str], stored: Mapping[str, Any], data: Any) -> RecordForm:
    """Return the form of some fields, as far as who asks may write them."""
    known: dict[str, Field] = {f.key: f for f in fields.visible(ctx, DEAL)}
    every = [known[name] for name in names if name in known and can_write(ctx, known[name])]
    return RecordForm(ctx, every, stored, data)


def _stored(ctx: Context, deal: Deal, names: Iterable[str]) -> dict[str, Any]:
    known = {f.key: f for f in fields.visible(ctx, DEAL)}
    wanted = [known[name] for name in names if name in known]
    loaded = fields.load(ctx, ctx.schema.entity(DEAL), wanted, [deal])
    return {f.key: loaded[f.key].get(deal.id) for f in wanted if f.key in loaded}
