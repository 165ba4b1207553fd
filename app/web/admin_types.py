"""Kinds of record: those that are there, and defining one without a developer or a restart."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.models import OwnType
from app.services import own_types
from app.services.context import ctx
from app.services.own_types_schema import is_own
from app.web.forms import own_type as forms
from app.web.forms.base import page
from app.web.render import done, render
from app.web.routes import requires

admin_types = Blueprint("admin_types", __name__)


@admin_types.get("/admin/types")
@requires("admin.settings")
def index() -> Response:
    """Show the kinds of record that were defined, and those that are built in."""
    rows = own_types.listed(ctx())
    used = [row for row in rows if row.deleted_at is None]
    last = len(used) - 1
    return render(
        "admin/types.html",
        title=_("Kinds of record"),
        used=[{**_line(row), "up": at > 0, "down": at < last} for at, row in enumerate(used)],
        deleted=[_line(row) for row in rows if row.deleted_at is not None],
        builtin=[str(kind.plural) for kind in ctx().schema.entities() if not is_own(kind.key)],
    )


@admin_types.route("/admin/types/new", methods=["GET", "POST"])
@requires("admin.settings")
def new() -> Response:
    """Say what a kind is called; its fields are added next."""
    form = _form()
    if form.accepted():
        try:
            row = own_types.add(ctx(), _values(form))
            toast = _("“%(name)s” is there. Now add its fields.", name=row.plural)
            return done(url_for("admin_fields.of", kind=row.name), toast=toast)
        except Invalid as error:
            form.explain(error)
    return page("admin/type.html", _("New kind of record"), form, row=None)


@admin_types.route("/admin/types/<int:type_id>", methods=["GET", "POST"])
@requires("admin.settings")
def edit(type_id: int) -> Response:
    """Change what a kind is called and its picture."""
    row = own_types.get(ctx(), type_id)
    form = _form(label=row.label, plural=row.plural, icon=row.icon)
    if form.accepted():
        try:
            own_types.change(ctx(), type_id, _values(form))
            return done(url_for("admin_types.index"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return page("admin/type.html", row.plural, form, row=row)


@admin_types.post("/admin/types/<int:type_id>/move")
@requires("admin.settings")
def move(type_id: int) -> Response:
    """Put a kind one place up or down."""
    own_types.move(ctx(), type_id, up=request.form.get("to") == "up")
    return done(url_for("admin_types.index", _anchor=f"type-{type_id}"))


@admin_types.route("/admin/types/<int:type_id>/delete", methods=["GET", "POST"])
@requires("admin.settings")
def delete(type_id: int) -> Response:
    """Say what goes with a kind and ask; or bring one back."""
    row = own_types.get(ctx(), type_id)
    if request.method == "POST" and request.form.get("to") == "use":
        return _brought_back(type_id)
    count = own_types.count(ctx(), row)
    problem = ""
    if request.method == "POST":
        try:
            own_types.delete(ctx(), type_id, confirmed=bool(request.form.get("confirmed")))
            toast = _("Deleted. It can be brought back for 30 days.")
            return done(url_for("admin_types.index"), toast=toast)
        except Invalid as error:
            problem = " ".join(error.problems.values())
    title = _("Delete “%(name)s”", name=row.plural)
    return render(
        "admin/type_delete.html",
        status=422 if problem else 200,
        title=_("Error: %(title)s", title=title) if problem else title,
        heading=title,
        row=row,
        count=count,
        most=own_types.AT_ONCE,
        problem=problem,
    )


def _brought_back(type_id: int) -> Response:
    try:
        own_types.restore(ctx(), type_id)
    except Invalid as error:
        return done(url_for("admin_types.index"), toast=" ".join(error.problems.values()), kind="bad")
    return done(url_for("admin_types.index"), toast=_("In use again"))


def _form(**values: Any) -> forms.OwnType:
    return cast(forms.OwnType, forms.OwnType.of(**values))


def _values(form: forms.OwnType) -> own_types.Values:
    return own_types.Values(
        label=form.label.data or "", plural=form.plural.data or "", icon=form.icon.data or ""
    )


def _line(row: OwnType) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "label": row.plural,
        "icon": row.icon,
        "url": url_for("admin_types.edit", type_id=row.id),
    }
