"""Writing down what happened: the composer on a page of its own, an interaction's page, editing, files, pinning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Conflict, Invalid, NotVisible
from app.models import Interaction
from app.services import access, attachments, fields, people, recent_contacts, records, search
from app.services import interactions as service
from app.services.context import ctx
from app.services.interactions import Target
from app.web import dates, edit_page, tasks, timeline
from app.web.actions import offered
from app.web.composer import composer, offers
from app.web.entries import Entries
from app.web.forms.interaction import Typed, changes, read, target
from app.web.record_page import title_of
from app.web.render import done, fragment, render
from app.web.routes import requires
from app.web.security.redirects import local_path

__all__ = ["composer", "interactions"]

interactions = Blueprint("interactions", __name__)

LATEST = 20
"""Entries shown again when something was logged: what is new stands on top, the older ones are one press away."""


@interactions.get("/interactions/new")
@requires("interaction.create")
def compose() -> Response:
    """Show the composer on a page of its own: for a record, or with a box to find somebody first."""
    asked = ctx()
    on, record = _on(asked, request.args.get("on") or _of_contact(request.args.get("contact", "")))
    values = composer(record, entity=on[0] if on else "", kind=request.args.get("kind", ""), swap=False)
    return _compose(asked, on, record, values)


def _compose(
    asked: Context, on: Target | None, record: Any, values: dict[str, Any], status: int = 200
) -> Response:
    who = request.args.get("who", "").strip()[:200]
    named = people.names(asked, [on])[on].name if on else ""
    finding = on is None and status == 200
    hits = search.find(asked, who, entity="contact", limit=8) if who and finding else None
    return render(
        "interactions/new.html",
        block="who",
        status=status,
        title=_("Error: Log") if status != 200 else _("Log for %(name)s", name=named) if named else _("Log"),
        name=named,
        back=_home(asked, on),
        who=who,
        finding=finding,
        hits=[hit for group in hits.groups for hit in group.hits] if hits else [],
        lately=recent_contacts.mine(asked) if finding and not who else [],
        **values,
    )


@interactions.post("/interactions")
@requires("interaction.create")
def log() -> Response:
    """Log an interaction, with files and a follow-up; the composer comes back with what was typed on an error."""
    asked = ctx()
    typed = Typed.of(request.form)
    on, record = _on(asked, request.form.get("on", ""))
    swap = request.form.get("swap") == "1"
    if request.form.get("do") == "find":
        values = composer(record, entity=on[0] if on else "", typed=typed, problems={}, swap=swap)
        values["composer"]["offers"] = offers(asked, typed, on=request.form.get("on", ""))
        return _again(asked, on, record, values, 200)
    try:
        name = title_of(asked, on[0], record) if on else ""
        entry = read(asked, typed, on=on, name=name)
        if record is not None:
            asked.session.expunge(record)  # what was read of it is kept: the answer needs no more
        made = service.log(asked, replace(entry, files=_uploads()))
    except Invalid as error:
        values = composer(record, entity=on[0] if on else "", typed=typed, problems=error.problems, swap=swap)
        return _again(asked, on, record, values, 422)
    told = (
        _("Logged. Follow-up: %(day)s.", day=dates.due(entry.follow_up["due_on"]))
        if entry.follow_up
        else _("Logged")
    )
    return _logged(asked, made.stored_id, on, record, told, swap=swap)


def _again(asked: Context, on: Target | None, record: Any, values: dict[str, Any], status: int) -> Response:
    """Show the composer with what was typed: in its place with htmx, else on a page of its own."""
    if values["composer"]["swap"] and request.headers.get("HX-Request-Type") == "partial":
        return fragment("interactions/_composer.html", status=status, **values)
    values["composer"]["swap"] = False
    return _compose(asked, on, record, values, 422 if status == 422 else 200)


def _uploads() -> list[attachments.Upload]:
    sent = request.files.getlist("files")
    return [attachments.Upload(name=f.filename or "", data=f.read()) for f in sent if f.filename]


def _logged(asked: Context, made: int, on: Target | None, record: Any, told: str, *, swap: bool) -> Response:
    url = _home(asked, on) if on is not None else url_for("interactions.show", record_id=made)
    may = asked.may("interaction.delete")
    undo = url_for("interactions.withdraw", record_id=made, next=_home(asked, on)) if may else None
    if on is None or not swap:
        return done(url, toast=told, undo=undo)
    values = {**composer(record, entity=on[0], kind=""), **timeline.for_record(on[0], record, most=LATEST)}
    values["nudge"] = tasks.nudge(on[0], record)
    return done(url, block="interactions/_logged.html", toast=told, undo=undo, **values)


def _home(asked: Context, on: Target | None) -> str:
    if on is None:
        return url_for("interactions.index")
    return url_for(asked.schema.entity(on[0]).url, record_id=on[1])


@interactions.get("/interactions/people")
@requires("interaction.create")
def find_people() -> Response:
    """Answer who and what can be added to an entry, for the words typed so far."""
    asked, args = ctx(), request.args
    typed = Typed(who=args.get("who", "")[:200], ties=tuple(args.getlist("with")[:200]))
    return fragment("interactions/_offers.html", offers=offers(asked, typed, on=args.get("on", "")))


@interactions.get("/interactions/<int:record_id>")
@requires("interaction.view")
def show(record_id: int) -> Response:
    """Show one interaction with who took part and what it was about."""
    asked = ctx()
    made: Interaction = records.get(asked, "interaction", record_id)
    return render(
        "interactions/show.html",
        title=made.subject or str(asked.schema.kind(made.kind).label),
        made=made,
        e=Entries(asked, [made]).entry(made, whole=True) | {"url": ""},
        actions=offered("interaction", made),
        may_edit=bool(access.visible_ids(asked, Interaction, [made.id], "edit")),
        origin=_origin(asked, made),
    )


def _origin(asked: Context, made: Interaction) -> str:
    """Return who wrote the entry down, when and by which way."""
    names = people.user_names(asked, [made.created_by]) if made.created_by else {}
    who, when = names.get(made.created_by or 0, _("Somebody")), dates.moment(made.created_at, within=True)
    if made.source in {"web", ""}:
        return _("Written down by %(who)s, %(when)s", who=who, when=when)
    return _("Written down by %(who)s, %(when)s (%(source)s)", who=who, when=when, source=made.source)


@interactions.route("/interactions/<int:record_id>/edit", methods=["GET", "POST"])
@requires("interaction.edit")
def edit(record_id: int) -> Response:
    """Change an interaction; people who took part can be added and taken away."""
    asked = ctx()
    made: Interaction = records.get(asked, "interaction", record_id, "edit")
    if request.method == "GET":
        ties = service.links(asked, [record_id])[record_id]
        return _edit(asked, made, Typed.from_record(asked, made, tuple(f"{e}:{i}" for e, i, _role in ties)))
    typed = Typed.of(request.form)
    if request.form.get("do") == "find":
        return _edit(asked, made, typed, finding=True)
    try:
        values, entry = changes(asked, typed)
        service.edit(asked, record_id, {**values, **entry.ties}, seen_version=typed.version)
        return done(url_for("interactions.show", record_id=record_id), toast=_("Saved"))
    except Invalid as error:
        return _edit(asked, made, typed, problems=error.problems, status=422)
    except Conflict as error:
        questions = edit_page.questions(asked, "interaction", error.clashes)
        asked.session.refresh(made)
        return _edit(asked, made, typed, questions=questions, version=error.version, status=409)


def _edit(
    asked: Context, made: Interaction, typed: Typed, *, status: int = 200, finding: bool = False, **more: Any
) -> Response:
    problems = more.get("problems") or {}
    values = composer(None, typed=typed, problems=problems, swap=False)
    if finding:
        values["composer"]["offers"] = offers(asked, typed)
    outcomes = {o.value: o.label for group in values["composer"]["outcomes"] for o in group}
    names = (
        "subject",
        "body",
        "direction",
        "outcome",
        "duration_s",
        "occurred_at",
        "location",
        "visibility",
        "kind",
    )
    return render(
        "interactions/edit.html",
        status=status,
        title=_("Error: Edit") if status != 200 else _("Edit"),
        made=made,
        kinds=_kinds(asked, made),
        outcomes=[("", "–"), *outcomes.items()],
        files=attachments.of_records(asked, "interaction", [made.id]).get(made.id, []),
        questions=more.get("questions", ()),
        version=more.get("version", typed.version),
        may={name for name in names if access.writes(asked, "interaction", name)},
        **values,
    )


def _kinds(asked: Context, made: Interaction) -> list[tuple[str, Any]]:
    field = asked.schema.field("interaction", "kind")
    known = {c.value: c.label for c in fields.choices(asked, field)}
    return list({made.kind: asked.schema.kind(made.kind).label, **known}.items())


@interactions.post("/interactions/<int:record_id>/files")
@requires("interaction.edit")
def add_files(record_id: int) -> Response:
    """Put files on an interaction."""
    attachments.attach(ctx(), "interaction", record_id, _uploads())
    return done(url_for("interactions.edit", record_id=record_id) + "#files", toast=_("Saved"))


@interactions.post("/interactions/<int:record_id>/pin")
@requires("interaction.edit")
def pin(record_id: int) -> Response:
    """Keep an interaction at the top of its timelines, or let it go."""
    on = request.form.get("on") == "1"
    service.pin(ctx(), record_id, on=on)
    back = local_path(request.form.get("next")) or url_for("interactions.show", record_id=record_id)
    return done(back, toast=_("Pinned") if on else _("No longer pinned"))


@interactions.post("/interactions/<int:record_id>/withdraw")
@requires("interaction.delete")
def withdraw(record_id: int) -> Response:
    """Take back what was just logged, with its follow-up."""
    service.withdraw(ctx(), record_id)
    return done(
        local_path(request.values.get("next")) or url_for("interactions.index"), toast=_("Taken back")
    )


@interactions.get("/log/<int:contact_id>/<kind>")
@requires("interaction.create")
def shortcut(contact_id: int, kind: str) -> Response:
    """Go to a contact with the composer open on a kind: a short address for home screens and other programs."""
    where = url_for("contacts.show", record_id=contact_id, log=kind, _anchor="log")
    return redirect(where, 303)  # type: ignore[return-value]


def _of_contact(text: str) -> str:
    return f"contact:{text}" if text.isdecimal() else ""


def _on(asked: Context, text: str) -> tuple[Target | None, Any]:
    """Return the record that something is logged on. Raises NotVisible for one that is not there."""
    found = target(text)
    if found is None:
        return None, None
    if not asked.schema.has(found[0]) or not asked.schema.entity(found[0]).url:
        raise NotVisible(_("There is no such record."))
    return found, records.get(asked, *found)
