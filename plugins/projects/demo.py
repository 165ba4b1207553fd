"""Made-up projects for `kith demo`: one in the middle of its plan, one done, one for ourselves, with hours."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import Company, Task, TaskLink, User
from app.sdk.services import records

from .hours.models import ENTRY
from .plan import days, making, service
from .plan.entities import MILESTONE, TEMPLATE
from .plan.models import PROJECT, Milestone, Project, Template
from .plan.template_pages import EXAMPLE

LONG = """# Preparation
Look at the roof | +0 | 1d | 4h | @Engineer
- Photos of all sides
- Condition of the beams
Statics | 2d | 12h | after 1 | @Engineer
Ask the network operator | +1 | 3d | 3h
* Plan approved | 30 %
# Material
Order modules and inverter | 1d | 2h | after 2
Delivery | 5d | 1h | after 4
# Building
Scaffold | 1d | 8h | after 5
Mount the modules | 3d | 48h | after 6 | @Fitter
Connect and measure | 1d | 8h | after 7, 3 | @Fitter
* Handed over | 70 %
"""


def build(ctx: Context) -> None:
    """Make templates, projects and hours; where there are projects already, nothing is added."""
    if ctx.session.execute(select(Project.id).limit(1)).scalar() is not None:
        return
    people = ctx.session.execute(select(User.id).order_by(User.id).limit(4)).scalars().all()
    firms = ctx.session.execute(select(Company.id).order_by(Company.id).limit(3)).scalars().all()
    template = records.create(ctx, TEMPLATE, {"name": "Solar roof", "outline": LONG})
    records.create(ctx, TEMPLATE, {"name": "Small repair", "outline": EXAMPLE})
    going = _project(ctx, template, "Roof of the workshop", 9, people, firms[0] if firms else None)
    records.update(ctx, PROJECT, going.id, {"health": "risk"})
    _work(ctx, going, people, 5)
    done = _project(ctx, template, "Roof of the school", 60, people, firms[1] if len(firms) > 1 else None)
    _work(ctx, done, people, 99)
    records.update(ctx, PROJECT, done.id, {"status": "done", "health": "good"})
    inside = service.begin(
        ctx, {"name": "New website", "billing": "none", "owner_id": people[0] if people else None}
    )
    for name, after in (("Write the texts", 3), ("Take pictures", 6), ("Choose a host", 9)):
        due = (ctx.now + timedelta(days=after)).date().isoformat()
        values = {"summary": name, "due_on": due, "assignee_id": inside.owner_id, "projects.estimate": 180}
        service.add_task(ctx, inside.id, values)


def _project(
    ctx: Context, template: Template, name: str, ago: int, people: Any, company_id: int | None
) -> Project:
    values = {
        "name": name,
        "company_id": company_id,
        "start_on": (ctx.now - timedelta(days=ago)).date().isoformat(),
        "owner_id": people[0] if people else None,
        "budget_hours": 90,
        "budget": 14_500,
        "rate": 78,
    }
    roles = {"Engineer": people[-1] if people else None, "Fitter": people[1] if len(people) > 1 else None}
    made = making.from_template(ctx, template, values, roles)
    service.keep_baseline(ctx, made.id)
    return made


def _work(ctx: Context, project: Project, people: Any, finished: int) -> None:
    """Finish the first tasks of a project, and write the hours they took."""
    query = select(Task).join(TaskLink, TaskLink.task_id == Task.id)
    query = query.where(TaskLink.entity == PROJECT, TaskLink.record_id == project.id)
    tasks = ctx.session.execute(query.order_by(Task.id).limit(finished)).scalars().all()
    for at, task in enumerate(tasks):
        day = min(days.parsed(task.due_on) or date.max, ctx.now.date() - timedelta(days=1))
        entry = {
            "project_id": project.id,
            "task_id": task.id,
            "day": day.isoformat(),
            "minutes": 120 + 45 * (at % 5),
            "owner_id": people[at % len(people)] if people else None,
        }
        records.create(ctx, ENTRY, entry)
        records.update(ctx, "task", task.id, {"status": "done"})
    reached = (
        select(Milestone).where(Milestone.project_id == project.id).order_by(Milestone.due_on, Milestone.id)
    )
    one = ctx.session.execute(reached.limit(1)).scalar_one_or_none()
    if one is not None:
        records.update(ctx, MILESTONE, one.id, {"reached_on": one.due_on})
