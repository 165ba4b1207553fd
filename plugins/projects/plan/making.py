"""Projects made of templates and of won deals: copies, which later changes of the template leave alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.sdk import Context, Invalid, _
from app.sdk.services import fields, records, tasks, unit

from . import days, outline, service
from .entities import MILESTONE, PHASE
from .models import PROJECT, Project, Template
from .outline import Line, Outline
from .task_fields import AFTER, wait_text

DEAL, QUOTE = "sales.deal", "sales.quote"
LINES = 100
"""Lines of a quote that become tasks."""


@unit
def from_template(
    ctx: Context, template: Template, values: Mapping[str, Any], roles: Mapping[str, int | None]
) -> Project:
    """Begin a project with the plan of a template; `roles` says who takes which. Raises Invalid, NotAllowed."""
    try:
        plan = outline.parse(template.outline)
    except ValueError as error:
        raise Invalid({"template": str(error)}) from error
    start = days.parsed(str(values.get("start_on") or "")) or days.today(ctx)
    project = service.begin(ctx, {**values, "start_on": start.isoformat()})
    project.template_id = template.id
    _write(ctx, project, plan, start, roles)
    return project


def _write(
    ctx: Context, project: Project, plan: Outline, start: date, roles: Mapping[str, int | None]
) -> None:
    calendar = days.working(ctx, start)
    spans = _spans(plan.tasks)
    phases = [_phase(ctx, project.id, line, at) for at, line in enumerate(plan.phases)]
    ends = {
        m: max((s[1] for s, t in zip(spans, plan.tasks, strict=True) if t.milestone == m), default=None)
        for m in range(len(plan.milestones))
    }
    milestones = [
        _milestone(ctx, project, line, calendar, line.day if line.day is not None else ends[at])
        for at, line in enumerate(plan.milestones)
    ]
    made: list[int] = []
    for line, (first, last) in zip(plan.tasks, spans, strict=True):
        values = {
            "summary": line.name,
            "assignee_id": roles.get(line.role) or project.owner_id,
            "due_on": calendar.day(last).isoformat(),
            "projects.start_on": calendar.day(first).isoformat(),
            "projects.estimate": line.estimate,
            "projects.phase": phases[line.phase] if line.phase is not None else None,
            "projects.milestone": milestones[line.milestone] if line.milestone is not None else None,
            "checklist": "\n".join(line.checklist),
        }
        task = service.add_task(ctx, project.id, values)
        made.append(task.id)
        if line.after:
            waits = [wait_text(made[before - 1], "FS", 0) for before in line.after]
            records.update(ctx, "task", task.id, {AFTER: waits})
    last_day = max((s[1] for s in spans), default=None)
    if last_day is not None and not project.due_on:
        records.update(ctx, PROJECT, project.id, {"due_on": calendar.day(last_day).isoformat()})


def _spans(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return first and last working day of each task, counted from the beginning."""
    found: list[tuple[int, int]] = []
    for line in lines:
        earliest = max((found[before - 1][1] + 1 for before in line.after), default=0)
        first = max(line.day or 0, earliest)
        found.append((first, first + line.length - 1))
    return found


def _phase(ctx: Context, project_id: int, line: Line, at: int) -> int:
    values = {"project_id": project_id, "name": line.name, "position": at}
    made: int = records.create(ctx, PHASE, values).id
    return made


def _milestone(
    ctx: Context, project: Project, line: Line, calendar: days.WorkingDays, day: int | None
) -> int:
    values = {
        "project_id": project.id,
        "name": line.name,
        "due_on": calendar.day(day).isoformat() if day is not None else "",
        "share": line.share,
        "owner_id": project.owner_id,
    }
    made: int = records.create(ctx, MILESTONE, values).id
    return made


@unit
def from_deal(ctx: Context, deal: Any, template: Template | None = None) -> tuple[Project, bool]:
    """Begin the project of a won deal and return it, and whether it is new: asked again, there is one.

    The plan is that of the template; the lines of the deal's quote become tasks.
    """
    origin = f"{DEAL}:{deal.id}"
    known = of_origin(ctx, origin)
    if known is not None:
        return known, False
    values = {
        "name": deal.name,
        "company_id": deal.company_id,
        "contact_id": deal.contact_id,
        "budget": deal.amount,
        "currency": deal.currency,
        "owner_id": ctx.user.id or deal.owner_id,
        "origin": origin,
        "billing": "fixed",
    }
    made = from_template(ctx, template, values, {}) if template else service.begin(ctx, values)
    for line in _lines(ctx, deal.id):
        told = {"summary": line[:500], "assignee_id": made.owner_id, "due_on": days.SOMEDAY}
        tasks.create(ctx, told, about=[(PROJECT, made.id)])
    return made, True


def of_origin(ctx: Context, origin: str) -> Project | None:
    """Return the project that came from a record, None when there is none in sight."""
    query = select(Project).where(Project.origin == origin).order_by(Project.id).limit(1)
    return ctx.session.execute(query).scalar_one_or_none()


def _lines(ctx: Context, deal_id: int) -> list[str]:
    """Return what was sold, a text for each line of the deal's quote: the accepted one, else the last."""
    if not ctx.schema.has(QUOTE) or not ctx.may(f"{QUOTE}.view"):
        return []
    kind = ctx.schema.entity(QUOTE)
    quote = kind.model
    query = select(quote).where(quote.deal_id == deal_id)
    query = query.order_by(quote.status != "accepted", quote.id.desc()).limit(1)
    found = ctx.session.execute(query).scalar_one_or_none()
    shown = next((f for f in fields.visible(ctx, QUOTE) if f.key == "lines"), None)
    if found is None or shown is None:
        return []
    loaded = fields.load(ctx, kind, [shown], [found])["lines"].get(found.id) or []
    return [text for text in (_line(one) for one in loaded[:LINES]) if text]


def _line(one: Any) -> str:
    """Return the words of a line of a quote: how many of what."""
    said = str(one.get("description", "") if isinstance(one, Mapping) else "").strip()
    many = str(one.get("quantity", "") if isinstance(one, Mapping) else "").strip()
    whole = many.rstrip("0").rstrip(".") if "." in many else many
    return (
        _("%(quantity)s × %(what)s", quantity=whole, what=said) if whole not in ("", "1") and said else said
    )
