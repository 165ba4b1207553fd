"""Changing a value in its cell of a list: the cell becomes a form and a cell again; without a script a page of its own."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, redirect, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.kernel.errors import Conflict, Invalid, NotAllowed, NotVisible
from app.services import companies, fields, layouts, listing, records
from app.services.context import ctx
from app.web import cells, edit_page, htmx, list_address, list_heads, record_page
from app.web.forms.record import RecordForm
from app.web.list_heads import Section
from app.web.render import done, fragment, render
from app.web.routes import signed_in
from app.web.security.redirects import local_path

list_cells = Blueprint("list_cells", __name__)


class Cell:
    """One field of one record, as a list shows it."""

    def __init__(self, asked: Context, entity: str, record_id: int, name: str, verb: str) -> None:
        if not asked.schema.has(entity):
            raise NotVisible(_("There is no such field."))
        self.asked, self.kind = asked, asked.schema.entity(entity)
        self.record = records.get(asked, entity, record_id, verb)
        found = next((f for f in fields.visible(asked, entity) if f.key == name), None)
        if found is None:
            raise NotVisible(_("There is no such field."))
        self.field: Field = found
        self.edit = list_heads.written(asked, self.kind, found)
        if not layouts.asked_of(asked, found, [record_id]):
            self.edit = None
            if verb == "edit":
                raise NotVisible(_("This field is not asked for here."))
        if verb == "edit" and self.edit is None:
            raise NotAllowed(_("You may not change “%(name)s”.", name=str(found.label)), f"{entity}.{name}")

    def url(self, endpoint: str) -> str:
        """Return one of this module's addresses for it."""
        return url_for(endpoint, entity=self.kind.key, record_id=self.record.id, name=self.field.key)

    @property
    def title(self) -> str:
        """What the record is called."""
        return record_page.title_of(self.asked, self.kind.key, self.record)


@list_cells.route("/list/<entity>/<int:record_id>/<name>", methods=["GET", "POST"])
@signed_in
def edit(entity: str, record_id: int, name: str) -> Response:
    """Show a cell ready to be changed, and save it; a conflict shows both values and asks."""
    cell = Cell(ctx(), entity, record_id, name, "edit")
    stored = fields.value(cell.asked, cell.kind, cell.field, cell.record)
    data = request.form if request.method == "POST" else None
    form = RecordForm(cell.asked, [cell.field], {name: stored}, data)
    if data is None:
        return _editing(cell, form)
    return _save(cell, form) if form.validate() else _editing(cell, form, status=422)


@list_cells.get("/list/<entity>/<int:record_id>/<name>/cell")
@signed_in
def show(entity: str, record_id: int, name: str) -> Response:
    """Show a cell as it stands: what Cancel and Escape bring back."""
    cell = Cell(ctx(), entity, record_id, name, "view")
    return _shown(cell) if htmx.partial() else cast(Response, redirect(_back(cell), 302))


def _save(cell: Cell, form: RecordForm) -> Response:
    changes = form.changes()
    entity, record_id = cell.kind.key, cell.record.id
    try:
        with cell.asked.unit():
            settled = companies.settled(cell.asked, changes)
            cell.record = records.update(
                cell.asked, entity, record_id, settled, seen_version=edit_page.seen_version()
            )
    except Invalid as error:
        form.blame(error.problems)
        return _editing(cell, form, status=422)
    except Conflict as error:
        question = edit_page.questions(cell.asked, entity, error.clashes)[0]
        return _editing(cell, form, status=409, question=question)
    return _shown(cell) if htmx.partial() else done(_back(cell), toast=_("Saved"))


def _shown(cell: Cell) -> Response:
    """Return what stands in the cell: drawn as in the rows, from one row with one cell."""
    value = fields.value(cell.asked, cell.kind, cell.field, cell.record)
    names = listing.names(cell.asked, [cell.field], {cell.field.key: {cell.record.id: value}})
    priced = cells.priced(cell.field, {cell.record.id: value}, [cell.record]).get(cell.record.id)
    drawn: tuple[Any, ...] = cells.drawer(cell.asked, cell.field, names)(priced)
    row = (cell.record.id, cell.title, None, "", "", None, [("", *drawn, cell.edit)])
    return fragment("lists/_cell.html", entity=cell.kind, sections=[Section(None, [row])])


def _editing(
    cell: Cell, form: RecordForm, *, status: int = 200, question: edit_page.Question | None = None
) -> Response:
    title = _("%(field)s of %(name)s", field=cell.field.label, name=cell.title)
    fresh = question is not None or request.method == "GET"
    values: dict[str, Any] = {
        "title": title if status == 200 else _("Error: %(title)s", title=title),
        "c": form[cell.field.key],
        "form": form,
        "question": question,
        "version": cell.record.version if fresh else request.form.get("version") or cell.record.version,
        "action": cell.url("list_cells.edit"),
        "cancel": cell.url("list_cells.show"),
        "back": _back(cell),
        "name": str(cell.kind.plural),
    }
    if htmx.partial():
        return fragment("lists/_cell_form.html", status=status, **values)
    return render("lists/cell.html", status=status, **values)


def _back(cell: Cell) -> str:
    """Return the list that somebody came from, by what the form carries or the page before says; else the whole list."""
    if found := local_path(request.form.get("next")):
        return str(found)
    before = request.referrer or ""
    host = request.host_url
    found = local_path("/" + before.removeprefix(host)) if before.startswith(host) else None
    home = list_address.of(cell.kind.key)
    return str(found) if found and str(found).partition("?")[0] == home else home
