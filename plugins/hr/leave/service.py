"""Asking for leave, deciding and withdrawing; the checks hold for whichever way an absence comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from app.sdk import Context, Invalid, NotAllowed, Refuse, _, _l
from app.sdk.models import User
from app.sdk.services import notifications, people, records, unit
from app.sdk.web import day_text, number

from ..people import chain, rules
from ..people.choices import EMPLOYEE, MANAGE
from ..people.models import Above, Employee
from . import balance, calendars
from .choices import ABSENCE, APPROVED, DECLINED, HOLDING, REQUESTED, WITHDRAWN
from .models import Absence, LeaveType

LONGEST = 366


def may_decide(ctx: Context, absence: Absence) -> bool:
    """Tell whether the reader decides about an absence: those above, HR; nobody about the own, unless nobody is above."""
    if absence.employee_id is None:
        return False
    employee = ctx.session.get(Employee, absence.employee_id)
    own = employee is not None and ctx.user.id is not None and employee.user_id == ctx.user.id
    if own:
        return ctx.may(MANAGE) and not chain.above_of(ctx, absence.employee_id)
    return ctx.may(MANAGE) or chain.is_above(ctx, absence.employee_id)


def may_withdraw(ctx: Context, absence: Absence) -> bool:
    """Tell whether the reader takes an absence back: the person while it has not begun, those who decide at any time."""
    if absence.status not in HOLDING:
        return False
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    return may_decide(ctx, absence) or absence.status == REQUESTED or absence.first_on > today


def arrived(ctx: Context, events: Sequence[Any]) -> None:
    """Check absences that are made or moved, settle those that need nobody, and tell who decides. Raises Refuse."""
    for event in events:
        absence: Absence = event.record
        check(ctx, absence)
        kind = ctx.session.get(LeaveType, absence.type_id) if absence.type_id else None
        created = event.topic.endswith(".created")
        if not created and absence.status == APPROVED and not may_decide(ctx, absence):
            raise Refuse(_("This is approved. Withdraw it and ask anew."))
        if created and (kind is None or not kind.decided or (may_decide(ctx, absence))):
            absence.status = APPROVED
        elif created:
            _tell_above(ctx, absence)
    ctx.session.flush()


def check(ctx: Context, absence: Absence) -> None:
    """Raise Refuse with a sentence for days that cannot be."""
    first, last = calendars.day(absence.first_on), calendars.day(absence.last_on)
    if first is None or last is None or last < first:
        raise Refuse(_("The last day is before the first."))
    if (last - first).days > LONGEST:
        raise Refuse(_("Choose at most a year."))
    if absence.employee_id is None or absence.status not in HOLDING:
        return
    if absence.half == "both" and first == last:
        raise Refuse(_("From noon until noon needs two days."))
    if not absence.days:
        raise Refuse(_("There is no working day in this time."))
    other = _overlapping(ctx, absence)
    if other is not None:
        days = {"first": day_text(other.first_on), "last": day_text(other.last_on)}
        raise Refuse(_("There is an absence from %(first)s to %(last)s already.", **days))
    _enough(ctx, absence)


def _overlapping(ctx: Context, absence: Absence) -> Absence | None:
    query = select(Absence).where(
        Absence.employee_id == absence.employee_id,
        Absence.id != absence.id,
        Absence.status.in_(HOLDING),
        Absence.first_on <= absence.last_on,
        Absence.last_on >= absence.first_on,
    )
    for other in ctx.session.execute(query.order_by(Absence.id).limit(5)).scalars():
        noon = (other.last_on == absence.first_on and _at_noon(other, absence)) or (
            absence.last_on == other.first_on and _at_noon(absence, other)
        )
        if not noon:
            return other
    return None


def _at_noon(before: Absence, after: Absence) -> bool:
    """Tell whether one absence ends at noon of the day at whose noon another begins."""
    return before.half in {"end", "both"} and after.half in {"start", "both"}


def _enough(ctx: Context, absence: Absence) -> None:
    kind = ctx.session.get(LeaveType, absence.type_id) if absence.type_id else None
    employee = ctx.session.get(Employee, absence.employee_id)
    if kind is None or not kind.counted or employee is None or ctx.may(MANAGE):
        return
    hours = calendars.of(ctx, [employee])[employee.id]
    for year in range(int(absence.first_on[:4]), int(absence.last_on[:4]) + 1):
        start, end = calendars.day(f"{year}-01-01"), calendars.day(f"{year}-12-31")
        asked = calendars.within(hours, absence, start, end) if start and end else 0
        left = balance.of_year(ctx, employee, kind, year, without=absence.id).left
        if asked > left:
            words = {"year": year, "left": number(left), "asked": number(asked)}
            raise Refuse(_("%(year)s has %(left)s days left; this takes %(asked)s.", **words))


@unit
def decide(ctx: Context, absence_id: int, *, approve: bool, answer: str = "") -> Absence:
    """Approve or decline what somebody asked for, and tell the person. Raises NotAllowed, NotVisible or Invalid."""
    absence: Absence = records.get(ctx, ABSENCE, absence_id)
    if not may_decide(ctx, absence):
        raise NotAllowed(_("Others decide about this."), MANAGE)
    if absence.status != REQUESTED:
        raise Invalid({"status": _("This was decided already.")})
    status = APPROVED if approve else DECLINED
    values = {
        "status": status,
        "answer": answer.strip()[:500],
        "decided_by": ctx.user.id,
        "decided_at": ctx.now,
    }
    records.update(ctx, ABSENCE, absence_id, values)
    employee = ctx.session.get(Employee, absence.employee_id)
    if employee is not None and employee.user_id is not None:
        first = day_text(absence.first_on)
        text = (
            _l("Your time off from %(first)s is approved.", first=first)
            if approve
            else _l("Your time off from %(first)s is declined.", first=first)
        )
        notifications.send(
            ctx,
            [employee.user_id],
            "hr.leave_decided",
            text,
            about=(ABSENCE, absence_id),
            key=f"hr-leave-{absence_id}-{status}",
        )
    return absence


@unit
def withdraw(ctx: Context, absence_id: int) -> Absence:
    """Take an absence back. Raises NotAllowed, NotVisible."""
    absence: Absence = records.get(ctx, ABSENCE, absence_id)
    if not may_withdraw(ctx, absence):
        raise NotAllowed(_("This cannot be withdrawn any more; ask those who decide."), MANAGE)
    records.update(ctx, ABSENCE, absence_id, {"status": WITHDRAWN})
    return absence


def _tell_above(ctx: Context, absence: Absence) -> None:
    """Tell the nearest of those above who signs in."""
    query = (
        select(Above.user_id)
        .join(User, User.id == Above.user_id)
        .where(Above.employee_id == absence.employee_id, Above.steps > 0, User.active.is_(True))
        .order_by(Above.steps)
        .limit(1)
    )
    user_id = ctx.session.execute(query).scalar()
    if user_id is None:
        return
    target = (EMPLOYEE, absence.employee_id or 0)
    named = people.names(ctx, {target}).get(target)
    text = _l(
        "%(name)s asks for time off from %(first)s to %(last)s.",
        name=named.name if named else "–",
        first=day_text(absence.first_on),
        last=day_text(absence.last_on),
    )
    notifications.send(
        ctx, [user_id], "hr.leave_asked", text, about=(ABSENCE, absence.id), key=f"hr-leave-{absence.id}"
    )


def to_decide(ctx: Context, most: int = 20) -> Sequence[Absence]:
    """Return the requests that wait for the reader, the next first."""
    query = select(Absence).where(Absence.status == REQUESTED)
    if ctx.may(MANAGE):
        led = select(Above.employee_id).where(Above.steps > 0)
        query = query.where(or_(Absence.employee_id.not_in(rules.mine(ctx)), Absence.employee_id.not_in(led)))
    else:
        query = query.where(Absence.employee_id.in_(rules.below(ctx)))
    query = query.order_by(Absence.first_on, Absence.id).limit(most)
    return ctx.session.execute(query).scalars().all()


def of_employee(ctx: Context, employee_id: int, since: str, until: str) -> Sequence[Absence]:
    """Return somebody's absences in a time, the latest first."""
    query = select(Absence).where(
        Absence.employee_id == employee_id, Absence.last_on >= since, Absence.first_on <= until
    )
    return (
        ctx.session.execute(query.order_by(Absence.first_on.desc(), Absence.id.desc()).limit(200))
        .scalars()
        .all()
    )
