"""The board of a project: its tasks by lane, in swimlanes when asked for. Moving is a button of a form."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.sdk import Context, Invalid, Refuse, _
from app.sdk.services import unit
from app.sdk.web import Response, ctx, done, local_path, render, requires

from . import frame, reading, service
from .blueprint import pages
from .choices import FINISHED, LANES
from .models import Project

SIZE = 60
"""Cards of a lane that are shown; the list has all of them."""

BY = ("", "who", "phase")
MOST_WIP = 99


@pages.get("/<int:record_id>/board")
@requires("projects.project.view")
def board(record_id: int) -> Response:
    """Show the board of a project, in swimlanes by person or phase when the address says so."""
    asked = ctx()
    project = frame.project(asked, record_id)
    plan = reading.plan(asked, project)
    by = request.args.get("by", "")
    by = by if by in BY else ""
    who = frame.faces(asked, {item.assignee_id for item in plan.items})
    return render(
        "projects/plan/board.html",
        title=_("Board of %(name)s", name=project.name),
        lanes=_lanes(project, plan),
        swims=_swims(plan, by, who),
        by=by,
        bys=[("", _("One board")), ("who", _("By person")), ("phase", _("By phase"))],
        limits=[(lane.value, lane.label, project.wip.get(lane.value, "")) for lane in LANES],
        here=url_for("projects_plan.board", record_id=project.id, by=by or None),
        may_move=asked.may("task.edit"),
        **frame.of(asked, project, "projects_plan.board"),
    )


def _lanes(project: Project, plan: reading.Plan) -> list[dict[str, Any]]:
    made = []
    for lane in (*LANES, FINISHED):
        count = sum(item.column == lane.value for item in plan.items)
        limit = project.wip.get(lane.value, 0) if lane is not FINISHED else 0
        made.append(
            {
                "value": lane.value,
                "label": lane.label,
                "count": count,
                "limit": limit,
                "over": bool(limit) and count > limit,
            }
        )
    return made


def _swims(plan: reading.Plan, by: str, who: dict[int, tuple[str, str, int]]) -> list[dict[str, Any]]:
    """Return the swimlanes, each with the cards of every lane; one without a name when there are none."""
    names: list[tuple[int | None, str]] = [(None, "")]
    if by == "who":
        names = [(i, name) for i, (name, _initials, _hue) in sorted(who.items(), key=lambda p: p[1][0])]
        names.append((None, str(_("Nobody yet"))))
    elif by == "phase":
        names = [*((phase.id, phase.name) for phase in plan.phases), (None, str(_("Without phase")))]
    known = {key for key, _name in names}
    made = []
    for key, name in names:
        within = [item for item in plan.items if not by or _key(item, by, known) == key]
        if within or not by:
            made.append({"id": key or 0, "name": name, "cards": _cards(plan, within, who)})
    return made


def _key(item: reading.Item, by: str, known: set[int | None]) -> int | None:
    key = item.assignee_id if by == "who" else item.phase_id
    return key if key in known else None


def _cards(
    plan: reading.Plan, items: list[reading.Item], who: dict[int, tuple[str, str, int]]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {lane.value: [] for lane in (*LANES, FINISHED)}
    for item in items:
        cards = found.setdefault(item.column, [])
        if len(cards) < SIZE:
            cards.append(frame.row(plan, item, who))
    return found


@pages.post("/tasks/<int:task_id>/lane")
@requires("task.edit")
def move(task_id: int) -> Response:
    """Move a task to a lane."""
    asked = ctx()
    back = local_path(request.form.get("next")) or url_for("projects_plan.mine")
    try:
        moved = service.to_lane(asked, task_id, request.form.get("lane", ""))
    except (Invalid, Refuse) as error:
        return done(back, toast=str(error), kind="bad")
    lane = next((o.label for o in (*LANES, FINISHED) if o.value == request.form.get("lane")), "")
    return done(f"{back}#t{task_id}", toast=_("“%(task)s”: %(lane)s", task=moved.summary, lane=lane))


@pages.post("/<int:record_id>/limits")
@requires("projects.project.edit")
def limits(record_id: int) -> Response:
    """Set how many cards each lane may have."""
    asked = ctx()
    back = url_for("projects_plan.board", record_id=record_id)
    wanted: dict[str, int] = {}
    for lane in LANES:
        text = request.form.get(lane.value, "").strip()
        if text and not (text.isdecimal() and 0 < int(text) <= MOST_WIP):
            told = _("A limit is a number from 1 to %(num)s, or empty.", num=MOST_WIP)
            return done(back, toast=told, kind="bad")
        if text:
            wanted[lane.value] = int(text)
    _keep(asked, record_id, wanted)
    return done(back, toast=_("Saved"))


@unit
def _keep(asked: Context, record_id: int, wanted: dict[str, int]) -> None:
    frame.project(asked, record_id, "edit").wip = wanted
