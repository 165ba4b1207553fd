"""The tasks of a project as a list, and one of them in the plan: its days, what it waits for, what moves with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import request, url_for

from app.sdk import Context, Invalid, Refuse, _, _n
from app.sdk.models import Task
from app.sdk.services import access, people, records, unit
from app.sdk.web import Response, ctx, day_text, done, local_path, render, requires

from . import days, frame, reading, schedule, service, typed
from .blueprint import pages
from .choices import KINDS
from .models import Project

WAITS = 3
"""Empty rows for what a task waits for, besides those that are there."""


@pages.get("/<int:record_id>/tasks")
@requires("projects.project.view")
def tasks(record_id: int) -> Response:
    """Show the tasks of a project by phase."""
    asked = ctx()
    return _list(asked, frame.project(asked, record_id))


def _list(asked: Context, project: Project, problems: dict[str, str] | None = None) -> Response:
    plan = reading.plan(asked, project)
    who = frame.faces(asked, {item.assignee_id for item in plan.items})
    rows = [frame.row(plan, item, who) for item in sorted(plan.items, key=lambda item: item.done)]
    known = {phase.id for phase in plan.phases}
    groups = [(phase.name, [r for r in rows if r["phase_id"] == phase.id]) for phase in plan.phases]
    rest = [r for r in rows if r["phase_id"] not in known]
    return render(
        "projects/plan/tasks.html",
        title=_("Tasks of %(name)s", name=project.name),
        status=422 if problems else 200,
        groups=[*groups, (_("Without phase") if groups else "", rest)] if rest or not groups else groups,
        cut=len(plan.items) == reading.MOST,
        problems=problems or {},
        typed=request.form,
        people=_people(asked),
        phases=[("", "–"), *((str(p.id), p.name) for p in plan.phases)],
        all_url=url_for("lists.index", entity="task", f=f"about:is:projects.project:{project.id}"),
        **frame.of(asked, project, "projects_plan.tasks"),
    )


@pages.post("/<int:record_id>/tasks")
@requires("task.create")
def add_task(record_id: int) -> Response:
    """Add a task to a project."""
    asked = ctx()
    project = frame.project(asked, record_id)
    try:
        values = _values(asked, request.form)
        if not values["summary"]:
            raise Invalid({"summary": _("Write what is to be done.")})
        service.add_task(asked, record_id, values)
    except Invalid as error:
        return _list(asked, project, dict(error.problems))
    return done(url_for("projects_plan.tasks", record_id=record_id), toast=_("Task added"))


def _values(asked: Context, given: Any) -> dict[str, Any]:
    """Return the field values of a task from what was typed. Raises Invalid with a sentence per field."""
    problems, found = {}, {"summary": given.get("summary", "").strip()}
    for name, key in (("start_on", "projects.start_on"), ("due_on", "due_on")):
        text = given.get(name, "").strip()
        if text and not days.valid(text):
            problems[name] = _("“%(text)s” is no date. Write it as 2026-02-28.", text=text[:40])
        found[key] = text or ("" if name == "start_on" else days.SOMEDAY)
    try:
        found["projects.estimate"] = typed.minutes(given.get("estimate", ""))
    except ValueError as error:
        problems["estimate"] = str(error)
    for name, key in (
        ("assignee", "assignee_id"),
        ("phase", "projects.phase"),
        ("milestone", "projects.milestone"),
    ):
        text = given.get(name, "")
        found[key] = int(text) if text.isdecimal() and len(text) < 10 else None
    if problems:
        raise Invalid(problems)
    service.checked(found)
    return found


@pages.get("/<int:record_id>/tasks/<int:task_id>")
@requires("projects.project.view")
def task(record_id: int, task_id: int) -> Response:
    """Show a task in the plan, with the form that changes it."""
    asked = ctx()
    plan, item = _found(asked, record_id, task_id)
    return _task(asked, plan, item, _stored(plan, item))


@pages.post("/<int:record_id>/tasks/<int:task_id>")
@requires("task.edit")
def save_task(record_id: int, task_id: int) -> Response:
    """Change a task in the plan; when others would have to move with it, ask first."""
    asked = ctx()
    plan, item = _found(asked, record_id, task_id)
    given = request.form
    try:
        values, waits = _values(asked, given), _waits(given, item.id)
        after = _changed(item, values)
        planned = replace(plan, waits=[*(w for w in plan.waits if w.after != item.id), *waits], _steps={})
        moves = service.follow(planned, after)
        if moves and given.get("sure") not in ("shift", "keep"):
            return _task(asked, plan, item, given, moves=moves)
        _save(asked, item.id, values, waits, moves if given.get("sure") == "shift" else [])
    except schedule.Circle:
        problem = {"waits": _("These tasks would wait for one another in a circle.")}
        return _task(asked, plan, item, given, problems=problem)
    except Invalid as error:
        return _task(asked, plan, item, given, problems=dict(error.problems))
    except Refuse as error:
        return _task(asked, plan, item, given, problems={"": error.reason})
    told = _n("Saved; %(num)s task moved with it", "Saved; %(num)s tasks moved with it", len(moves))
    shifted = bool(moves) and given.get("sure") == "shift"
    back = local_path(given.get("next")) or url_for("projects_plan.tasks", record_id=record_id)
    return done(back, toast=told if shifted else _("Saved"))


@unit
def _save(asked: Context, task_id: int, values: dict[str, Any], waits: Any, moves: Any) -> None:
    records.update(asked, "task", task_id, values)
    service.wait(asked, task_id, waits)
    service.shift(asked, moves)


def _found(asked: Context, record_id: int, task_id: int) -> tuple[reading.Plan, reading.Item]:
    from app.sdk import NotVisible

    plan = reading.plan(asked, frame.project(asked, record_id))
    if task_id not in plan.by_id:
        raise NotVisible(_("There is no such task in this project."))
    return plan, plan.by_id[task_id]


def _stored(plan: reading.Plan, item: reading.Item) -> dict[str, str]:
    """Return a task as the form shows it."""
    return {
        "summary": item.name,
        "start_on": item.start.isoformat() if item.start else "",
        "due_on": item.end.isoformat() if item.end else "",
        "estimate": typed.clock(item.estimate),
        "assignee": str(item.assignee_id or ""),
        "phase": str(item.phase_id or ""),
        "milestone": str(item.milestone_id or ""),
    }


def _changed(item: reading.Item, values: dict[str, Any]) -> reading.Item:
    return replace(
        item,
        start=days.parsed(values["projects.start_on"]),
        end=days.parsed(values["due_on"]),
        estimate=values["projects.estimate"],
    )


def _waits(given: Any, task_id: int) -> list[schedule.Wait]:
    """Return what a task waits for, from the rows of the form. Raises Invalid for a lag that is none."""
    found = []
    rows = zip(given.getlist("before"), given.getlist("kind"), given.getlist("lag"), strict=False)
    for before, kind, lag in rows:
        if not (before.isdecimal() and len(before) < 10):
            continue
        number = lag.strip() or "0"
        if not number.lstrip("+-").isdecimal() or len(number) > 5 or kind not in {k.value for k in KINDS}:
            raise Invalid({"waits": _("Write the days between as a number, such as 2 or -1.")})
        found.append(schedule.Wait(int(before), task_id, kind, int(number)))
    return found


def _task(
    asked: Context,
    plan: reading.Plan,
    item: reading.Item,
    given: Any,
    *,
    problems: dict[str, str] | None = None,
    moves: list[tuple[int, date, date]] | None = None,
) -> Response:
    posted = request.method == "POST"
    waits = _waits_typed(given) if posted else _waits_stored(plan, item)
    bar = plan.bars[item.id]
    return render(
        "projects/plan/task.html",
        title=_("Error: %(title)s", title=item.name) if problems else item.name,
        status=422 if problems else 200,
        item=item,
        given=given,
        problems=problems or {},
        waits=[*waits, *[("", "FS", "")] * WAITS],
        kinds=[(k.value, k.label) for k in KINDS],
        others=[("", "–"), *((str(i.id), i.name) for i in plan.items if i.id != item.id)],
        people=_people(asked),
        phases=[("", "–"), *((str(p.id), p.name) for p in plan.phases)],
        milestones=[("", "–"), *((str(m.id), m.name) for m in plan.milestones)],
        moves=[
            {"name": plan.by_id[i].name, "was": _span(plan.bars[i]), "now": f"{day_text(s)} – {day_text(e)}"}
            for i, s, e in moves or ()
        ],
        span=_span(bar),
        slack=bar.slack,
        critical=bar.critical,
        may_change=bool(access.visible_ids(asked, Task, [item.id], "edit")),
        next=local_path(request.values.get("next")) or "",
        **frame.of(asked, plan.project, "projects_plan.tasks"),
    )


def _span(bar: reading.Bar) -> str:
    return f"{day_text(bar.start)} – {day_text(bar.end)}"


def _waits_stored(plan: reading.Plan, item: reading.Item) -> list[tuple[str, str, str]]:
    return [(str(w.before), w.kind, str(w.lag or "")) for w in plan.waits if w.after == item.id]


def _waits_typed(given: Any) -> list[tuple[str, str, str]]:
    rows = zip(given.getlist("before"), given.getlist("kind"), given.getlist("lag"), strict=False)
    return [row for row in rows if row[0]]


def _people(asked: Context) -> list[tuple[str, str]]:
    return [("", "–"), *((str(i), name) for i, name in people.colleagues(asked))]
