"""What was done lately, one's own or everybody's, and taking it back with one press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for

from app.i18n import _, _n
from app.kernel.context import Context
from app.services import bulk_running
from app.services import undo as service
from app.services.context import ctx
from app.services.undo import Done
from app.web import bulk_words, dates, record_page
from app.web.render import done, render
from app.web.routes import signed_in
from app.web.security.redirects import local_path
from app.web.templating import number

operations = Blueprint("operations", __name__)

ICONS = {"create": "circle-plus", "delete": "trash-2", "restore": "undo-2", "merge": "git-merge"}


@operations.get("/operations")
@signed_in
def index() -> Response:
    """Show what was done in the last month, newest first."""
    asked = ctx()
    everybody = request.args.get("who") == "all" and asked.may(service.EVERYBODY)
    after = request.args.get("after", "")
    before = int(after) if after.isdecimal() and len(after) < 11 else 0
    found = service.recent(asked, everybody=everybody, before=before, limit=service.PAGE + 1)
    rows = found[: service.PAGE]
    further: dict[str, Any] = {"after": rows[-1].id if rows else 0} | ({"who": "all"} if everybody else {})
    return record_page.page_or_part(
        "operations/index.html",
        "operations/_more.html",
        title=_("Recent operations"),
        days=_days(asked, rows),
        who=[
            (_("Mine"), url_for("operations.index"), not everybody),
            (_("Everybody's"), url_for("operations.index", who="all"), everybody),
        ]
        if asked.may(service.EVERYBODY)
        else [],
        older=url_for("operations.index", **further) if len(found) > len(rows) else None,
        kept=service.DAYS,
    )


@operations.get("/operations/<int:operation_id>")
@signed_in
def show(operation_id: int) -> Response:
    """Show an operation: what it did, what followed from it, and how to take it back."""
    asked = ctx()
    found = service.get(asked, operation_id)
    one = service.one(asked, found)
    return render(
        "operations/show.html",
        title=_label(asked, one),
        one=_shown(asked, one),
        run=url_for("bulk.show", run_id=one.run.id)
        if one.run is not None and one.run.user_id == asked.user.id
        else None,
        changes=bulk_words.changes(asked, service.changes(asked, operation_id)),
        more=max(0, one.count - service.SHOWN),
        followed=[_shown(asked, each) for each in service.followed(asked, operation_id)],
        outside=service.outside(asked, found),
        undone_by=url_for("operations.show", operation_id=one.undoes) if one.undoes else None,
    )


@operations.post("/operations/<int:operation_id>/undo")
@signed_in
def undo(operation_id: int) -> Response:
    """Take an operation back; a long one in the background, with its progress."""
    asked = ctx()
    made = service.start(asked, operation_id)
    if made.state in bulk_running.OPEN or made.refused or not made.changed:
        return done(url_for("bulk.show", run_id=made.id))
    again = url_for("operations.undo", operation_id=made.operation_id) if made.operation_id else None
    return done(_back(), toast=bulk_words.result(asked, made), undo=again)


def _back() -> str:
    """Return the page of ours on which undo was pressed, else the list of operations."""
    sent = local_path(request.form.get("next", "")) or _page_before()
    return sent or url_for("operations.index")


def _page_before() -> str | None:
    came = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    if came.netloc != request.host or came.path.startswith(("/bulk/run/", "/operations/")):
        return None
    return local_path(came.path + (f"?{came.query}" if came.query else ""))


def _days(asked: Context, rows: Sequence[Done]) -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = []
    for row in rows:
        heading = dates.heading(row.at)
        if not days or days[-1]["heading"] != heading:
            days.append({"heading": heading, "rows": []})
        days[-1]["rows"].append(_shown(asked, row))
    return days


def _shown(asked: Context, row: Done) -> dict[str, Any]:
    mine = row.actor_id is not None and row.actor_id == asked.user.id
    able = service.possible_of(asked, row) and (mine or asked.may(service.EVERYBODY))
    if row.import_run is not None:
        able = False
    return {
        "label": _label(asked, row),
        "icon": "undo-2" if row.undoes else ICONS.get(row.verb, "pencil"),
        "who": _("You") if mine else row.actor or _("Kith"),
        "at": row.at,
        "count": row.count,
        "undone": row.undone_at is not None,
        "url": url_for("operations.show", operation_id=row.id),
        "undo": url_for("operations.undo", operation_id=row.id) if able else None,
        "import_url": url_for("importing.show", run_id=row.import_run)
        if row.import_run is not None and mine
        else None,
    }


def _label(asked: Context, row: Done) -> str:
    """Return what an operation was, in a few words."""
    if row.run is not None:
        return bulk_words.result(asked, row.run)
    kind = asked.schema.entity(row.entity) if asked.schema.has(row.entity) else None
    what = str(kind.label) if kind is not None else row.entity
    if row.import_run is not None:
        return _("Import: %(num)s", num=number(row.count))
    many = _n("", " (%(num)s changes)", row.count) if row.count > 1 else ""
    return _verbs(what).get(row.verb, _("%(what)s changed", what=what)) + many


def _verbs(what: str) -> dict[str, str]:
    return {
        "create": _("%(what)s created", what=what),
        "edit": _("%(what)s changed", what=what),
        "delete": _("%(what)s moved to the trash", what=what),
        "restore": _("%(what)s taken out of the trash", what=what),
        "merge": _("%(what)s merged", what=what),
    }
