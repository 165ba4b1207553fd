"""Who is away, for the working calendar of the core: assignment, routing and due dates go by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from app.sdk import Context, Service, _l
from app.sdk.models import User
from app.sdk.protocols import Absences
from app.sdk.services import as_house

from ..people.models import Employee
from .choices import APPROVED
from .models import Absence

Span = tuple[datetime, datetime]
NOON, MIDNIGHT = time(12), time(0)


class Leave:
    """Absences that were approved, as instants in the zone of the person; it says when, never why."""

    def away(self, user_ids: Sequence[int], start: datetime, end: datetime) -> Mapping[int, Sequence[Span]]:
        """Return the absences of some users between two instants; one statement."""
        if not user_ids:
            return {}
        with as_house("absences for the working calendar") as ctx:
            return spans(ctx, user_ids, start, end)


def spans(ctx: Context, user_ids: Sequence[int], start: datetime, end: datetime) -> dict[int, list[Span]]:
    """Return user → absences as instants."""
    query = (
        select(Employee.user_id, User.zone, Absence.first_on, Absence.last_on, Absence.half)
        .join(Employee, Employee.id == Absence.employee_id)
        .join(User, User.id == Employee.user_id)
        .where(
            Employee.user_id.in_(user_ids),
            Absence.status == APPROVED,
            Absence.last_on >= (start - timedelta(days=1)).date().isoformat(),
            Absence.first_on <= (end + timedelta(days=1)).date().isoformat(),
        )
        .order_by(Absence.first_on, Absence.id)
    )
    found: dict[int, list[Span]] = {}
    for row in ctx.session.execute(query):
        found.setdefault(row.user_id, []).append(_span(row, _zone(row.zone, ctx)))
    return found


def _span(row: Any, zone: ZoneInfo) -> Span:
    first, last = date.fromisoformat(row.first_on), date.fromisoformat(row.last_on)
    begins = datetime.combine(first, NOON if row.half in {"start", "both"} else MIDNIGHT, zone)
    ends = (
        datetime.combine(last, NOON, zone)
        if row.half in {"end", "both"}
        else datetime.combine(last + timedelta(days=1), MIDNIGHT, zone)
    )
    return begins.astimezone(UTC), ends.astimezone(UTC)


def _zone(name: str, ctx: Context) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else ctx.zone
    except (ZoneInfoNotFoundError, ValueError):
        return ctx.zone


def service(config: Any) -> Leave:
    """Return what knows of absences."""
    return Leave()


ALL = (Service(name="leave", label=_l("Absences of employees"), protocol=Absences, factory=service),)
