"""What was done lately, one's own or everybody's, and taking it back with one press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for

from app.i18n import _, _n
from app.kernel.context import Context
from app.services import bulk_running, people
from app.services import undo as service
from app.services.context import ctx
from app.services.undo import Done
from app.web import bulk_words, dates, record_page
from app.web.amounts import number
from app.web.render import done, render
from app.web.routes import signed_in
from app.web.security.redirects import local_path

Names = Mapping[tuple[str, int], people.Named]

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
    followed = service.followed(asked, operation_id)
    named = _names(asked, [one, *followed])
    return render(
        "operations/show.html",
        title=_label(asked, one, named),
        one=_shown(asked, one, named),
        run=url_for("bulk.show", run_id=one.run.id)
        if one.run is not None and one.run.refused and one.run.user_id == asked.user.id
        else None,
        changes=bulk_words.changes(asked, service.changes(asked, operation_id)),
        more=max(0, one.count - service.SHOWN),
        followed=[_shown(asked, each, named) for each in followed],
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
    named = _names(asked, rows)
    days: list[dict[str, Any]] = []
    for row in rows:
        heading = dates.heading(row.at)
        if not days or days[-1]["heading"] != heading:
            days.append({"heading": heading, "rows": []})
        days[-1]["rows"].append(_shown(asked, row, named))
    return days


def _names(asked: Context, rows: Sequence[Done]) -> Names:
    return people.names(
        asked, {(row.entity, row.record_id) for row in rows if row.run is None and row.entity}
    )


def _shown(asked: Context, row: Done, named: Names) -> dict[str, Any]:
    mine = row.actor_id is not None and row.actor_id == asked.user.id
    able = service.possible_of(asked, row) and (mine or asked.may(service.EVERYBODY))
    if row.import_run is not None:
        able = False
    return {
        "label": _label(asked, row, named),
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


def _label(asked: Context, row: Done, named: Names) -> str:
    """Return what an operation was, in a few words, with the name of the first record if it is visible."""
    if row.run is not None:
        return bulk_words.result(asked, row.run)
    kind = asked.schema.entity(row.entity) if asked.schema.has(row.entity) else None
    what = str(kind.label) if kind is not None else row.entity
    if row.import_run is not None:
        return _("Import: %(num)s", num=number(row.count))
    said = _verbs(what).get(row.verb, _("%(what)s changed", what=what))
    name = named.get((row.entity, row.record_id))
    if name is not None:
        said = _("%(said)s: %(name)s", said=said, name=name.name)
    more = row.count - 1
    return _n("%(said)s and %(num)s more", "%(said)s and %(num)s more", more, said=said) if more > 0 else said


def _verbs(what: str) -> dict[str, str]:
    return {
        "create": _("%(what)s created", what=what),
        "edit": _("%(what)s changed", what=what),
        "delete": _("%(what)s moved to the trash", what=what),
        "restore": _("%(what)s taken out of the trash", what=what),
        "merge": _("%(what)s merged", what=what),
    }
