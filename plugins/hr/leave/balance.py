"""What somebody has of a kind of leave in a year: granted, carried over, lapsed, taken, asked for, left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Any

from sqlalchemy import select

from app.sdk import Context

from ..people.models import Employee
from . import calendars
from .choices import APPROVED, HOLDING
from .models import Absence, Allowance, LeaveType

BACK = 5
"""So many years are looked back for what was carried over."""
NONE = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Year:
    """A leave year: `granted` in all, `earned` of it until today, `carried` from before, `lapsed` of that."""

    year: int
    granted: Decimal = NONE
    earned: Decimal = NONE
    carried: Decimal = NONE
    lapsed: Decimal = NONE
    taken: Decimal = NONE
    asked: Decimal = NONE

    @property
    def left(self) -> Decimal:
        """What may still be asked for in this year."""
        return self.granted + self.carried - self.lapsed - self.taken - self.asked

    @property
    def at_hand(self) -> Decimal:
        """What may be taken of what was earned until today."""
        return self.left - self.granted + self.earned


def of_year(
    ctx: Context, employee: Employee, kind: LeaveType, year: int, *, without: int | None = None
) -> Year:
    """Return somebody's year of a kind of leave; `without` leaves out an absence that is being changed."""
    today = ctx.now.astimezone(ctx.zone).date()
    settled = _settled(ctx, employee.id, kind.id)
    absences = _absences(ctx, employee.id, kind.id, f"{year - BACK}-01-01", without)
    hours = calendars.of(ctx, [employee])[employee.id]
    found = Year(year=year - BACK)
    begun = calendars.day(employee.started_on)
    first = max(year - BACK, begun.year if begun else year - (1 if settled else 0))
    for at in range(min(first, year), year + 1):
        former = found.left if at > first else NONE
        found = _year(at, former, (employee, kind, settled.get(at)), (hours, absences), today)
    return found


def _year(
    at: int,
    former: Decimal,
    who: tuple[Employee, LeaveType, Allowance | None],
    away: tuple[Any, Sequence[Absence]],
    today: date,
) -> Year:
    employee, kind, settled = who
    hours, absences = away
    first, last = date(at, 1, 1), date(at, 12, 31)
    granted = _granted(employee, kind, settled, at)
    carried = min(max(former, NONE), kind.carry_days or NONE)
    if settled is not None and settled.carried is not None:
        carried = settled.carried
    until = calendars.day(f"{at}-{kind.carry_until}") if kind.carry_until else last
    held = [a for a in absences if a.first_on <= last.isoformat() and a.last_on >= first.isoformat()]
    before = sum((calendars.within(hours, a, first, until or last) for a in held), NONE)
    lapsed = max(NONE, carried - before) if until is not None and today > until else NONE
    taken = [a for a in held if a.status == APPROVED]
    asked = [a for a in held if a.status != APPROVED]
    return Year(
        year=at,
        granted=granted,
        earned=_earned(employee, kind, granted, at, today),
        carried=carried,
        lapsed=lapsed,
        taken=sum((calendars.within(hours, a, first, last) for a in taken), NONE),
        asked=sum((calendars.within(hours, a, first, last) for a in asked), NONE),
    )


def _months(employee: Employee, year: int, until: int = 12) -> int:
    """Return how many months of a year, until one of them, somebody is employed; a month begun counts."""
    start, end = calendars.day(employee.started_on), calendars.day(employee.ended_on)
    first = 1 if start is None or start.year < year else start.month if start.year == year else 13
    last = 12 if end is None or end.year > year else end.month if end.year == year else 0
    return max(0, min(last, until) - first + 1)


def _granted(employee: Employee, kind: LeaveType, settled: Allowance | None, year: int) -> Decimal:
    if settled is not None and settled.days is not None:
        return settled.days
    return _half_up((kind.days_a_year or NONE) * _months(employee, year) / 12)


def _earned(employee: Employee, kind: LeaveType, granted: Decimal, year: int, today: date) -> Decimal:
    if kind.accrual != "month" or today.year > year:
        return granted
    months, whole = _months(employee, year, today.month), _months(employee, year)
    return _half_up(granted * months / whole) if whole and today.year == year else NONE


def _half_up(days: Decimal) -> Decimal:
    """Round up to half a day, as the law of most countries has it."""
    return (days * 2).quantize(Decimal(1), ROUND_UP) / 2


def _settled(ctx: Context, employee_id: int, type_id: int) -> Mapping[int, Allowance]:
    query = select(Allowance).where(Allowance.employee_id == employee_id, Allowance.type_id == type_id)
    return {row.year: row for row in ctx.session.execute(query.order_by(Allowance.year)).scalars()}


def _absences(
    ctx: Context, employee_id: int, type_id: int, since: str, without: int | None
) -> Sequence[Absence]:
    query = select(Absence).where(
        Absence.employee_id == employee_id,
        Absence.type_id == type_id,
        Absence.status.in_(HOLDING),
        Absence.last_on >= since,
    )
    if without is not None:
        query = query.where(Absence.id != without)
    return ctx.session.execute(query.order_by(Absence.first_on, Absence.id)).scalars().all()


def types(ctx: Context) -> Sequence[LeaveType]:
    """Return the kinds of leave, those with an allowance first."""
    query = select(LeaveType).order_by(LeaveType.counted.desc(), LeaveType.name, LeaveType.id)
    return ctx.session.execute(query.limit(50)).scalars().all()
