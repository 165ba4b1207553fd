"""A project's page: how it stands, what comes next, what happened; and the forms that write it down."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.sdk import Conflict, Context, Invalid, Refuse, _
from app.sdk.models import Company, Contact
from app.sdk.services import access, fields, nonces, people, records
from app.sdk.web import (
    RecordForm,
    Response,
    can_write,
    composer,
    ctx,
    day_text,
    done,
    nudge,
    record_page,
    render,
    requires,
)

from . import frame, reading, service
from .blueprint import pages
from .models import PROJECT, Project

ASIDE = (
    "company_id",
    "contact_id",
    "status",
    "health",
    "start_on",
    "due_on",
    "owner_id",
    "billing",
    "budget_hours",
    "budget",
    "rate",
    "note",
)
NEW = ("name", "company_id", "contact_id", "start_on", "due_on", "owner_id", "budget_hours", "budget")
WHOLE = (
    "name",
    "company_id",
    "contact_id",
    "status",
    "health",
    "start_on",
    "due_on",
    "owner_id",
    "team_id",
    "billing",
    "budget_hours",
    "budget",
    "currency",
    "rate",
    "note",
)
NEXT = 8
"""Open tasks on the page; the list has all of them."""


@pages.get("/<int:record_id>")
@requires("projects.project.view")
def show(record_id: int) -> Response:
    """Show a project."""
    asked = ctx()
    project = frame.project(asked, record_id)
    log = composer(project, entity=PROJECT) if asked.may("interaction.create") else {"composer": None}
    return record_page(
        "projects/plan/show.html",
        PROJECT,
        project,
        aside=ASIDE,
        always=("status", "due_on", "owner_id"),
        nudge=nudge(PROJECT, project),
        **frame.of(asked, project, "projects_plan.show"),
        **_standing(asked, project),
        **log,
    )


def _standing(asked: Context, project: Project) -> dict[str, Any]:
    """Return how a project stands: what is done, what comes next, its phases and milestones."""
    plan = reading.plan(asked, project)
    still = [item for item in plan.items if not item.done]
    who = frame.faces(asked, [item.assignee_id for item in still[:NEXT]])
    targets = {(e, i) for e, i in (("company", project.company_id), ("contact", project.contact_id)) if i}
    return {
        "with_": [
            {"name": named.name, "url": url_for(named.url, record_id=named.id) if named.url else ""}
            for named in people.names(asked, targets).values()
        ],
        "late": frame.is_late(project, asked),
        "due": day_text(project.due_on) if project.due_on else "",
        "count": len(plan.items),
        "finished": plan.done,
        "percent": plan.percent,
        "next": [frame.row(plan, item, who) for item in still[:NEXT]],
        "more": len(still) - NEXT,
        "phases": phase_rows(plan),
        "milestones": [milestone_row(plan, one) for one in plan.milestones],
    }


def phase_rows(plan: reading.Plan) -> list[dict[str, Any]]:
    """Return the phases of a plan, with how much of each is done."""
    made = []
    for phase in plan.phases:
        within = [item for item in plan.items if item.phase_id == phase.id]
        ready = sum(item.done for item in within)
        percent = 100 * ready // len(within) if within else 0
        made.append({"name": phase.name, "done": ready, "count": len(within), "percent": percent})
    return made


def milestone_row(plan: reading.Plan, one: Any) -> dict[str, Any]:
    """Return what a line about a milestone shows."""
    late = not one.reached_on and "" < one.due_on < plan.today.isoformat()
    return {
        "id": one.id,
        "name": one.name,
        "due": day_text(one.due_on) if one.due_on else "",
        "reached": day_text(one.reached_on) if one.reached_on else "",
        "late": late,
        "share": one.share,
    }


@pages.route("/new", methods=["GET", "POST"])
@requires("projects.project.create")
def new() -> Response:
    """Write a project down: for a contact or a company when the address says so."""
    asked = ctx()
    form = _form(asked, NEW, _known(asked))
    if request.method == "POST" and form.validate():
        try:
            made, fresh = nonces.once(
                asked,
                request.form.get("nonce", ""),
                PROJECT,
                lambda: service.begin(asked, form.filled()),
            )
            told = _("Project saved") if fresh else _("This project was saved already")
            return done(url_for("projects_plan.show", record_id=made), toast=told)
        except Invalid as error:
            form.blame(error.problems)
        except Refuse as error:
            form.blame({"": error.reason})
    return _page("projects/plan/form.html", _("New project"), form, url_for("lists.index", entity=PROJECT))


def _known(asked: Context) -> dict[str, Any]:
    """Return what is known of a new project: whom it is for, who leads it."""
    found: dict[str, Any] = {"owner_id": asked.user.id}
    kind, text = request.args.get("of", ""), request.args.get("record_id", "")
    record_id = int(text) if text.isdecimal() and len(text) < 10 else 0
    if kind == "company" and record_id:
        found["company_id"] = access.get(asked, Company, record_id).id
    if kind == "contact" and record_id:
        found["contact_id"] = access.get(asked, Contact, record_id).id
    return found


@pages.route("/<int:record_id>/edit", methods=["GET", "POST"])
@requires("projects.project.edit")
def edit(record_id: int) -> Response:
    """Show all fields of a project, and save them."""
    asked = ctx()
    project = frame.project(asked, record_id, "edit")
    known = {f.key: f for f in fields.visible(asked, PROJECT)}
    names = (*WHOLE, *(key for key in known if "." in key))
    loaded = fields.load(
        asked, asked.schema.entity(PROJECT), [known[n] for n in names if n in known], [project]
    )
    form = _form(asked, names, {name: values.get(record_id) for name, values in loaded.items()})
    version = request.form.get("version") or str(project.version)
    if request.method == "POST" and form.validate():
        try:
            seen = int(version) if version.isdecimal() and len(version) < 10 else None
            records.update(asked, PROJECT, record_id, form.changes(), seen_version=seen)
            return done(url_for("projects_plan.show", record_id=record_id), toast=_("Saved"))
        except Invalid as error:
            form.blame(error.problems)
        except Refuse as error:
            form.blame({"": error.reason})
        except Conflict as error:
            for clash in error.clashes:
                told = _("Somebody else has changed this meanwhile, to “%(now)s”. Save again to keep yours.")
                form.blame({clash.field: told % {"now": clash.now}})
            version = str(error.version)
    back = url_for("projects_plan.show", record_id=record_id)
    title = _("Edit %(name)s", name=project.name)
    return _page("projects/plan/form.html", title, form, back, version=version)


def _form(asked: Context, names: Any, stored: dict[str, Any]) -> RecordForm:
    known = {f.key: f for f in fields.visible(asked, PROJECT)}
    every = [known[name] for name in names if name in known and can_write(asked, known[name])]
    return RecordForm(asked, every, stored, request.form if request.method == "POST" else None)


def _page(template: str, title: str, form: RecordForm, back: str, **values: Any) -> Response:
    wrong = request.method == "POST"
    return render(
        template,
        status=422 if wrong else 200,
        title=_("Error: %(title)s", title=title) if wrong else title,
        heading=title,
        form=form,
        back=back,
        action=request.full_path.rstrip("?"),
        nonce=request.form.get("nonce") or nonces.fresh(),
        **values,
    )
