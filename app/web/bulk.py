"""Work on chosen rows of a list: what is to be done, what it would do, how far it is, what it did. Plain pages."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Action, Field
from app.kernel.errors import Invalid, NotVisible
from app.models import BulkRun
from app.services import bulk as service
from app.services import bulk_values, bulk_work, dedupe_merging, search_index
from app.services.bulk_choice import Chosen
from app.services.context import ctx
from app.web import bulk_bar, bulk_words, htmx, list_address
from app.web.forms.record import RecordForm
from app.web.render import done, render
from app.web.routes import signed_in

bulk = Blueprint("bulk", __name__)

OWN = {"csrf_token", "do", "how", "form", "next", "id", "all"}
"""Names in a posted form that are not an action's or a field's."""

ACTIVE = ("waiting", "running", "cancelling")


@bulk.post("/bulk/<entity>")
@signed_in
def choose(entity: str) -> Response:
    """Take the rows that were ticked (or all that match), and go on to what is to be done with them."""
    asked = ctx()
    if not asked.schema.has(entity):
        raise NotVisible(_("There is no such list."))
    form, do = request.form, request.form.get("do", "edit")
    chosen = Chosen.of(form.getlist("id"), form.items(multi=True), every=form.get("all") == "1")
    if do == "export":
        return done(bulk_bar.export_url(asked, entity, chosen))
    if do == bulk_bar.MERGE:
        return _side_by_side(entity, chosen)
    try:
        made = service.draft(asked, entity, chosen)
    except Invalid as error:
        back = list_address.of(entity) + (f"?{chosen.state.query()}" if chosen.state.pairs else "")
        return done(back, toast=" ".join(error.problems.values()), kind="warn")
    what, _colon, name = do.partition(":")
    if what == "trash" or (what == "action" and bulk_work.find(asked, entity, name).form is None):
        service.choose(asked, made.id, what, {"action": name} if name else {})
        return done(url_for("bulk.show", run_id=made.id))
    asks: dict[str, Any] = {what: name} if name else {}
    return done(url_for("bulk.show", run_id=made.id, **asks))


def _side_by_side(entity: str, chosen: Chosen) -> Response:
    """Go on to the page that merges what was ticked; it asks for the right."""
    if url := bulk_bar.merge_url(entity, chosen):
        return done(url)
    back = list_address.of(entity) + (f"?{chosen.state.query()}" if chosen.state.pairs else "")
    most = dedupe_merging.MOST
    return done(back, toast=_("Choose from two to %(most)s records to merge.", most=most), kind="warn")


@bulk.get("/bulk/run/<int:run_id>")
@signed_in
def show(run_id: int) -> Response:
    """Show what is to be done, what it would do, how far it is, or what it did."""
    asked = ctx()
    made = service.get(asked, run_id)
    if made.state != "draft":
        return _progress(asked, made) if made.state in ACTIVE else _result(asked, made)
    if name := request.args.get("field"):
        return _field(asked, made, _find(asked, made, name))
    if name := request.args.get("action"):
        return _action(asked, made, bulk_work.find(asked, made.entity, name), bulk_work.form_of)
    if made.kind and not request.args.get("again"):
        return _look(asked, made)
    return render(
        "bulk/fields.html",
        title=_("What should change?"),
        run=made,
        count=bulk_words.count_of(asked, made),
        fields=[
            (str(f.label), url_for("bulk.show", run_id=made.id, field=f.key))
            for f in _offered(asked, made.entity)
        ],
        back=_list(made),
    )


@bulk.post("/bulk/run/<int:run_id>")
@signed_in
def say(run_id: int) -> Response:
    """Take what is to be done: a value, or what an action asks for; then show what it would do."""
    asked = ctx()
    made = service.get(asked, run_id)
    if made.state != "draft":
        return done(url_for("bulk.show", run_id=run_id))
    if name := request.args.get("action"):
        return _said_action(asked, made, bulk_work.find(asked, made.entity, name))
    return _said_value(asked, made, _find(asked, made, request.args.get("field", "")))


@bulk.post("/bulk/run/<int:run_id>/<any(start, cancel, resume, discard):what>")
@signed_in
def act(run_id: int, what: str) -> Response:
    """Do it, stop it, go on with it, or leave it."""
    asked = ctx()
    if what == "discard":
        made = service.get(asked, run_id)
        back = _list(made)
        service.discard(asked, run_id)
        return done(back)
    if what != "start":
        {"cancel": service.cancel, "resume": service.resume}[what](asked, run_id)
        return done(url_for("bulk.show", run_id=run_id))
    made = service.start(asked, run_id)
    if made.state != "done" or made.refused or not made.changed:
        return done(url_for("bulk.show", run_id=run_id))
    undo = url_for("operations.undo", operation_id=made.operation_id) if made.operation_id else None
    return done(_list(made), toast=bulk_words.result(asked, made), undo=undo)


def _offered(asked: Context, entity: str) -> list[Field]:
    """Return the fields that can be changed, those that make up a name last: many records seldom share one."""
    naming = search_index.plan(asked, entity).naming
    return sorted(bulk_values.offered(asked, entity), key=lambda f: f.key in naming)


def _find(asked: Context, made: BulkRun, name: str) -> Field:
    found = next((f for f in bulk_values.offered(asked, made.entity) if f.key == name), None)
    if found is None:
        raise NotVisible(_("There is no such field."))
    return found


def _list(made: BulkRun) -> str:
    """Return the list that the rows were chosen in, as it was."""
    if not made.entity:
        return url_for("operations.index")
    query = Chosen.stored(made.chosen).state.query()
    return list_address.of(made.entity) + (f"?{query}" if query else "")


# ---------------------------------------------------------------- what is to be done


def _field(
    asked: Context, made: BulkRun, field: Field, form: RecordForm | None = None, how: str = ""
) -> Response:
    known = form or RecordForm(asked, [field])
    known.open(field.key)
    hows = list(bulk_values.hows(field))
    title = _("Change “%(field)s”", field=str(field.label))
    return render(
        "bulk/field.html",
        status=422 if known.failed else 200,
        title=_("Error: %(title)s", title=title) if known.failed else title,
        heading=title,
        run=made,
        count=bulk_words.count_of(asked, made),
        c=known[field.key],
        form=known,
        quick=bulk_words.quick(asked, known[field.key]),
        hows=bulk_words.hows(hows),
        how=how or ("add" if "add" in hows else "set"),
        may_clear="clear" in hows,
        action=url_for("bulk.say", run_id=made.id, field=field.key),
        back=url_for("bulk.show", run_id=made.id, again=1),
    )


def _said_value(asked: Context, made: BulkRun, field: Field) -> Response:
    data = request.form
    how = "clear" if data.get("clear") else data.get("how", "set")
    if how not in bulk_values.hows(field):
        raise NotVisible(_("There is no such action."))
    form = RecordForm(asked, [field], None, data)
    if form.press(data.get("do", "")) is not None:
        return _field(asked, made, field, form, how)
    value = None
    if how != "clear":
        if not form.validate():
            return _field(asked, made, field, form, how)
        value = form.values[field.key]
        if how == "set" and value in (None, "", []):
            how = "clear" if "clear" in bulk_values.hows(field) else how
        if how in {"add", "remove"} and not value:
            form[field.key].errors.append(_("Say what to add or to remove."))
            return _field(asked, made, field, form, how)
    work = bulk_values.Edit(field=field.key, how=how, value=value).json()
    try:
        service.choose(asked, made.id, "edit", work)
    except Invalid as error:
        form.blame(error.problems)
        return _field(asked, made, field, form, how)
    return done(url_for("bulk.show", run_id=made.id))


def _action(asked: Context, made: BulkRun, action: Action, build: Any, typed: Any = None) -> Response:
    form = typed if typed is not None else build(action, None)
    wrong = form is not None and bool(form.errors)
    return render(
        "bulk/action.html",
        status=422 if wrong else 200,
        title=_("Error: %(title)s", title=str(action.label)) if wrong else str(action.label),
        heading=str(action.label),
        run=made,
        count=bulk_words.count_of(asked, made),
        action=action,
        form=form,
        url=url_for("bulk.say", run_id=made.id, action=action.key),
        back=_list(made),
    )


def _said_action(asked: Context, made: BulkRun, action: Action) -> Response:
    typed = [(n, v) for n, v in request.form.items(multi=True) if n not in OWN]
    form = bulk_work.form_of(action, typed)
    if form is not None and not form.validate():
        return _action(asked, made, action, None, form)
    service.choose(asked, made.id, "action", {"action": action.key, "form": typed})
    return done(url_for("bulk.show", run_id=made.id))


# ---------------------------------------------------------------- what it would do, does and did


def _look(asked: Context, made: BulkRun) -> Response:
    looked = bulk_words.looked(asked, made)
    work = json.loads(made.work)
    other = {"edit": ("field", work.get("field")), "action": ("action", work.get("action"))}.get(made.kind)
    return render(
        "bulk/look.html",
        block="looked",
        title=bulk_words.question(asked, made),
        run=made,
        looked=looked,
        count=bulk_words.count_of(asked, made),
        go=bulk_words.go(asked, made),
        danger=bulk_words.dangerous(asked, made),
        background=made.total > service.AT_ONCE,
        other=url_for("bulk.show", run_id=made.id, **{other[0]: other[1]}) if other and other[1] else None,
        back=_list(made),
    )


def _progress(asked: Context, made: BulkRun) -> Response:
    return render(
        "bulk/progress.html",
        block="progress",
        title=bulk_words.doing(asked, made),
        run=made,
        value=made.changed + made.same + made.refused,
        stuck=service.interrupted(asked, made),
        far=bulk_words.far(made),
        counts=bulk_words.counts(made),
        back=_list(made),
    )


def _result(asked: Context, made: BulkRun) -> Response:
    if htmx.partial() and "after" not in request.args:
        response = Response(status=204)
        response.headers["HX-Redirect"] = url_for("bulk.show", run_id=made.id)
        return htmx.vary(response)
    after = request.args.get("after", "")
    found = service.refusals(
        asked, made, after=int(after) if after.isdecimal() and len(after) < 10 else 0, limit=service.PAGE + 1
    )
    rows = found[: service.PAGE]
    more = url_for("bulk.show", run_id=made.id, after=rows[-1].id) if len(found) > len(rows) else None
    return render(
        "bulk/result.html",
        block="more",
        title=bulk_words.result(asked, made),
        run=made,
        counts=bulk_words.counts(made),
        rows=bulk_words.refusals(asked, rows),
        more=more,
        undo=bulk_words.undo_of(asked, made),
        back=_list(made),
    )
