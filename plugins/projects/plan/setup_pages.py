"""The phases and milestones of a project: added, renamed, put in order, reached, taken out."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.sdk import Context, Invalid, Refuse, _
from app.sdk.services import people, records, unit
from app.sdk.web import Response, ctx, done, render, requires

from . import days, frame, reading, service
from .blueprint import pages
from .entities import MILESTONE, PHASE


@pages.get("/<int:record_id>/phases")
@requires("projects.project.edit")
def phases(record_id: int) -> Response:
    """Show the phases and milestones of a project with the forms that change them."""
    asked = ctx()
    return _page(asked, record_id)


def _page(asked: Context, record_id: int, problem: str = "", where: str = "") -> Response:
    project = frame.project(asked, record_id, "edit")
    return render(
        "projects/plan/phases.html",
        title=_("Phases and milestones"),
        status=422 if problem else 200,
        problem=problem,
        where=where,
        typed=request.form,
        phases=reading.phases(asked, record_id),
        milestones=reading.milestones(asked, record_id),
        people=[("", "–"), *((str(i), name) for i, name in people.colleagues(asked))],
        **frame.of(asked, project, ""),
    )


@pages.post("/<int:record_id>/phases")
@requires("projects.phase.create")
def add_phase(record_id: int) -> Response:
    """Add a phase."""
    asked = ctx()
    frame.project(asked, record_id, "edit")
    if not request.form.get("name", "").strip():
        return _page(asked, record_id, _("Give the phase a name."), "phase")
    service.add_phase(asked, record_id, request.form["name"][:200])
    return done(url_for("projects_plan.phases", record_id=record_id), toast=_("Phase added"))


@pages.post("/<int:record_id>/phases/<int:phase_id>")
@requires("projects.phase.edit")
def change_phase(record_id: int, phase_id: int) -> Response:
    """Rename a phase, move it up, or take it out; its tasks stay."""
    asked = ctx()
    back = url_for("projects_plan.phases", record_id=record_id)
    do = request.form.get("do", "name")
    try:
        if do == "out":
            records.trash(asked, PHASE, [phase_id])
        elif do == "up":
            _up(asked, record_id, phase_id)
        else:
            records.update(asked, PHASE, phase_id, {"name": request.form.get("name", "").strip()[:200]})
    except (Invalid, Refuse) as error:
        return done(back, toast=str(error), kind="bad")
    return done(back, toast=_("Taken out") if do == "out" else _("Saved"))


@unit
def _up(asked: Context, record_id: int, phase_id: int) -> None:
    found = list(reading.phases(asked, record_id))
    at = next((n for n, phase in enumerate(found) if phase.id == phase_id), 0)
    if at:
        found[at - 1], found[at] = found[at], found[at - 1]
    for place, number in enumerate([phase.id for phase in found]):
        records.update(asked, PHASE, number, {"position": place})


@pages.post("/<int:record_id>/milestones")
@requires("projects.milestone.create")
def add_milestone(record_id: int) -> Response:
    """Add a milestone."""
    asked = ctx()
    project = frame.project(asked, record_id, "edit")
    try:
        values = _milestone(request.form)
        owner = request.form.get("owner", "")
        values["owner_id"] = int(owner) if owner.isdecimal() and len(owner) < 10 else project.owner_id
        records.create(asked, MILESTONE, {**values, "project_id": record_id})
    except (Invalid, Refuse) as error:
        return _page(asked, record_id, str(error), "milestone")
    return done(url_for("projects_plan.phases", record_id=record_id), toast=_("Milestone added"))


def _milestone(given: Any) -> dict[str, Any]:
    """Return the values of a milestone from what was typed. Raises Invalid."""
    day, share = given.get("due_on", "").strip(), given.get("share", "").strip().removesuffix("%").strip()
    if not given.get("name", "").strip():
        raise Invalid({"name": _("Give the milestone a name.")})
    if day and not days.valid(day):
        raise Invalid({"due_on": _("“%(text)s” is no date. Write it as 2026-02-28.", text=day[:40])})
    if share and not (share.isdecimal() and int(share) <= 100):
        raise Invalid({"share": _("Write a number from 0 to 100.")})
    return {"name": given["name"].strip()[:200], "due_on": day, "share": int(share) if share else None}


@pages.post("/<int:record_id>/milestones/<int:milestone_id>")
@requires("projects.milestone.edit")
def change_milestone(record_id: int, milestone_id: int) -> Response:
    """Change a milestone, note that it is reached or is not, or take it out."""
    asked = ctx()
    back = url_for("projects_plan.phases", record_id=record_id)
    do = request.form.get("do", "save")
    try:
        if do == "out":
            records.trash(asked, MILESTONE, [milestone_id])
        elif do in ("reach", "again"):
            service.reach(asked, milestone_id, reached=do == "reach")
        else:
            records.update(asked, MILESTONE, milestone_id, _milestone(request.form))
    except (Invalid, Refuse) as error:
        return done(back, toast=str(error), kind="bad")
    return done(back, toast=_("Taken out") if do == "out" else _("Saved"))
