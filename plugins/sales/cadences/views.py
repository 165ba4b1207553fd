"""The pages of cadences: one with its steps and results, changing it, and the text of a step that is to be sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request, url_for
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.sdk import Context, Invalid, NotVisible, _, _l
from app.sdk.models import Contact, Task
from app.sdk.services import contacts, fields, interactions, records, tasks
from app.sdk.web import Form, ctx, done, local_path, record_page, render, requires

from . import editing, enrolling, results, running
from .choices import ACTIVE, CADENCE, EMAIL, GOING, KINDS, STATES
from .models import CadenceStep, Touch

pages = Blueprint("sales_cadences", __name__)


@pages.get("/cadences/<int:record_id>")
@requires(f"{CADENCE}.view")
def show(record_id: int) -> Response:
    """Show a cadence: its steps with what came of them, and who is in it."""
    asked = ctx()
    cadence = records.get(asked, CADENCE, record_id)
    counted = results.of_steps(asked, record_id)
    labels = {c.value: (c.label, c.tone) for c in STATES}
    kinds = {c.value: (c.label, c.tone) for c in KINDS}
    return record_page(
        "sales/cadences/show.html",
        CADENCE,
        cadence,
        aside=("note", "active", "daily_cap", "owner_id", "team_id"),
        may_edit=asked.may(f"{CADENCE}.edit"),
        steps=[
            {
                "kind": kinds.get(s.kind, (s.kind, "")),
                "days": s.days,
                "subject": s.subject,
                "reached": counted.get(s.id, (0, 0))[0],
                "replied": counted.get(s.id, (0, 0))[1],
            }
            for s in enrolling.steps(asked, record_id)
        ],
        totals=[
            (labels[k][0], labels[k][1], n) for k, n in sorted(results.of_states(asked, record_id).items())
        ],
        people=[
            {
                "id": e.id,
                "name": name,
                "url": url_for("contacts.show", record_id=e.contact_id),
                "mate": mate or "",
                "state": labels[e.state],
                "next_on": e.next_on if e.state == ACTIVE else "",
                "why": e.why,
                "going": e.state in GOING and asked.may("task.create"),
                "active": e.state == ACTIVE,
            }
            for e, name, mate in results.people(asked, record_id)
        ],
        back=url_for("sales_cadences.show", record_id=record_id),
    )


class CadenceForm(Form):
    """A cadence; its steps stand beside it."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the cadence a name.")), Length(max=200)])
    note = TextAreaField(_l("What it is for"), [Length(max=2000)], render_kw={"rows": 2})
    daily_cap = IntegerField(
        _l("E-mails a day for each colleague"),
        [NumberRange(1, 10_000, _l("Write a number from 1 to 10,000."))],
        default=30,
    )
    active = BooleanField(_l("In use"), default=True)


@pages.route("/cadences/new", methods=["GET", "POST"])
@requires(f"{CADENCE}.create")
def new() -> Response:
    """Make a cadence."""
    return _edit(None)


@pages.route("/cadences/<int:record_id>/edit", methods=["GET", "POST"])
@requires(f"{CADENCE}.edit")
def edit(record_id: int) -> Response:
    """Change a cadence and its steps."""
    return _edit(records.get(ctx(), CADENCE, record_id, "edit"))


def _edit(found: Any) -> Response:
    asked = ctx()
    stored = {n: getattr(found, n) for n in ("name", "note", "daily_cap", "active")} if found else {}
    form: Any = CadenceForm(request.form if request.method == "POST" else None, **stored)
    typed = editing.typed(request.form) if request.method == "POST" else editing.stored(asked, found)
    problem = ""
    if request.method == "POST" and form.validate() and request.form.get("do") != "more":
        try:
            made = editing.save(asked, found, form.data, typed)
            return done(url_for("sales_cadences.show", record_id=made), toast=_("Cadence saved"))
        except Invalid as error:
            form.explain(error)
            problem = error.problems.get("steps", "")
    return render(
        "sales/cadences/edit.html",
        status=422 if form.wrong else 200,
        title=found.name if found else _("New cadence"),
        form=form,
        found=found,
        steps=[*typed, *editing.blanks(typed)],
        kinds=[("", _("No step")), *((c.value, c.label) for c in KINDS)],
        problem=problem,
    )


@pages.post("/enrolments/<int:enrolment_id>")
@requires("task.create")
def change(enrolment_id: int) -> Response:
    """Pause somebody in a cadence, let him go on, or take him out."""
    asked = ctx()
    wanted = request.form.get("do", "")
    if wanted == "stop":
        found = enrolling.stop(asked, enrolment_id)
    else:
        found = enrolling.pause(asked, enrolment_id, on=wanted == "pause")
    back = local_path(request.form.get("next")) or url_for("sales_cadences.show", record_id=found.cadence_id)
    return done(back, toast={"stop": _("Taken out"), "pause": _("Paused")}.get(wanted, _("Goes on")))


@pages.route("/touches/<int:touch_id>", methods=["GET", "POST"])
@requires("interaction.create")
def touch(touch_id: int) -> Response:
    """Show the text of a step, ready to be sent; once it is, it is logged and its task done."""
    asked = ctx()
    found, contact, step = _touch(asked, touch_id)
    subject, body = running.written(asked, step, contact, found.user_id)
    back = url_for("contacts.show", record_id=contact.id)
    if request.method == "POST":
        _sent(
            asked,
            found,
            contact,
            step.kind,
            (request.form.get("subject", subject), request.form.get("body", body)),
        )
        return done(back, toast=_("Logged, and the task is done"))
    mail = _address(asked, contact)
    link = f"mailto:{quote(mail)}?subject={quote(subject)}&body={quote(body)}" if mail else ""
    return render(
        "sales/cadences/touch.html",
        title=running.summary(step.kind, contact.formatted_name, ""),
        contact=contact,
        is_mail=step.kind == EMAIL,
        subject=subject,
        body=body,
        link=link if step.kind == EMAIL else "",
        back=back,
    )


def _touch(asked: Context, touch_id: int) -> tuple[Touch, Contact, CadenceStep]:
    found = asked.session.get(Touch, touch_id)
    step = asked.session.get(CadenceStep, found.step_id) if found is not None and found.step_id else None
    if found is None or step is None:
        raise NotVisible(_("There is no such step any more."))
    return found, records.get(asked, "contact", enrolling.get(asked, found.enrolment_id).contact_id), step


def _address(asked: Context, contact: Contact) -> str:
    kind = asked.schema.entity("contact")
    named = [f for f in fields.visible(asked, "contact") if f.key in ("emails", "phones")]
    loaded = fields.load_ids(asked, kind, named, [contact.id])
    return contacts.reachable(asked, {k: v.get(contact.id) for k, v in loaded.items()}).email


def _sent(asked: Context, found: Touch, contact: Contact, kind: str, texts: tuple[str, str]) -> None:
    with asked.unit():
        entry = interactions.Entry(
            values={
                "kind": "email" if kind == EMAIL else "message",
                "direction": "outbound",
                "subject": texts[0][:500],
                "body": texts[1],
            },
            contacts=[contact.id],
            nonce=f"touch-{found.id}",
        )
        interactions.log(asked, entry)
        if found.task_id and records.exists(asked, "task", found.task_id):
            task: Task = records.get(asked, "task", found.task_id)
            if task.status != "done":
                tasks.finish(asked, found.task_id)
