"""The kinds of record of this part."""

from __future__ import annotations

from typing import Any

from app.sdk import EVERYWHERE, Context, Entity, Kind, Privacy, Show, _, _l

from ..people.entities import KEPT, READ, about, field_of
from . import calendars, choices
from .choices import ABSENCE, TYPE
from .models import Absence, LeaveType

QUIET = EVERYWHERE & ~Show.LIST


def month_and_day(ctx: Context, text: str) -> str:
    """Return a day of any year, MM-DD. Raises ValueError with a sentence."""
    from datetime import date

    try:
        return date.fromisoformat(f"2024-{text.strip()}").isoformat()[5:] if text.strip() else ""
    except ValueError:
        raise ValueError(_("Write month and day, 03-31 say.")) from None


def titled(absence: Absence) -> str:
    """Name an absence by its days."""
    return f"{absence.first_on} – {absence.last_on}"


def derive(ctx: Context, absence: Absence) -> None:
    """Count the working days of an absence."""
    absence.status = absence.status or choices.REQUESTED
    absence.days = calendars.counted(ctx, absence)


_t = field_of(TYPE)
_a = field_of(ABSENCE)


def _days(make: Any, name: str, label: Any, order: int, **more: Any) -> Any:
    return make(name, label, order, kind=Kind.MONEY, currency=lambda ctx: "", **more)


ALL = (
    Entity(
        name="leave_type",
        label=_l("Kind of leave"),
        plural=_l("Kinds of leave"),
        model=LeaveType,
        icon="tags",
        title="name",
        fields=(
            _t("name", _l("Kind of leave"), 0, required=True, ordered=True),
            _t("counted", _l("Draws on an allowance"), 1, kind=Kind.BOOL),
            _days(_t, "days_a_year", _l("Days a year"), 2),
            _t("accrual", _l("Comes"), 3, kind=Kind.CHOICE, choices=choices.ACCRUALS),
            _days(_t, "carry_days", _l("Days that go over into the next year, at most"), 4),
            _t("carry_until", _l("… and are used until (month-day)"), 5, parse=month_and_day),
            _t("decided", _l("Has to be approved"), 6, kind=Kind.BOOL),
        ),
        default_columns=("name", "counted", "days_a_year", "carry_days", "carry_until", "decided"),
        default_sort="name",
    ),
    Entity(
        name="absence",
        label=_l("Absence"),
        plural=_l("Absences"),
        model=Absence,
        icon="calendar-days",
        title=titled,
        url="hr_leave.show",
        derive=derive,
        fields=(
            about(_a, 0),
            _a("type_id", _l("Kind of leave"), 1, kind=Kind.REF, ref=TYPE, required=True),
            _a("first_on", _l("First day"), 2, kind=Kind.DATE, required=True, ordered=True),
            _a("last_on", _l("Last day"), 3, kind=Kind.DATE, required=True),
            _a("half", _l("Half days"), 4, kind=Kind.CHOICE, choices=choices.HALVES),
            _days(_a, "days", _l("Working days"), 5, show=READ | Show.DETAIL | Show.HISTORY),
            _a(
                "status",
                _l("Status"),
                6,
                kind=Kind.CHOICE,
                choices=choices.STATUSES,
                show=EVERYWHERE & ~Show.FORM,
            ),
            _a("note", _l("Note"), 7, show=QUIET),
            _a("answer", _l("Answer"), 8, show=QUIET & ~Show.FORM),
            _a("decided_by", _l("Decided by"), 9, kind=Kind.USER, show=QUIET & ~Show.FORM),
            _a("decided_at", _l("Decided"), 10, kind=Kind.TIME, show=QUIET & ~Show.FORM),
        ),
        default_columns=("employee_id", "type_id", "first_on", "last_on", "days", "status"),
        default_sort="-first_on",
        privacy=Privacy(erase="keep", reason=KEPT),
    ),
)
