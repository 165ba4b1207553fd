"""What was changed on a record, by whom, field by field; each change can be taken back with one press."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Conflict, NotVisible
from app.services import access, records
from app.services import history as service
from app.services.context import ctx
from app.web import dates, edit_page, record_page, shown
from app.web.render import done, render
from app.web.routes import signed_in

history = Blueprint("history", __name__)

PAGE = 50


@history.get("/history/<entity>/<int:record_id>")
@signed_in
def show(entity: str, record_id: int) -> Response:
    """Show the changes of a record, newest first."""
    asked = ctx()
    record = _record(asked, entity, record_id)
    after = request.args.get("after", "")
    found = service.steps(
        asked, entity, record_id, before_id=int(after) if after.isdecimal() else 0, limit=PAGE + 1
    )
    steps = found[:PAGE]
    further = steps[-1].id if len(found) > PAGE else None
    older = url_for("history.show", entity=entity, record_id=record_id, after=further) if further else None
    return record_page.page_or_part(
        "history/show.html",
        "history/_more.html",
        title=_("History of %(name)s", name=record_page.title_of(asked, entity, record)),
        days=_days(asked, entity, steps),
        older=older,
        action=url_for("history.revert", entity=entity, record_id=record_id),
        **_frame(asked, entity, record),
    )


@history.post("/history/<entity>/<int:record_id>/revert")
@signed_in
def revert(entity: str, record_id: int) -> Response:
    """Take back a change of one field; one that was changed again since is asked about."""
    asked = ctx()
    record = _record(asked, entity, record_id)
    entry, name = request.form.get("entry", ""), request.form.get("field", "")
    if not entry.isdecimal():
        raise NotVisible(_("There is no such change."))
    sure = request.form.get("sure") == "1"
    back = url_for("history.show", entity=entity, record_id=record_id)
    try:
        service.revert(asked, entity, record_id, int(entry), name, sure=sure)
    except Conflict as error:
        return render(
            "history/ask.html",
            status=409,
            title=_("Changed since"),
            question=edit_page.questions(asked, entity, error.clashes)[0],
            entry=entry,
            action=url_for("history.revert", entity=entity, record_id=record_id),
            back=back,
            name=record_page.title_of(asked, entity, record),
        )
    return done(back, toast=_("The change was taken back"))


def _record(asked: Context, entity: str, record_id: int) -> Any:
    if not asked.schema.has(entity):
        raise NotVisible(_("There is no such record."))
    access.require(asked, f"{entity}.view")
    return records.get(asked, entity, record_id, trash=True)


def _frame(asked: Context, entity: str, record: Any) -> dict[str, Any]:
    kind = asked.schema.entity(entity)
    gone = record.deleted_at is not None
    home = url_for(kind.url, record_id=record.id) if kind.url and not gone else url_for("trash.index")
    return {
        "back": home,
        "back_label": record_page.title_of(asked, entity, record) if not gone else _("Trash"),
    }


def _days(asked: Context, entity: str, steps: Any) -> list[dict[str, Any]]:
    """Return the steps by day, each with its changes in people's words."""
    names = {n for step in steps for n in step.changes}
    every = [f for f in asked.schema.fields(entity) if f.key in names]
    values = [{n: v} for s in steps for n, pair in s.changes.items() for v in pair]
    known = shown.named(asked, every, values)
    able = service.revertible(asked, entity, sorted(names))
    by_key = {f.key: f for f in every}
    days: list[dict[str, Any]] = []
    for step in steps:
        rows = [
            {
                "name": n,
                "label": str(by_key[n].label),
                "before": shown.words(asked, by_key[n], before, known),
                "after": shown.words(asked, by_key[n], after, known),
                "revert": n in able and step.verb == "edit",
            }
            for n, (before, after) in step.changes.items()
            if n in by_key
        ]
        heading = dates.heading(step.at)
        if not days or days[-1]["heading"] != heading:
            days.append({"heading": heading, "steps": []})
        days[-1]["steps"].append(
            {"step": step, "rows": rows, "who": _who(asked, step), "what": _what(step.verb)}
        )
    return days


def _who(asked: Context, step: service.Step) -> str:
    if step.actor_id is not None and step.actor_id == asked.user.id:
        return _("You")
    return step.actor or _("Kith")


def _what(verb: str) -> str:
    words = {
        "create": _("created it"),
        "edit": _("changed"),
        "delete": _("moved it to the trash"),
        "restore": _("took it out of the trash"),
        "merge": _("merged"),
    }
    return words.get(verb, verb)
