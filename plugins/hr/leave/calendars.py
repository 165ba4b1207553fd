"""Working days of employees: their own calendar where they sign in, else the company's, with the holidays of their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import working_calendar

from ..people.models import Employee
from .models import Absence

HALF = Decimal("0.5")


def of(ctx: Context, employees: Sequence[Employee]) -> dict[int, Any]:
    """Return employee → working hours without absences, with as many statements for many as for one."""
    company = working_calendar.company(ctx)
    users = [e.user_id for e in employees if e.user_id is not None]
    own = working_calendar.of_users(ctx, users) if users else {}
    found = {}
    for employee in employees:
        hours = replace(own.get(employee.user_id or 0, company), away=(), _memo={})
        if employee.country:
            hours = replace(hours, country=employee.country.upper(), region=employee.region.upper(), _memo={})
        found[employee.id] = hours
    return found


def counted(ctx: Context, absence: Absence) -> Decimal:
    """Return how many working days an absence takes; what has no employee any more takes none."""
    query = select(Employee).where(Employee.id == absence.employee_id)
    employee = ctx.session.execute(query).scalar_one_or_none()
    first, last = day(absence.first_on), day(absence.last_on)
    if employee is None or first is None or last is None or last < first or (last - first).days > 400:
        return Decimal(0)
    return within(of(ctx, [employee])[employee.id], absence, first, last)


def within(hours: Any, absence: Absence, first: date, last: date) -> Decimal:
    """Return how many working days of an absence lie between two days."""
    start, end = day(absence.first_on), day(absence.last_on)
    if start is None or end is None:
        return Decimal(0)
    total, at = Decimal(0), max(first, start)
    while at <= min(last, end):
        if hours.is_working_day(at):
            total += 1
            total -= HALF if at == start and absence.half in {"start", "both"} else 0
            total -= HALF if at == end and absence.half in {"end", "both"} else 0
        at += timedelta(days=1)
    return max(total, Decimal(0))


def day(text: str | None) -> date | None:
    """Return a day of a text in ISO 8601, None when it is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
