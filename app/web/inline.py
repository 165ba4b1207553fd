"""Changing one field where it stands: a row that becomes a form and a row again; without a script a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, flash, redirect, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.kernel.errors import Conflict, Invalid, NotAllowed, NotVisible
from app.services import companies, custom_fields_rules, fields, records
from app.services.context import ctx
from app.services.writable import can_edit
from app.web import edit_page, htmx, record_page
from app.web.forms.base import refuse
from app.web.forms.record import RecordForm
from app.web.forms.rows import Rows
from app.web.render import done, fragment
from app.web.routes import signed_in

inline = Blueprint("inline", __name__)


@dataclass(frozen=True)
class Target:
    """The field of a record that is changed."""

    asked: Context
    entity: str
    record: Any
    field: Field

    def url(self, endpoint: str) -> str:
        """Return one of this module's addresses for it."""
        return url_for(endpoint, entity=self.entity, record_id=self.record.id, name=self.field.key)

    @property
    def home(self) -> str:
        """The record's page."""
        kind = self.asked.schema.entity(self.entity)
        if kind.url:
            return url_for(kind.url, record_id=self.record.id)
        return url_for("lists.index", entity=self.entity)


@inline.route("/field/<entity>/<int:record_id>/<name>", methods=["GET", "POST"])
@signed_in
def edit(entity: str, record_id: int, name: str) -> Response:
    """Show one field ready to be changed, and save it; a conflict shows both values and asks."""
    target = _target(ctx(), entity, record_id, name)
    stored = fields.value(target.asked, target.asked.schema.entity(entity), target.field, target.record)
    data = request.form if request.method == "POST" else None
    form = RecordForm(target.asked, [target.field], {name: stored}, data)
    if data is None:
        _one_row(form[name])
        return _editing(target, form)
    refuse(form.unknown(request.form) - edit_page.OWN)
    pressed = form.press(request.form.get("do", ""))
    if pressed is not None and htmx.partial():
        grown = request.form.get("do", "").endswith("+")
        return fragment(
            "contacts/_control.html",
            control=pressed,
            action=target.url("inline.edit"),
            grown=grown,
            plain=True,
        )
    if pressed is not None:
        return _editing(target, form)
    return _save(target, form) if form.validate() else _editing(target, form, status=422)


@inline.get("/field/<entity>/<int:record_id>/<name>/row")
@signed_in
def row(entity: str, record_id: int, name: str) -> Response:
    """Show one field as it stands: what Cancel and Escape bring back."""
    target = _target(ctx(), entity, record_id, name, verb="view")
    return _row(target) if htmx.partial() else cast(Response, redirect(target.home, 302))


def _target(asked: Context, entity: str, record_id: int, name: str, verb: str = "edit") -> Target:
    if not asked.schema.has(entity):
        raise NotVisible(_("There is no such field."))
    record = records.get(asked, entity, record_id, verb)
    field = next((f for f in fields.visible(asked, entity) if f.key == name), None)
    if field is None:
        raise NotVisible(_("There is no such field."))
    if verb == "edit" and not custom_fields_rules.asked_for(asked, entity, record_id, [field]):
        raise NotVisible(_("This field is not asked for here."))
    if verb == "edit" and not can_edit(asked, field):
        raise NotAllowed(_("You may not change “%(name)s”.", name=str(field.label)), f"{entity}.{name}")
    return Target(asked, entity, record, field)


def _one_row(control: Any) -> None:
    if isinstance(control, Rows) and not control.typed:
        control.grow()


def _save(target: Target, form: RecordForm) -> Response:
    asked, entity, record_id = target.asked, target.entity, target.record.id
    changes = form.changes()
    try:
        with asked.unit():
            settled = companies.settled(asked, changes)
            record = records.update(asked, entity, record_id, settled, seen_version=edit_page.seen_version())
    except Invalid as error:
        form.blame(error.problems)
        return _editing(target, form, status=422)
    except Conflict as error:
        asking = edit_page.questions(asked, entity, error.clashes)
        return _editing(target, form, status=409, question=asking[0])
    text, kind = edit_page.saved(asked, entity, record_id, changes)
    if not htmx.partial():
        return done(target.home, toast=text, kind=kind)
    if kind != "ok":
        flash(text, kind)
    return _row(Target(asked, entity, record, target.field))


def _row(target: Target) -> Response:
    of = record_page.load_one(target.asked, target.entity, target.record, target.field)
    return fragment("contacts/_prop.html", p=record_page.prop(target.asked, of, target.field))


def _editing(
    target: Target,
    form: RecordForm,
    *,
    status: int = 200,
    question: edit_page.Question | None = None,
) -> Response:
    name = record_page.title_of(target.asked, target.entity, target.record)
    title = _("%(field)s of %(name)s", field=target.field.label, name=name)
    fresh = question is not None or request.method == "GET"
    return record_page.page_or_part(
        "contacts/field.html",
        "contacts/_editing.html",
        status=status,
        title=title if status == 200 else _("Error: %(title)s", title=title),
        c=form[target.field.key],
        form=form,
        question=question,
        version=target.record.version if fresh else request.form.get("version") or target.record.version,
        action=target.url("inline.edit"),
        cancel=target.url("inline.row"),
        back=target.home,
        name=name,
    )
