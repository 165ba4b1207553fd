"""Records of the kinds that administrators define: their page, their form, and writing a new one down."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Kind
from app.kernel.errors import Invalid, NotVisible
from app.services import access, layouts, nonces, own_types, records
from app.services.context import ctx
from app.services.own_types_schema import NEW, PAGE, is_own
from app.web import edit_page, list_address, record_page, record_shell, tasks
from app.web.composer import composer
from app.web.forms import own_record as forms
from app.web.forms.record import RecordForm, grouped
from app.web.render import done, render
from app.web.routes import signed_in
from app.web.security.redirects import local_path

own_records = Blueprint("own_records", __name__)

EDIT = "own_records.edit"


@own_records.get("/records/<int:record_id>")
@signed_in
def show(record_id: int) -> Response:
    """Show a record with what is known of it, and its timeline."""
    asked = ctx()
    kind, record = _found(asked, record_id, "view")
    every = sorted((f.key for f in asked.schema.fields(kind.key)), key=lambda name: name in forms.BEHIND)
    log = composer(record, entity=kind.key) if asked.may("interaction.create") else {"composer": None}
    return record_shell.show(
        "records/own.html",
        kind.key,
        record,
        aside=every,
        always=[name for name in every if name not in forms.BEHIND],
        edit_url=url_for(EDIT, record_id=record.id) if asked.may(f"{kind.key}.edit") else "",
        icon=kind.icon,
        nudge=tasks.nudge(kind.key, record),
        **log,
    )


@own_records.route("/records/<int:record_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(record_id: int) -> Response:
    """Show all fields of a record, and save them."""
    asked = ctx()
    kind, record = _found(asked, record_id, "edit")
    form = forms.whole(asked, kind, record, request.form if request.method == "POST" else None)
    groups = grouped(asked, kind.key, [c.field for c in form], lambda every: forms.groups(kind, every))
    page = edit_page.Page(
        place=edit_page.Place(kind.key, PAGE, EDIT),
        record=record,
        form=form,
        name=record_page.title_of(asked, kind.key, record),
        groups=[(title, form.only(names)) for title, names in groups],
    )
    return edit_page.answer(asked, page)


@own_records.route("/list/<entity>/new", methods=["GET", "POST"])
@signed_in
def new(entity: str) -> Response:
    """Write a record down."""
    asked = ctx()
    if not is_own(entity) or not asked.schema.has(entity):
        raise NotVisible(_("There is no such kind of record."))
    access.require(asked, f"{entity}.create")
    kind = asked.schema.entity(entity)
    form = forms.new(asked, kind, request.form if request.method == "POST" else None, _given(asked, kind))
    if request.method == "GET":
        return _new(kind, form)
    if not form.validate():
        form.foresee(lambda: _made(asked, kind, form))
        return _new(kind, form, status=422)
    return _save(asked, kind, form)


def _found(asked: Context, record_id: int, verb: str) -> tuple[Entity, Any]:
    name = own_types.of_record(asked, record_id)
    assert request.view_args is not None
    request.view_args["entity"] = name  # so that navigation and recent records know what is looked at
    return asked.schema.entity(name), records.get(asked, name, record_id, verb)


def _given(asked: Context, kind: Entity) -> dict[str, Any]:
    """Return what the address says of a new record: what it belongs to."""
    pointing = {f.key for f in asked.schema.fields(kind.key) if f.kind is Kind.REF}
    said = {n: v for n, v in request.args.items() if n in pointing and v.isdecimal() and len(v) <= 10}
    return {name: int(value) for name, value in said.items()}


def _new(kind: Entity, form: RecordForm, *, status: int = 200) -> Response:
    title = _("New %(what)s", what=str(kind.label))
    return render(
        "records/new.html",
        status=status,
        title=title if status == 200 else _("Error: %(title)s", title=title),
        heading=title,
        plural=str(kind.plural),
        back=list_address.of(kind.key),
        form=form,
        action=url_for(NEW, entity=kind.key),
        nonce=request.form.get("nonce") or nonces.fresh(),
    )


def _made(asked: Context, kind: Entity, form: RecordForm) -> Any:
    with asked.unit():
        made = records.create(asked, kind.key, form.filled())
        layouts.judge(asked, kind.key, [made.id])
        return made


def _save(asked: Context, kind: Entity, form: RecordForm) -> Response:
    nonce = request.form.get("nonce", "")
    try:
        record_id, fresh = nonces.once(asked, nonce, kind.key, lambda: _made(asked, kind, form))
    except Invalid as error:
        form.blame(error.problems)
        return _new(kind, form, status=422)
    toast = _("Saved") if fresh else _("This was saved already")
    if request.form.get("do") == "again":
        return done(url_for(NEW, entity=kind.key), toast=toast)
    return done(local_path(request.form.get("next")) or url_for(PAGE, record_id=record_id), toast=toast)
