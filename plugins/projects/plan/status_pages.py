"""The customer's page: how a project stands, behind a link nobody can guess, without hours, money or names of colleagues."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, request, url_for

from app.sdk import Context, NotVisible, _
from app.sdk.services import as_house, throttle, unit
from app.sdk.web import Response, ctx, day_text, done, public, render, requires

from . import frame, pages, reading, tokens

pages_ = Blueprint("projects_status", __name__, url_prefix="/projects")

WHY = "the customer's page of a project, behind a link of 32 random bytes"
WRONG = throttle.Limit("project-wrong", 20, timedelta(minutes=15))


@pages_.get("/<int:record_id>/share")
@requires("projects.project.edit")
def share(record_id: int) -> Response:
    """Show the link of the customer's page, or offer to make one."""
    asked = ctx()
    project = frame.project(asked, record_id, "edit")
    token = tokens.of(project)
    link = url_for("projects_status.show", token=token, _external=True) if token else ""
    return render(
        "projects/plan/share.html",
        title=_("Page for the customer"),
        link=link,
        **frame.of(asked, project, ""),
    )


@pages_.post("/<int:record_id>/share")
@requires("projects.project.edit")
def set_share(record_id: int) -> Response:
    """Make a link, a new one in place of the former, or end it."""
    _share(ctx(), record_id, request.form.get("do") == "give")
    return done(url_for("projects_status.share", record_id=record_id), toast=_("Saved"))


@unit
def _share(asked: Context, record_id: int, give: bool) -> None:
    project = frame.project(asked, record_id, "edit")
    if give:
        tokens.give(project)
    else:
        tokens.take(project)


@pages_.get("/status/<token>")
@public(WHY)
def show(token: str) -> Response:
    """Show how the project of a link stands: its phases, its milestones, and by when it is to be done."""
    with as_house(WHY) as house:
        project = tokens.find(house, token)
        if project is None:
            throttle.take(house, WRONG, throttle.network(request.remote_addr or ""))
            raise NotVisible(_("This link is no longer good. Ask for a new one."))
        plan, state = reading.plan(house, project), frame.state_of(project)
        response = render(
            "projects/plan/status.html",
            title=project.name,
            company=str(house.settings.get("company") or ""),
            project=project,
            due=day_text(project.due_on) if project.due_on else "",
            percent=plan.percent,
            phases=pages.phase_rows(plan),
            milestones=[pages.milestone_row(plan, one) for one in plan.milestones],
            updated=day_text(max(project.updated_at.date(), project.created_at.date())),
            health=state["health"],
            standing=state["standing"],
        )
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
