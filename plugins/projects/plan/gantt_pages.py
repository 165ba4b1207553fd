"""The Gantt chart of a project: drawn by the server, with a table that says the same; baseline, and what has to move."""

from __future__ import annotations

from typing import Any

from babel.dates import format_date
from flask import request, url_for

from app.sdk import _, _n
from app.sdk.web import Response, ctx, day_text, done, render, requires

from . import frame, gantt, reading, service
from .blueprint import pages

PATH = ("", "critical")


@pages.get("/<int:record_id>/gantt", endpoint="gantt")
@requires("projects.project.view")
def gantt_page(record_id: int) -> Response:
    """Show the Gantt chart of a project; `?only=critical` the critical path alone, `?print=1` for paper."""
    asked = ctx()
    plan = reading.plan(asked, frame.project(asked, record_id))
    only = request.args.get("only", "") if request.args.get("only", "") in PATH else ""
    order = _order(plan, only)
    drawing = gantt.draw(plan, order)
    who = frame.faces(asked, {item.assignee_id for item in order})
    return render(
        "projects/plan/gantt.html",
        title=_("Gantt chart of %(name)s", name=plan.project.name),
        drawing=drawing,
        ticks=[(x, format_date(day, "d MMM", locale=asked.locale)) for x, day in drawing.ticks],
        rows=[_row(plan, item, who) for item in order],
        only=only,
        end=day_text(plan.end) if plan.end else "",
        critical=sum(bar.critical for bar in plan.bars.values()),
        moves=len(service.fitting(plan)),
        baseline=day_text(plan.project.baseline_on) if plan.project.baseline_on else "",
        **frame.of(asked, plan.project, "projects_plan.gantt"),
    )


def _order(plan: reading.Plan, only: str) -> list[reading.Item]:
    """Return the tasks in the order of the chart: by phase, then as they begin."""
    places = {phase.id: at for at, phase in enumerate(plan.phases)}
    kept = [item for item in plan.items if not only or plan.bars[item.id].critical]
    return sorted(
        kept,
        key=lambda item: (places.get(item.phase_id or 0, len(places)), plan.bars[item.id].start, item.id),
    )


def _row(plan: reading.Plan, item: reading.Item, who: dict[int, tuple[str, str, int]]) -> dict[str, Any]:
    bar = plan.bars[item.id]
    waits = [plan.by_id[w.before].name for w in plan.befores.get(item.id, ())]
    behind = (bar.end - item.base_end).days if item.base_end else 0
    return {
        **frame.row(plan, item, who),
        "start": day_text(bar.start),
        "end": day_text(bar.end),
        "slack": bar.slack,
        "critical": bar.critical,
        "pushed": bar.pushed and not item.done,
        "waits": ", ".join(waits[:5]),
        "behind": behind,
    }


@pages.post("/<int:record_id>/baseline")
@requires("projects.project.edit")
def baseline(record_id: int) -> Response:
    """Keep the plan as it is now, to be compared with later."""
    number = service.keep_baseline(ctx(), record_id)
    told = _n("Baseline kept: %(num)s task", "Baseline kept: %(num)s tasks", number)
    return done(url_for("projects_plan.gantt", record_id=record_id), toast=told)


@pages.route("/<int:record_id>/fit", methods=["GET", "POST"])
@requires("projects.project.edit")
def fit(record_id: int) -> Response:
    """Show which tasks have to move for each to begin when what it waits for is over, and move them."""
    asked = ctx()
    plan = reading.plan(asked, frame.project(asked, record_id, "edit"))
    moves = service.fitting(plan)
    if request.method == "POST":
        number = service.shift(asked, moves)
        told = _n("%(num)s task moved", "%(num)s tasks moved", number)
        return done(url_for("projects_plan.gantt", record_id=record_id), toast=told)
    return render(
        "projects/plan/fit.html",
        title=_("Move to fit"),
        moves=[_move(plan, move) for move in moves],
        **frame.of(asked, plan.project, "projects_plan.gantt"),
    )


def _move(plan: reading.Plan, move: service.Move) -> dict[str, str]:
    item = plan.by_id[move[0]]
    was = " – ".join(day_text(day) for day in (item.start, item.end) if day is not None)
    return {"name": item.name, "was": was or "–", "now": f"{day_text(move[1])} – {day_text(move[2])}"}
