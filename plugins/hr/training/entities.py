"""The kinds of record of this part, and skills as a Field of employees and contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select, union

from app.sdk import EVERYWHERE, Choice, Context, Entity, Field, Kind, Privacy, Show, _l

from ..people import rules
from ..people.choices import EMPLOYEE
from ..people.entities import KEPT, about, field_of
from ..people.models import Employee
from .models import Certificate, Course, Held, Skill

SKILL, COURSE, CERTIFICATE = "hr.skill", "hr.course", "hr.certificate"
CONCERNED = frozenset({rules.SELF, rules.CHAIN})
QUIET = EVERYWHERE & ~Show.LIST


def valid(today: str) -> Select[Any]:
    """Return a select of (employee, skill, level) of what people can do on a day: by themselves, and by certificates."""
    own = select(Held.employee_id, Held.skill_id, Held.level)
    proven = select(
        Certificate.employee_id, Certificate.skill_id, func.coalesce(Certificate.level, 1).label("level")
    )
    proven = proven.where(
        Certificate.skill_id.is_not(None),
        Certificate.deleted_at.is_(None),
        (Certificate.expires_on == "") | (Certificate.expires_on >= today),
    )
    both = union(own, proven).subquery()
    query = select(both.c.employee_id, both.c.skill_id, func.max(both.c.level).label("level"))
    return query.group_by(both.c.employee_id, both.c.skill_id)


def _choices(ctx: Context) -> Sequence[Choice]:
    rows = ctx.session.execute(select(Skill.id, Skill.name).order_by(Skill.name, Skill.id).limit(500))
    return [Choice(value=str(row.id), label=row.name) for row in rows]


def _loader(column: Any) -> Any:
    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[str]]:
        today = ctx.now.astimezone(ctx.zone).date().isoformat()
        able = valid(today).subquery()
        query = select(column, able.c.skill_id).join(Employee, Employee.id == able.c.employee_id)
        query = query.join(Skill, Skill.id == able.c.skill_id).where(column.in_(ids))
        query = query.where(rules.concerned(ctx, Employee.id, CONCERNED)).order_by(column, Skill.name)
        found: dict[int, list[str]] = {}
        for owner, skill in ctx.session.execute(query):
            found.setdefault(owner, []).append(str(skill))
        return found

    return load


def _field(on: str, column: Any) -> Field:
    return Field(
        name="skills",
        label=_l("Skills"),
        on=on,
        kind=Kind.CHOICES,
        many=True,
        choices=_choices,
        load=_loader(column),
        show=Show.LIST | Show.EXPORT | Show.API | Show.REPORT,
        order=40,
    )


_s, _c, _f = field_of(SKILL), field_of(COURSE), field_of(CERTIFICATE)

ALL = (
    Entity(
        name="skill",
        label=_l("Skill"),
        plural=_l("Skills"),
        model=Skill,
        icon="sparkles",
        title="name",
        fields=(
            _s("name", _l("Skill"), 0, required=True, search=2, ordered=True),
            _s("category", _l("Category"), 1),
        ),
        default_columns=("name", "category"),
        default_sort="name",
    ),
    Entity(
        name="course",
        label=_l("Course"),
        plural=_l("Courses"),
        model=Course,
        icon="book-open",
        title="name",
        url="hr_training.course",
        fields=(
            _c("name", _l("Course"), 0, required=True, search=2, ordered=True),
            _c("skill_id", _l("Teaches"), 1, kind=Kind.REF, ref=SKILL),
            _c("level", _l("Level (1 to 5)"), 2, kind=Kind.NUMBER),
            _c("months", _l("Certificate lasts (months)"), 3, kind=Kind.NUMBER),
            _c("note", _l("Note"), 4, kind=Kind.LONG_TEXT, show=QUIET),
        ),
        default_columns=("name", "skill_id", "level", "months"),
        default_sort="name",
    ),
    Entity(
        name="certificate",
        label=_l("Certificate"),
        plural=_l("Certificates"),
        model=Certificate,
        icon="trophy",
        title="name",
        fields=(
            _f("name", _l("Certificate"), 0, required=True),
            about(_f),
            _f("skill_id", _l("Proves"), 2, kind=Kind.REF, ref=SKILL),
            _f("level", _l("Level (1 to 5)"), 3, kind=Kind.NUMBER),
            _f("issued_on", _l("Issued on"), 4, kind=Kind.DATE),
            _f("expires_on", _l("Expires on"), 5, kind=Kind.DATE, ordered=True),
        ),
        default_columns=("name", "employee_id", "skill_id", "level", "expires_on"),
        default_sort="expires_on",
        privacy=Privacy(erase="keep", reason=KEPT),
    ),
    _field(EMPLOYEE, Employee.id),
    _field("contact", Employee.contact_id),
)
