"""Checklists for who comes and who goes: started for a person, each step somebody's, ticked off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from app.sdk import Context, Invalid, Notice, NotVisible, _, _l
from app.sdk.services import access, notifications, records, unit

from .. import rows
from ..people import chain
from ..people.choices import EMPLOYEE, MANAGE
from ..people.models import Above, Employee
from .models import Checklist, Step

WHO = ("hr", "manager", "self")


def read(text: str) -> list[list[Any]]:
    """Return the lines of a checklist: "days | who | what" each. Raises Invalid with a sentence."""
    lines: list[list[Any]] = []
    for number, line in enumerate((one for one in text.splitlines() if one.strip()), start=1):
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3 or not parts[0].lstrip("-").isdecimal() or parts[1] not in WHO or not parts[2]:
            raise Invalid(
                {
                    "lines": _(
                        "Line %(num)s: write days | hr, manager or self | what, say: -3 | hr | Order the laptop",
                        num=number,
                    )
                }
            )
        lines.append([max(-3650, min(3650, int(parts[0][:6]))), parts[1], parts[2][:300]])
    if not lines:
        raise Invalid({"lines": _("Write at least one line.")})
    return lines[:100]


@unit
def start(ctx: Context, employee_id: int, checklist_id: int) -> int:
    """Start a checklist for somebody and tell those who have something to do; returns how many steps there are."""
    access.require(ctx, MANAGE)
    employee: Employee = records.get(ctx, EMPLOYEE, employee_id)
    found = rows.by_id(ctx, Checklist, checklist_id)
    if found is None:
        raise NotVisible(_("There is no such checklist."))
    text = employee.ended_on if found.leaving else employee.started_on
    if not text:
        raise Invalid({"checklist": _("Write down the first or the last day of the person before.")})
    above = chain.above_of(ctx, employee_id)[:1]
    query = select(Employee.user_id).where(Employee.id.in_(above))
    users = {"self": employee.user_id, "manager": ctx.session.execute(query).scalar(), "hr": None}
    for days, who, what in found.lines:
        due = (date.fromisoformat(text) + timedelta(days=days)).isoformat()
        ctx.session.add(Step(employee_id=employee_id, text=what, due_on=due, user_id=users[who]))
    told = sorted({user for user in users.values() if user is not None and user != ctx.user.id})
    words = _l("There is something to do for %(name)s: %(list)s", name=employee.name, list=found.name)
    key = f"hr-steps-{employee_id}-{checklist_id}-{ctx.now:%Y%m%d}"
    notifications.send(ctx, told, "hr.steps", words, about=(EMPLOYEE, employee_id), key=key)
    return len(found.lines)


def _mine(ctx: Context) -> Any:
    """Return which steps are the reader's: his own, and nobody's for HR."""
    own = Step.user_id == ctx.user.id
    return or_(own, Step.user_id.is_(None)) if ctx.may(MANAGE) else own


def open_steps(ctx: Context, most: int = 20) -> Sequence[Any]:
    """Return the steps that wait for the reader with the name of the person, the next first."""
    query = select(Step, Employee.name).join(Employee, Employee.id == Step.employee_id)
    query = query.where(_mine(ctx), Step.done_at.is_(None)).order_by(Step.due_on, Step.id)
    return ctx.session.execute(query.limit(most)).all()


def of_employee(ctx: Context, employee: Employee) -> Sequence[Step]:
    """Return the steps for somebody, as far as they concern the reader."""
    own = ctx.user.id is not None and employee.user_id == ctx.user.id
    query = select(Step).where(Step.employee_id == employee.id)
    if not (ctx.may(MANAGE) or chain.is_above(ctx, employee.id)):
        query = query.where(Step.user_id == ctx.user.id) if own else query.where(Step.id.is_(None))
    return ctx.session.execute(query.order_by(Step.due_on, Step.id).limit(200)).scalars().all()


@unit
def tick(ctx: Context, step_id: int) -> Step:
    """Mark a step as done, or as to do again. Raises NotVisible."""
    found: Step | None = rows.by_id(ctx, Step, step_id)
    led = found is not None and _leads(ctx, found.employee_id)
    if found is None or not (found.user_id == ctx.user.id or ctx.may(MANAGE) or led):
        raise NotVisible(_("There is no such step."))
    found.done_at = None if found.done_at else ctx.now
    found.done_by = ctx.user.id if found.done_at else None
    return found


def _leads(ctx: Context, employee_id: int) -> bool:
    query = select(Above.id).where(
        Above.employee_id == employee_id, Above.user_id == ctx.user.id, Above.steps > 0
    )
    return ctx.session.execute(query.limit(1)).first() is not None


NOTICES = (
    Notice(name="steps", label=_l("Steps for who comes or goes"), icon="user-plus", tone="sys", order=64),
)
