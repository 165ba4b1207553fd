"""Stages of contacts: named, coloured, ordered, added and retired without a developer."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.services import stages
from app.services.context import ctx
from app.web.forms import stage as forms
from app.web.forms.base import page
from app.web.render import done
from app.web.routes import requires

admin_stages = Blueprint("admin_stages", __name__)


@admin_stages.route("/admin/stages", methods=["GET", "POST"])
@requires("admin.settings")
def index() -> Response:
    """Show all stages in their order, and add one."""
    form = cast(forms.Stage, forms.Stage.of())
    if form.accepted():
        try:
            stages.save(ctx(), None, _values(form))
            return done(
                url_for("admin_stages.index"), toast=_("“%(name)s” can be chosen now", name=form.label.data)
            )
        except Invalid as error:
            form.explain(error)
    return page("admin/stages.html", _("Stages of contacts"), form, stages=_list(), tones=forms.TONES)


@admin_stages.route("/admin/stages/<name>", methods=["GET", "POST"])
@requires("admin.settings")
def edit(name: str) -> Response:
    """Change what a stage is called and looks like, or retire it."""
    stage = stages.get(ctx(), name)
    form = cast(
        forms.Stage, forms.Stage.of(label=str(stage.label), tone=stage.tone or "sys", retired=stage.retired)
    )
    if form.accepted():
        try:
            stages.save(ctx(), name, _values(form))
            return done(url_for("admin_stages.index"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    removable = stages.added(name) and not stages.used(ctx(), name)
    return page("admin/stage.html", str(stage.label), form, name=name, removable=removable, tones=forms.TONES)


@admin_stages.post("/admin/stages/<name>/move")
@requires("admin.settings")
def move(name: str) -> Response:
    """Put a stage one place up or down."""
    stages.move(ctx(), name, up=request.form.get("to") == "up")
    return done(url_for("admin_stages.index", _anchor=f"stage-{name}"))


@admin_stages.post("/admin/stages/<name>/remove")
@requires("admin.settings")
def remove(name: str) -> Response:
    """Take a stage away that was added and in which nobody is."""
    try:
        stages.remove(ctx(), name)
    except Invalid as error:
        return done(url_for("admin_stages.edit", name=name), toast=str(error), kind="bad")
    return done(url_for("admin_stages.index"), toast=_("Taken away"))


def _values(form: forms.Stage) -> stages.Values:
    return stages.Values(label=form.label.data or "", tone=form.tone.data, retired=form.retired.data)


def _list() -> list[dict[str, Any]]:
    found = ctx().schema.stages()
    last = sum(1 for stage in found if not stage.retired) - 1
    return [
        {
            "name": stage.value,
            "label": str(stage.label),
            "tone": stage.tone or "sys",
            "retired": stage.retired,
            "up": 0 < place <= last,
            "down": place < last,
            "url": url_for("admin_stages.edit", name=stage.value),
            "move": url_for("admin_stages.move", name=stage.value),
        }
        for place, stage in enumerate(found)
    ]
