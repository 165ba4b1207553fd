"""The kinds of record of this part."""

from __future__ import annotations

from typing import Any

from app.sdk import EVERYWHERE, Context, Entity, Field, Kind, Privacy, Show, _l

from . import choices, places
from .choices import CONTRACT, DEPARTMENT, DOCUMENT, EMPLOYEE, POSITION
from .models import Contract, Department, Document, Employee, Position

READ = Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE
QUIET = EVERYWHERE & ~Show.LIST
KEPT = _l(
    "What an employee's file holds stays as long as the law asks; its retention period says when it goes."
)


def _sorted(name: str) -> Any:
    return lambda model: getattr(model, name)


def field_of(entity: str) -> Any:
    """Return a maker of fields that are columns of an entity's model."""

    def make(name: str, label: Any, order: int, **more: Any) -> Field:
        by_index = {"sort": _sorted(name)} if more.pop("ordered", False) else {}
        return Field(name=name, label=label, on=entity, column=name, order=order, **by_index, **more)

    return make


def derive(ctx: Context, employee: Employee) -> None:
    """Put the name together."""
    employee.name = f"{employee.given_name or ''} {employee.family_name or ''}".strip() or "–"


_e = field_of(EMPLOYEE)
EMPLOYEE_FIELDS = (
    _e("name", _l("Employee"), 0, show=READ, search=5, ordered=True),
    _e("given_name", _l("First name"), 1, show=QUIET),
    _e("family_name", _l("Last name"), 2, show=QUIET, required=True),
    _e("number", _l("Employee number"), 3, search=3, ordered=True),
    *places.ALL,
    _e("manager_id", _l("Answers to"), 7, kind=Kind.REF, ref=EMPLOYEE),
    _e("work_email", _l("Work e-mail"), 8, kind=Kind.EMAIL, search=2),
    _e("work_phone", _l("Work phone"), 9, kind=Kind.PHONE, show=QUIET),
    _e("location", _l("Location"), 10),
    _e("country", _l("Country (two letters)"), 11, show=QUIET, hint=_l("For public holidays: DE, say.")),
    _e("region", _l("State or region"), 12, show=QUIET, hint=_l("For public holidays: BY, say.")),
    _e("employment", _l("Employment"), 13, kind=Kind.CHOICE, choices=choices.EMPLOYMENTS),
    _e("started_on", _l("Start date"), 14, kind=Kind.DATE, ordered=True),
    _e("ended_on", _l("Exit date"), 15, kind=Kind.DATE, hint=_l("The last day, once it is known.")),
    _e("user_id", _l("Login"), 16, kind=Kind.USER, show=QUIET),
    _e("contact_id", _l("Contact"), 17, kind=Kind.REF, ref="contact", show=QUIET),
)

_d = field_of(DEPARTMENT)
_p = field_of(POSITION)
_c = field_of(CONTRACT)
_f = field_of(DOCUMENT)


def about(make: Any, order: int = 1) -> Field:
    """Return the field that says which employee something is about."""
    found: Field = make("employee_id", _l("Employee"), order, kind=Kind.REF, ref=EMPLOYEE, required=True)
    return found


ALL = (
    Entity(
        name="employee",
        label=_l("Employee"),
        plural=_l("Employees"),
        model=Employee,
        icon="id-card",
        url="hr_people.show",
        title="name",
        subject="contact_id",
        derive=derive,
        derive_from=("given_name", "family_name"),
        fields=EMPLOYEE_FIELDS,
        default_columns=("name", "position", "department", "manager_id", "location", "started_on"),
        default_sort="name",
        privacy=Privacy(erase="keep", reason=KEPT),
    ),
    Entity(
        name="department",
        label=_l("Department"),
        plural=_l("Departments"),
        model=Department,
        icon="building-2",
        title="name",
        fields=(
            _d("name", _l("Department"), 0, required=True, search=3, ordered=True),
            _d("parent_id", _l("Part of"), 1, kind=Kind.REF, ref=DEPARTMENT),
            _d("note", _l("Note"), 2, kind=Kind.LONG_TEXT, show=QUIET),
        ),
        default_columns=("name", "parent_id"),
        default_sort="name",
    ),
    Entity(
        name="position",
        label=_l("Position"),
        plural=_l("Positions"),
        model=Position,
        url="hr_training.position",
        icon="briefcase",
        title="name",
        fields=(
            _p("name", _l("Position"), 0, required=True, search=3, ordered=True),
            _p("note", _l("Note"), 2, kind=Kind.LONG_TEXT, show=QUIET),
        ),
        default_columns=("name",),
        default_sort="name",
    ),
    Entity(
        name="contract",
        label=_l("Contract of employment"),
        plural=_l("Contracts of employment"),
        model=Contract,
        icon="file-text",
        title="title",
        fields=(
            _c("title", _l("Contract"), 0, required=True),
            about(_c),
            _c("kind", _l("Kind"), 2, kind=Kind.CHOICE, choices=choices.CONTRACTS),
            _c("starts_on", _l("From"), 3, kind=Kind.DATE, ordered=True),
            _c("ends_on", _l("Until"), 4, kind=Kind.DATE, ordered=True),
            _c("probation_until", _l("Probation until"), 5, kind=Kind.DATE),
            _c("weekly_hours", _l("Hours a week"), 6, kind=Kind.MONEY, currency=lambda ctx: "", show=QUIET),
            _c("notice", _l("Notice period"), 7, show=QUIET),
            _c("note", _l("Note"), 8, kind=Kind.LONG_TEXT, show=QUIET),
        ),
        default_columns=("title", "employee_id", "kind", "starts_on", "ends_on"),
        default_sort="-starts_on",
    ),
    Entity(
        name="document",
        label=_l("Document of an employee"),
        plural=_l("Documents of employees"),
        model=Document,
        icon="folder",
        title="name",
        url="hr_people.document",
        fields=(
            _f("name", _l("Document"), 0, required=True, ordered=True),
            about(_f),
            _f("kind", _l("Kind"), 2, kind=Kind.CHOICE, choices=choices.DOCUMENTS),
            _f("valid_until", _l("Valid until"), 3, kind=Kind.DATE),
            _f("note", _l("Note"), 4, kind=Kind.LONG_TEXT, show=QUIET),
        ),
        default_columns=("name", "employee_id", "kind", "valid_until"),
        default_sort="name",
        importable=False,
    ),
)
