"""Fields of records: added, changed, ordered, retired and deleted by an administrator, without a restart."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.models import CustomField
from app.services import custom_fields, custom_fields_drafts, custom_fields_schema
from app.services.context import ctx
from app.services.custom_fields_converting import CHANGING
from app.services.custom_fields_kinds import LABELS
from app.web.forms.base import page
from app.web.forms.custom_field import AddedField, rows_of
from app.web.render import done, render
from app.web.routes import requires

admin_fields = Blueprint("admin_fields", __name__)


@admin_fields.get("/admin/fields")
@requires("admin.settings")
def index() -> Response:
    """Show the kinds of record, with the fields that were added to each."""
    kinds = [
        {
            "label": kind.plural,
            "icon": kind.icon,
            "url": url_for("admin_fields.of", kind=kind.key),
            "names": [str(f.label) for f in ctx().schema.fields(kind.key) if f.name.startswith("x_")],
        }
        for kind in ctx().schema.entities()
    ]
    return render("admin/fields.html", title=_("Fields"), kinds=kinds)


@admin_fields.get("/admin/fields/<kind>")
@requires("admin.settings")
def of(kind: str) -> Response:
    """Show the fields that were added to a kind of record, in their order."""
    found = custom_fields.listed(ctx(), kind)
    last = len(found.used) - 1
    return render(
        "admin/fields_of.html",
        title=_("Fields of %(what)s", what=str(found.entity.plural)),
        kind=found.entity,
        used=[{**_line(row), "up": at > 0, "down": at < last} for at, row in enumerate(found.used)],
        retired=[_line(row) for row in found.retired],
        deleted=[_line(row) for row in found.deleted],
        own=[str(f.label) for f in ctx().schema.fields(kind) if not f.name.startswith("x_")],
    )


@admin_fields.route("/admin/fields/<kind>/new", methods=["GET", "POST"])
@requires("admin.settings")
def new(kind: str) -> Response:
    """Choose a type, then say what the field is called; adding it shows it to everybody at once."""
    of_kind = ctx().schema.entity(kind)
    type_ = request.args.get("type", "")
    title = _("New field of %(what)s", what=str(of_kind.plural))
    if type_ not in LABELS:
        ways = [
            {"label": label, "url": url_for("admin_fields.new", kind=kind, type=name)}
            for name, label in LABELS.items()
        ]
        return render("admin/field_types.html", title=title, kind=of_kind, ways=ways)
    form = AddedField.fitting(type_, _targets(), new=True)
    if form.accepted():
        try:
            row = custom_fields.add(ctx(), kind, form.values(type_))
            toast = _("“%(name)s” is there for everybody now", name=row.label)
            return done(url_for("admin_fields.of", kind=kind), toast=toast)
        except Invalid as error:
            form.explain(error)
    return _form(form, title, kind, type_)


@admin_fields.route("/admin/field/<int:field_id>", methods=["GET", "POST"])
@requires("admin.settings")
def edit(field_id: int) -> Response:
    """Change what a field is called, its choices and its rules."""
    row = custom_fields.get(ctx(), field_id)
    if row.type not in LABELS:
        abort(404)
    form = AddedField.fitting(row.type, _targets(), new=False, **_present(row))
    if form.accepted():
        try:
            custom_fields.change(ctx(), field_id, form.values(row.type))
            return done(url_for("admin_fields.of", kind=row.entity), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return _form(form, row.label, row.entity, row.type, field=row)


@admin_fields.post("/admin/field/<int:field_id>/move")
@requires("admin.settings")
def move(field_id: int) -> Response:
    """Put a field one place up or down."""
    custom_fields.move(ctx(), field_id, up=request.form.get("to") == "up")
    row = custom_fields.get(ctx(), field_id)
    return done(url_for("admin_fields.of", kind=row.entity, _anchor=f"field-{row.id}"))


@admin_fields.post("/admin/field/<int:field_id>/retire")
@requires("admin.settings")
def retire(field_id: int) -> Response:
    """Take a field out of use with its values kept, or into use again."""
    row = custom_fields.retire(ctx(), field_id, retired=request.form.get("to") != "use")
    toast = _("Retired. Its values are kept.") if row.retired else _("In use again")
    return done(url_for("admin_fields.of", kind=row.entity), toast=toast)


@admin_fields.route("/admin/field/<int:field_id>/delete", methods=["GET", "POST"])
@requires("admin.settings")
def delete(field_id: int) -> Response:
    """Say what would be lost and ask; or take a deletion back."""
    row = custom_fields.get(ctx(), field_id)
    back = url_for("admin_fields.of", kind=row.entity)
    if request.method == "POST":
        gone = custom_fields.delete(ctx(), field_id, deleted=request.form.get("to") != "use")
        kept = _("Deleted. It can be brought back for 30 days.")
        return done(back, toast=kept if gone.deleted_at else _("In use again"))
    count = custom_fields.used(ctx(), field_id)
    title = _("Delete “%(name)s”", name=row.label)
    return render(
        "admin/field_delete.html",
        title=title,
        field=row,
        count=count,
        most=custom_fields.COUNTED,
        back=back,
    )


def _form(
    form: AddedField, title: str, entity: str, type_: str, field: CustomField | None = None
) -> Response:
    if request.method == "GET" or "more" in request.form:
        form.grow()
    kind = ctx().schema.entity(entity)
    return page(
        "admin/field.html",
        title,
        form,
        kind=kind,
        type=LABELS[type_],
        field=field,
        retypes=type_ in CHANGING,
        former=_former(field) if field is not None else "",
        back=url_for("admin_fields.of", kind=entity),
    )


def _former(row: CustomField) -> Any:
    """Return the type that a field was of before it was changed, as long as that can be taken back."""
    found = custom_fields_drafts.former(ctx(), row)
    return LABELS.get(found.type, "") if found is not None else ""


def _present(row: CustomField) -> dict[str, Any]:
    given = custom_fields_schema.settings_of(row)
    return {
        "label": row.label,
        "hint": row.hint,
        "choices": rows_of(custom_fields_schema.choices_of(row)),
        "default": given.get("default") or "",
        "only_if": given.get("only_if") or "",
        "formula": given.get("formula") or "",
        "required": row.required,
        "searched": row.searched,
        "personal": row.personal,
    }


def _line(row: CustomField) -> dict[str, Any]:
    label = LABELS.get(row.type)
    return {
        "id": row.id,
        "label": row.label,
        "name": row.name,
        "type": label or _("of a type that is not known here (%(name)s)", name=row.type),
        "required": row.required,
        "url": url_for("admin_fields.edit", field_id=row.id) if label else "",
    }


def _targets() -> list[tuple[str, Any]]:
    return [(kind.key, kind.plural) for kind in ctx().schema.entities()]
