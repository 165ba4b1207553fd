"""Pipelines, stages, reasons and exchange rates: added, ordered, renamed and retired without a developer."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request, url_for

from app.sdk import Context, Invalid, _
from app.sdk.web import Response, ctx, done, render, requires

from . import admin, options, rates, stages
from .admin_forms import PipelineForm, RateForm, ReasonForm, StageForm
from .blueprint import pages
from .permissions import MANAGE


@pages.get("/pipelines")
@requires(MANAGE)
def pipelines() -> Response:
    """Show all pipelines with their stages, the reasons and the exchange rates."""
    asked = ctx()
    return render(
        "sales/deals/pipelines.html",
        title=_("Pipelines"),
        pipelines=[
            (of, stages.stages(asked, of, retired=True), admin.in_use(asked, of))
            for of in stages.pipelines(asked, retired=True)
        ],
        reasons=[
            (outcome, label, stages.reasons(asked, outcome, retired=True))
            for outcome, label in (("won", _("Reasons for winning")), ("lost", _("Reasons for losing")))
        ],
        rates=rates.every(asked),
        currency=options.currency(asked),
    )


@pages.route("/pipelines/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_pipeline() -> Response:
    """Add a pipeline; it begins with the usual stages."""
    form = PipelineForm.of()
    if form.accepted():
        made = _saved(form, lambda: admin.save_pipeline(ctx(), None, form.data))
        if made is not None:
            return done(url_for("sales_deals.pipelines"), toast=_("Pipeline saved"))
    return _form(_("New pipeline"), form)


@pages.route("/pipelines/<int:pipeline_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit_pipeline(pipeline_id: int) -> Response:
    """Change a pipeline, or retire it."""
    asked = ctx()
    of = stages.pipeline(asked, pipeline_id)
    form = PipelineForm.of(**{n: getattr(of, n) for n in ("name", "currency", "stale_days", "retired")})
    if form.accepted():
        made = _saved(form, lambda: admin.save_pipeline(asked, pipeline_id, form.data))
        if made is not None:
            return done(url_for("sales_deals.pipelines"), toast=_("Pipeline saved"))
    return _form(of.name, form)


@pages.post("/pipelines/<int:pipeline_id>/move")
@requires(MANAGE)
def order_pipeline(pipeline_id: int) -> Response:
    """Move a pipeline up or down; the first one is that of new deals."""
    admin.order_pipeline(ctx(), pipeline_id, _way())
    return done(url_for("sales_deals.pipelines"))


@pages.route("/pipelines/<int:pipeline_id>/stages/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_stage(pipeline_id: int) -> Response:
    """Add a stage to a pipeline."""
    asked = ctx()
    of = stages.pipeline(asked, pipeline_id)
    form = StageForm.of()
    form.offer(asked)
    if form.accepted():
        made = _saved(form, lambda: admin.save_stage(asked, of.id, None, form.values()))
        if made is not None:
            return done(url_for("sales_deals.pipelines"), toast=_("Stage saved"))
    return _form(_("New stage of “%(name)s”", name=of.name), form)


@pages.route("/stages/<int:stage_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit_stage(stage_id: int) -> Response:
    """Change a stage, or retire it."""
    asked = ctx()
    stage = stages.stage(asked, stage_id)
    names = ("name", "outcome", "probability", "expected_days", "required", "retired")
    stored: dict[str, Any] = {name: getattr(stage, name) for name in names}
    form = StageForm.of(**stored, checklist="\n".join(stage.checklist))
    form.offer(asked)
    if form.accepted():
        made = _saved(form, lambda: admin.save_stage(asked, stage.pipeline_id, stage_id, form.values()))
        if made is not None:
            return done(url_for("sales_deals.pipelines"), toast=_("Stage saved"))
    return _form(stage.name, form)


@pages.post("/stages/<int:stage_id>/move")
@requires(MANAGE)
def order_stage(stage_id: int) -> Response:
    """Move a stage up or down within its pipeline."""
    admin.order_stage(ctx(), stage_id, _way())
    return done(url_for("sales_deals.pipelines"))


@pages.route("/reasons/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_reason() -> Response:
    """Add a reason for winning or losing."""
    form = ReasonForm.of(outcome=request.args.get("outcome", "lost"))
    if form.accepted():
        made = _saved(form, lambda: admin.save_reason(ctx(), None, form.data))
        if made is not None:
            return done(url_for("sales_deals.pipelines"), toast=_("Reason saved"))
    return _form(_("New reason"), form)


@pages.route("/reasons/<int:reason_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit_reason(reason_id: int) -> Response:
    """Change a reason, or retire it."""
    asked = ctx()
    reason = admin.reason(asked, reason_id)
    form = ReasonForm.of(name=reason.name, outcome=reason.outcome, retired=reason.retired)
    if form.accepted():
        made = _saved(form, lambda: admin.save_reason(asked, reason_id, form.data))
        if made is not None:
            return done(url_for("sales_deals.pipelines"), toast=_("Reason saved"))
    return _form(reason.name, form)


@pages.route("/rates/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_rate() -> Response:
    """Set the exchange rate of a currency from a day on."""
    asked = ctx()
    form = RateForm.of()
    if form.accepted():
        made = _saved(form, lambda: _rate(asked, form.data))
        if made is not None:
            return done(url_for("sales_deals.pipelines"), toast=_("Exchange rate saved"))
    return _form(_("New exchange rate"), form)


@pages.post("/rates/<int:rate_id>/remove")
@requires(MANAGE)
def remove_rate(rate_id: int) -> Response:
    """Remove an exchange rate."""
    rates.remove(ctx(), rate_id)
    return done(url_for("sales_deals.pipelines"), toast=_("Exchange rate removed"))


def _rate(asked: Context, data: Any) -> Any:
    try:
        value = Decimal(str(data["rate"]).replace(",", "."))
    except InvalidOperation:
        raise Invalid({"rate": _("“%(text)s” is no rate. Write it like 0.92.", text=data["rate"])}) from None
    made = rates.save(asked, str(data["currency"]).strip().upper(), str(data["day"]), value)
    admin.revalue(asked)
    return made


def _saved(form: Any, save: Any) -> Any:
    try:
        return save()
    except Invalid as error:
        form.explain(error)
        return None


def _way() -> int:
    return -1 if request.form.get("way") == "up" else 1


def _form(title: str, form: Any) -> Response:
    return render(
        "sales/deals/setup.html",
        status=422 if form.wrong else 200,
        title=_("Error: %(title)s", title=title) if form.wrong else title,
        heading=title,
        form=form,
        back=url_for("sales_deals.pipelines"),
    )
