"""Skills, gaps, enrolment and results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete, func, select

from app.sdk import Context, Invalid, Notice, NotVisible, _, _l
from app.sdk.models import User
from app.sdk.services import notifications, records, unit
from app.sdk.web import day_text

from ..people import chain, employees
from ..people.choices import MANAGE
from ..people.models import Above, Employee
from ..rows import by_id
from .entities import CERTIFICATE, valid
from .models import Certificate, Course, Enrolment, Held, Requirement, Session, Skill

WARN_DAYS = (60, 14)
ENROLLED, PASSED, FAILED, ABSENT = "enrolled", "passed", "failed", "absent"


def today(ctx: Context) -> date:
    """Return the day in the reader's zone."""
    return ctx.now.astimezone(ctx.zone).date()


def levels(ctx: Context, employee_ids: Sequence[int]) -> Mapping[int, dict[int, int]]:
    """Return employee → skill → level, of today; one statement."""
    able = valid(today(ctx).isoformat()).subquery()
    found: dict[int, dict[int, int]] = {}
    for row in ctx.session.execute(select(able).where(able.c.employee_id.in_(employee_ids))):
        found.setdefault(row.employee_id, {})[row.skill_id] = row.level
    return found


def required(ctx: Context, position_ids: Iterable[int | None]) -> Mapping[int, dict[int, int]]:
    """Return position → skill → level that it asks for."""
    query = select(Requirement).where(Requirement.position_id.in_({i for i in position_ids if i}))
    found: dict[int, dict[int, int]] = {}
    for row in ctx.session.execute(query.order_by(Requirement.id)).scalars():
        found.setdefault(row.position_id, {})[row.skill_id] = row.level
    return found


@dataclass(frozen=True)
class Able:
    """A skill of somebody: what the position asks for, and what there is; 0 is none."""

    skill: str
    skill_id: int
    level: int
    wanted: int

    @property
    def gap(self) -> bool:
        """Whether something is missing."""
        return self.level < self.wanted


def of_employee(ctx: Context, employee: Employee) -> list[Able]:
    """Return somebody's skills with the gaps against the position, by name."""
    has = levels(ctx, [employee.id]).get(employee.id, {})
    wants = required(ctx, [employee.position_id]).get(employee.position_id or 0, {})
    query = select(Skill.id, Skill.name).where(Skill.id.in_({*has, *wants})).order_by(Skill.name, Skill.id)
    return [Able(r.name, r.id, has.get(r.id, 0), wants.get(r.id, 0)) for r in ctx.session.execute(query)]


def concerned(ctx: Context, employee: Employee) -> bool:
    """Tell whether the reader sees how somebody is trained: the person, those above, HR."""
    own = ctx.user.id is not None and employee.user_id == ctx.user.id
    return own or leads(ctx, employee)


def leads(ctx: Context, employee: Employee) -> bool:
    """Tell whether the reader judges somebody's skills: those above, HR."""
    return ctx.may(MANAGE) or chain.is_above(ctx, employee.id)


@unit
def set_level(ctx: Context, employee: Employee, skill_id: int, level: int) -> None:
    """Note that somebody has a skill at a level, 0 for not any more. Raises NotVisible or Invalid."""
    if not leads(ctx, employee):
        raise NotVisible(_("There is no such page."))
    if not 0 <= level <= 5 or not records.exists(ctx, "hr.skill", skill_id):
        raise Invalid({"level": _("Choose a skill and a level from 0 to 5.")})
    ctx.session.execute(delete(Held).where(Held.employee_id == employee.id, Held.skill_id == skill_id))
    if level:
        ctx.session.add(Held(employee_id=employee.id, skill_id=skill_id, level=level))


@unit
def require(ctx: Context, position_id: int, skill_id: int, level: int) -> None:
    """Say that a position asks for a skill at a level, 0 for not any more. Raises Invalid."""
    records.get(ctx, "hr.position", position_id, "edit")
    if not 0 <= level <= 5 or not records.exists(ctx, "hr.skill", skill_id):
        raise Invalid({"level": _("Choose a skill and a level from 0 to 5.")})
    where = (Requirement.position_id == position_id, Requirement.skill_id == skill_id)
    ctx.session.execute(delete(Requirement).where(*where))
    if level:
        ctx.session.add(Requirement(position_id=position_id, skill_id=skill_id, level=level))


@unit
def enrol(ctx: Context, session_id: int, employee: Employee, *, leave: bool = False) -> None:
    """Put somebody into a session, or take the person out. Raises NotVisible, or Invalid when it is full or over."""
    if not concerned(ctx, employee):
        raise NotVisible(_("There is no such page."))
    found: Session | None = by_id(ctx, Session, session_id)
    if found is not None:
        ctx.session.refresh(found, with_for_update=True)
    if found is None:
        raise NotVisible(_("There is no such session."))
    where = (Enrolment.session_id == session_id, Enrolment.employee_id == employee.id)
    there = ctx.session.execute(select(Enrolment).where(*where)).scalar_one_or_none()
    if leave:
        if there is not None and there.state == ENROLLED:
            ctx.session.delete(there)
        return
    if there is not None:
        return
    if found.starts_on < today(ctx).isoformat():
        raise Invalid({"session": _("This session is over.")})
    taken = ctx.session.execute(select(func.count(Enrolment.id)).where(Enrolment.session_id == session_id))
    if found.seats is not None and taken.scalar_one() >= found.seats:
        raise Invalid({"session": _("This session is full.")})
    ctx.session.add(Enrolment(session_id=session_id, employee_id=employee.id, state=ENROLLED))


@unit
def finish(ctx: Context, enrolment_id: int, state: str) -> Enrolment:
    """Note how a session ended for somebody; who passes has a certificate. For HR. Raises NotVisible or Invalid."""
    found: Enrolment | None = by_id(ctx, Enrolment, enrolment_id)
    if found is None or not ctx.may(MANAGE):
        raise NotVisible(_("There is no such page."))
    if state not in {PASSED, FAILED, ABSENT} or found.state == PASSED:
        raise Invalid({"state": _("This is settled already.")})
    found.state = state
    held = ctx.session.get_one(Session, found.session_id)
    course: Course = records.get(ctx, "hr.course", held.course_id)
    if state == PASSED and course.skill_id is not None:
        issued = date.fromisoformat(held.starts_on)
        expires = (issued + relativedelta(months=course.months)).isoformat() if course.months else ""
        values = {"name": course.name, "skill_id": course.skill_id, "level": course.level or 1}
        dates = {"issued_on": held.starts_on, "expires_on": expires}
        records.create(ctx, CERTIFICATE, {**values, **dates, "employee_id": found.employee_id})
    return found


def remind(ctx: Context, args: Mapping[str, Any]) -> None:
    """Tell people and their managers of certificates that expire soon; each is told once per limit."""
    now = today(ctx)
    limit = (now + timedelta(days=max(WARN_DAYS))).isoformat()
    last = 0
    while True:
        with ctx.unit():
            query = select(Certificate).where(
                Certificate.expires_on.between(now.isoformat(), limit), Certificate.id > last
            )
            found = ctx.session.execute(query.order_by(Certificate.id).limit(200)).scalars().all()
            for certificate in found:
                _warn(ctx, certificate, (date.fromisoformat(certificate.expires_on) - now).days)
        if not found:
            return
        last = found[-1].id


def _warn(ctx: Context, certificate: Certificate, left: int) -> None:
    near = min(days for days in WARN_DAYS if left <= days)
    query = (
        select(Above.user_id)
        .join(User, User.id == Above.user_id)
        .where(Above.employee_id == certificate.employee_id, Above.steps <= 1, User.active.is_(True))
    )
    notifications.send(
        ctx,
        sorted({number for number in ctx.session.execute(query).scalars() if number is not None}),
        "hr.certificate_expires",
        _l("“%(name)s” expires on %(day)s.", name=certificate.name, day=day_text(certificate.expires_on)),
        about=(CERTIFICATE, certificate.id),
        key=f"hr-cert-{certificate.id}-{certificate.expires_on}-{near}",
    )


NOTICES = (
    Notice(
        name="certificate_expires",
        label=_l("Certificates that expire soon"),
        icon="trophy",
        tone="warn",
        order=62,
    ),
)


def me(ctx: Context) -> Employee | None:
    """Return the reader as an employee."""
    return employees.own(ctx)
