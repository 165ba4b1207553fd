"""Templates: written as an outline, looked at as a plan, and made into projects."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from app.sdk import Context, Invalid, Refuse, _
from app.sdk.services import nonces, people, records
from app.sdk.web import Response, ctx, done, render, requires

from . import days, making, outline
from .entities import TEMPLATE
from .models import Template

pages = Blueprint("projects_templates", __name__, url_prefix="/projects/templates")

EXAMPLE = """# Preparation
Measure on site | +0 | 1d | 4h | @Engineer
- Photos
- Sketch
Draw the plan | 3d | 16h | after 1 | @Engineer
* Plan approved | 30 %
# Building
Order material | 1d | 2h | after 2
Build | 5d | 40h | after 3
* Handed over | 70 %
"""


@pages.get("/<int:record_id>")
@requires("projects.template.view")
def show(record_id: int) -> Response:
    """Show a template as the plan that it makes."""
    template = _template(ctx(), record_id)
    try:
        plan, problem = outline.parse(template.outline), ""
    except ValueError as error:
        plan, problem = outline.parse(""), str(error)
    return render(
        "projects/plan/template.html", title=template.name, made_of=template, plan=plan, problem=problem
    )


@pages.route("/new", methods=["GET", "POST"])
@requires("projects.template.create")
def new() -> Response:
    """Write a template."""
    return _edit(ctx(), None)


@pages.route("/<int:record_id>/edit", methods=["GET", "POST"])
@requires("projects.template.edit")
def edit(record_id: int) -> Response:
    """Change a template; projects made of it before stay as they are."""
    return _edit(ctx(), _template(ctx(), record_id, "edit"))


def _template(asked: Context, record_id: int, verb: str = "view") -> Template:
    found: Template = records.get(asked, TEMPLATE, record_id, verb)
    return found


def _edit(asked: Context, template: Template | None) -> Response:
    problems: dict[str, str] = {}
    given = {"name": template.name, "outline": template.outline} if template else {"outline": EXAMPLE}
    if request.method == "POST":
        given = {name: request.form.get(name, "").strip() for name in ("name", "outline")}
        try:
            return _saved(asked, template, given)
        except Invalid as error:
            problems = {str(name): str(told) for name, told in error.problems.items()}
        except Refuse as error:
            problems = {"": error.reason}
    title = _("Edit %(name)s", name=template.name) if template else _("New template")
    return render(
        "projects/plan/template_edit.html",
        title=_("Error: %(title)s", title=title) if problems else title,
        heading=title,
        status=422 if problems else 200,
        given=given,
        problems=problems,
        nonce=request.form.get("nonce") or nonces.fresh(),
        back=url_for("projects_templates.show", record_id=template.id)
        if template
        else url_for("lists.index", entity=TEMPLATE),
    )


def _saved(asked: Context, template: Template | None, given: dict[str, str]) -> Response:
    if not given["name"]:
        raise Invalid({"name": _("Give the template a name.")})
    try:
        outline.parse(given["outline"])
    except ValueError as error:
        raise Invalid({"outline": str(error)}) from error
    values = {"name": given["name"][:200], "outline": given["outline"]}
    if template is None:
        nonce = request.form.get("nonce", "")
        record_id, _new = nonces.once(asked, nonce, TEMPLATE, lambda: records.create(asked, TEMPLATE, values))
    else:
        record_id = template.id
        records.update(asked, TEMPLATE, record_id, values)
    return done(url_for("projects_templates.show", record_id=record_id), toast=_("Saved"))


@pages.route("/<int:record_id>/use", methods=["GET", "POST"])
@requires("projects.project.create")
def use(record_id: int) -> Response:
    """Ask for a name, a first day and who takes which role, and begin a project."""
    asked = ctx()
    template = _template(asked, record_id)
    try:
        roles = outline.parse(template.outline).roles
    except ValueError:
        roles = []
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _used(asked, template, roles)
        except Invalid as error:
            problems = {str(name): str(told) for name, told in error.problems.items()}
        except Refuse as error:
            problems = {"": error.reason}
    title = _("Project from “%(name)s”", name=template.name)
    return render(
        "projects/plan/template_use.html",
        title=_("Error: %(title)s", title=title) if problems else title,
        heading=title,
        status=422 if problems else 200,
        roles=[(f"role{at}", role) for at, role in enumerate(roles)],
        given=request.form,
        start=request.form.get("start_on", days.today(asked).isoformat()),
        problems=problems,
        people=[("", "–"), *((str(i), name) for i, name in people.colleagues(asked))],
        nonce=request.form.get("nonce") or nonces.fresh(),
        back=url_for("projects_templates.show", record_id=record_id),
    )


def _used(asked: Context, template: Template, roles: list[str]) -> Response:
    name, start = request.form.get("name", "").strip(), request.form.get("start_on", "").strip()
    if not name:
        raise Invalid({"name": _("Give the project a name.")})
    if not days.valid(start):
        raise Invalid({"start_on": _("“%(text)s” is no date. Write it as 2026-02-28.", text=start[:40])})
    taken: dict[str, Any] = {}
    for at, role in enumerate(roles):
        text = request.form.get(f"role{at}", "")
        taken[role] = int(text) if text.isdecimal() and len(text) < 10 else None
    values = {"name": name[:300], "start_on": start}
    made, fresh = nonces.once(
        asked,
        request.form.get("nonce", ""),
        "projects.project",
        lambda: making.from_template(asked, template, values, taken),
    )
    told = _("Project begun") if fresh else _("This project was saved already")
    return done(url_for("projects_plan.show", record_id=made), toast=told)
