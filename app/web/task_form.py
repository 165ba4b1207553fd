"""Writing down what is to be done: one line with a preview, the whole form, and changing it later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, request, url_for

from app.formats.recurrence_words import words
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Conflict, Invalid, NotVisible
from app.models import Task
from app.services import nonces, people, records, task_fields
from app.services import tasks as service
from app.services.context import ctx
from app.services.task_fields import SOMEDAY
from app.web import dates, edit_page, task_agenda_view
from app.web.composer import offers
from app.web.forms.interaction import Typed as Tied
from app.web.forms.task import KEEP, WEEKDAYS, Typed, mate_of, understood, values
from app.web.render import done, fragment, render
from app.web.routes import requires
from app.web.security.redirects import local_path
from app.web.task_rows import labels
from app.web.tasks import due_list, tasks

RULED = ("freq", "interval", "weekdays", "place", "until", "count")


@tasks.route("/tasks/new", methods=["GET", "POST"])
@requires("task.create")
def new() -> Response:
    """Write down what is to be done: one line is enough; everything else can be told in the form."""
    asked = ctx()
    if request.method == "GET":
        about = tuple(request.args.getlist("about")[:20])
        line, parent = request.args.get("line", "")[:500], request.args.get("parent", "")[:10]
        return _new(asked, Typed(line=line, with_=about, parent=parent, nonce=nonces.fresh()))
    typed = Typed.of(request.form)
    if request.form.get("do") in {"find", "read"}:
        return _new(asked, typed)
    try:
        found = values(asked, typed)
        if typed.parent.isdecimal():
            found["parent_id"] = int(typed.parent)
        made = service.create_once(asked, found, nonce=typed.nonce)
    except Invalid as error:
        return _new(asked, typed, problems=error.problems, status=422)
    told = _("Follow-up: %(day)s", day=_when(made.due_on, made.due_clock))
    if made.due_on == SOMEDAY:
        told = _("Noted: %(what)s", what=made.summary)
    return _made(asked, made, told)


def _made(asked: Context, made: Task, told: str) -> Response:
    at, back = request.form.get("at", ""), local_path(request.form.get("next")) or _home(asked, made)
    if at == "today":
        return done(back, block="today/_changed.html", toast=told, due=due_list(asked))
    if at == "agenda":
        seen = task_agenda_view.values(asked, request.form.get("who", ""))
        return done(back, block="tasks/_agenda.html", toast=told, strip=None, **seen)
    return done(back, toast=told)


def _home(asked: Context, made: Task) -> str:
    """Return where to go after a task was written down: to what it is a part of or about, else to itself."""
    if made.parent_id:
        return url_for("tasks.show", record_id=made.parent_id)
    for text in task_fields.load_about(asked, [made.id])[made.id]:
        entity, record_id = task_fields.target(text)
        if url := asked.schema.entity(entity).url:
            return url_for(url, record_id=record_id)
    return url_for("tasks.show", record_id=made.id)


def _new(
    asked: Context, typed: Typed, *, problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    short = bool(request.form.get("at")) and status == 422
    given = {
        **_form(asked, typed, problems or {}),
        "understood": said(asked, typed.line),
        "back": local_path(request.values.get("next")) or url_for("tasks.agenda"),
        "opened": bool(status == 422 or request.form.get("do") == "find") and not short,
    }
    title = _("New follow-up") if status == 200 else _("Error: New follow-up")
    return render("tasks/new.html", status=status, title=title, **given)


@tasks.get("/tasks/read")
@requires("task.create")
def read() -> Response:
    """Show what a line says, while it is typed."""
    return fragment("tasks/_understood.html", understood=said(ctx(), request.args.get("line", "")[:500]))


def said(asked: Context, line: str) -> list[dict[str, str]]:
    """Return what was understood of a line as small labels: what, when, how urgent, how often, who."""
    if not line.strip():
        return []
    found = understood(asked, line)
    shown = [{"icon": "circle-check", "text": found.summary or _("What is to be done?"), "tone": ""}]
    if found.due:
        when = _when(found.due.isoformat(), found.clock)
        shown.append({"icon": "calendar", "text": when, "tone": "info"})
    if found.rule:
        shown.append({"icon": "refresh-cw", "text": words(found.rule, asked.locale), "tone": "info"})
    if found.priority and found.priority != "normal":
        label = labels(asked, "priority")[found.priority]
        shown.append({"icon": "flag", "text": label, "tone": "bad" if found.priority == "high" else "sys"})
    if found.mate:
        mate = mate_of(asked, found.mate)
        names = people.user_names(asked, [mate]) if mate else {}
        text = names.get(mate or 0) or _("Nobody called “%(name)s”", name=found.mate)
        shown.append({"icon": "user", "text": text, "tone": "ok" if names else "warn"})
    return shown


def _when(due: str, clock: str) -> str:
    hour, _sep, minute = clock.partition(":")
    at = dates.wall(int(hour), int(minute)) if clock else ""
    return ", ".join(filter(None, (dates.due(due), at)))


@tasks.route("/tasks/<int:record_id>/edit", methods=["GET", "POST"])
@requires("task.edit")
def edit(record_id: int) -> Response:
    """Change everything about a task."""
    asked = ctx()
    task: Task = records.get(asked, "task", record_id, "edit")
    stored = Typed.stored(asked, task)
    if request.method == "GET":
        return _edit(asked, task, stored, version=task.version)
    typed, version = Typed.of(request.form), edit_page.seen_version()
    if request.form.get("do") == "find":
        return _edit(asked, task, typed, version=version)
    same = all(getattr(typed, name) == getattr(stored, name) for name in RULED)
    meant = replace(typed, freq=KEEP, rule=stored.rule) if same and stored.rule else typed
    try:
        records.update(asked, "task", record_id, values(asked, meant), seen_version=version)
        return done(url_for("tasks.show", record_id=record_id), toast=_("Saved"))
    except Invalid as error:
        return _edit(asked, task, typed, version=version, problems=error.problems, status=422)
    except Conflict as error:
        questions = edit_page.questions(asked, "task", error.clashes)
        return _edit(asked, task, typed, version=error.version, questions=questions, status=409)


def _edit(
    asked: Context,
    task: Task,
    typed: Typed,
    *,
    status: int = 200,
    problems: dict[str, str] | None = None,
    **more: Any,
) -> Response:
    given: dict[str, Any] = {"questions": (), **_form(asked, typed, problems or {}), **more}
    return render(
        "tasks/edit.html",
        status=status,
        title=_("Edit task") if status == 200 else _("Error: Edit task"),
        record_id=task.id,
        **given,
    )


def _form(asked: Context, typed: Typed, problems: dict[str, str]) -> dict[str, Any]:
    """Return what tasks/_fields.html needs."""
    mates = {str(i): name for i, name in people.colleagues(asked)}
    whose = typed.assignee_id
    if whose.isdecimal() and whose not in mates:
        mates |= {str(i): name for i, name in people.user_names(asked, [int(whose)]).items()}
    new = not typed.summary
    nobody = [("", _("Me, or as the line says") if new else _("Nobody"))]
    plain = [("", _("Normal, or as the line says"))] if new else []
    return {
        "typed": typed,
        "problems": problems,
        "mates": [*nobody, *mates.items()],
        "urgencies": [*plain, *labels(asked, "priority").items()],
        "reminders": list(labels(asked, "remind").items()),
        "frequencies": _frequencies(typed),
        "weekdays": [(str(n), dates.named(f"2024-01-0{n + 1}")) for n in range(7)],
        "offers": offers(asked, Tied(who=typed.who, ties=typed.with_)) if typed.with_ or typed.who else [],
        "parent": _parent(asked, typed),
        "version": 0,
    }


def _frequencies(typed: Typed) -> list[tuple[str, str]]:
    found = [
        ("", _("Never")),
        ("DAILY", _("Every day")),
        (WEEKDAYS, _("Every day from Monday to Friday")),
        ("WEEKLY", _("Every week")),
        ("MONTHLY", _("Every month")),
        ("YEARLY", _("Every year")),
    ]
    return [*found, (KEEP, words(typed.rule, ctx().locale))] if typed.freq == KEEP else found


def _parent(asked: Context, typed: Typed) -> str:
    if not typed.parent.isdecimal() or len(typed.parent) > 9:
        return ""
    try:
        return str(records.get(asked, "task", int(typed.parent)).summary)
    except NotVisible:
        return ""
