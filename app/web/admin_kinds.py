"""Kinds of interaction: those that are there, and adding one without a developer."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.models import InteractionKind
from app.services import kinds
from app.services.context import ctx
from app.web.forms import kind as forms
from app.web.forms.base import page
from app.web.render import done
from app.web.routes import requires

admin_kinds = Blueprint("admin_kinds", __name__)


@admin_kinds.route("/admin/kinds", methods=["GET", "POST"])
@requires("admin.settings")
def index() -> Response:
    """Show all kinds of interaction, and add one."""
    form = _form()
    if form.accepted():
        try:
            made = kinds.save(ctx(), None, _values(form))
            return done(
                url_for("admin_kinds.index"), toast=_("“%(name)s” can be logged now", name=made.label)
            )
        except Invalid as error:
            form.explain(error)
    return page("admin/kinds.html", _("Kinds of interaction"), form, **_lists())


@admin_kinds.route("/admin/kinds/<int:kind_id>", methods=["GET", "POST"])
@requires("admin.settings")
def edit(kind_id: int) -> Response:
    """Change a kind that was added."""
    kind = kinds.get(ctx(), kind_id)
    form = _form(**{name: getattr(kind, name) for name in kinds.Values.__dataclass_fields__})
    if form.accepted():
        try:
            kinds.save(ctx(), kind_id, _values(form))
            return done(url_for("admin_kinds.index"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    used = kinds.used(ctx(), kind.name)
    return page("admin/kind.html", kind.label, form, kind_id=kind_id, used=used, tones=forms.TONES)


@admin_kinds.post("/admin/kinds/<int:kind_id>/remove")
@requires("admin.settings")
def remove(kind_id: int) -> Response:
    """Take a kind away that nothing was logged with."""
    try:
        kinds.remove(ctx(), kind_id)
    except Invalid as error:
        return done(url_for("admin_kinds.edit", kind_id=kind_id), toast=str(error), kind="bad")
    return done(url_for("admin_kinds.index"), toast=_("Taken away"))


def _form(**values: Any) -> forms.InteractionKind:
    return cast(forms.InteractionKind, forms.InteractionKind.of(**values))


def _values(form: forms.InteractionKind) -> kinds.Values:
    return kinds.Values(
        label=form.label.data or "",
        icon=form.icon.data,
        tone=form.tone.data,
        directed=form.directed.data,
        timed=form.timed.data,
    )


def _lists() -> dict[str, Any]:
    asked = ctx()
    own: dict[str, InteractionKind] = {k.name: k for k in kinds.added(asked)}
    shown = [
        {
            "label": k.label,
            "icon": k.icon,
            "tone": k.tone,
            "line": _("Added here") if k.key in own else _("Built in") if k.owner == "core" else k.owner,
            "url": url_for("admin_kinds.edit", kind_id=own[k.key].id) if k.key in own else "",
        }
        for k in asked.schema.kinds()
        if k.loggable
    ]
    return {"kinds": shown, "tones": forms.TONES}
