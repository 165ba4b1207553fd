"""Made-up skills, courses and certificates for `kith demo`."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import records

from ..people.models import Employee
from .entities import CERTIFICATE, COURSE, SKILL
from .models import Enrolment, Held, Requirement, Session, Skill


def build(ctx: Context) -> None:
    """Make a few; where there are skills already, nothing is added."""
    if ctx.session.execute(select(Skill.id).limit(1)).scalar() is not None:
        return
    names = (("First aid", "Safety"), ("Negotiation", "Sales"), ("Roof safety", "Safety"))
    skills = [records.create(ctx, SKILL, {"name": name, "category": kind}) for name, kind in names]
    course = records.create(
        ctx, COURSE, {"name": "First aid at work", "skill_id": skills[0].id, "level": 2, "months": 24}
    )
    staff = list(ctx.session.execute(select(Employee).order_by(Employee.id).limit(7)).scalars())
    today = ctx.now.astimezone(ctx.zone).date()
    for number, employee in enumerate(staff):
        ctx.session.add(
            Held(employee_id=employee.id, skill_id=skills[1 + number % 2].id, level=1 + number % 4)
        )
    for position in sorted({e.position_id for e in staff if e.position_id}):
        ctx.session.add(Requirement(position_id=position, skill_id=skills[0].id, level=2))
    session = Session(
        course_id=course.id, starts_on=(today + timedelta(days=20)).isoformat(), place="Munich", seats=8
    )
    ctx.session.add(session)
    ctx.session.flush()
    for number, employee in enumerate(staff[-2:]):
        ctx.session.add(Enrolment(session_id=session.id, employee_id=employee.id))
        expires = today + timedelta(days=40 if number else -10)
        values = {
            "name": "First aid at work",
            "employee_id": employee.id,
            "skill_id": skills[0].id,
            "level": 2,
        }
        issued = (expires - timedelta(days=730)).isoformat()
        records.create(ctx, CERTIFICATE, {**values, "issued_on": issued, "expires_on": expires.isoformat()})
