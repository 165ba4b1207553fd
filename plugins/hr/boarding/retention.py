"""How long what is kept: files of those who left go when their period is over, unless something holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete, select

from app.sdk import Context
from app.sdk.services import audit, plugin_settings, records, sealing

from ..growth.models import Goal, Review, Talk
from ..leave.models import Absence, Allowance
from ..people import chain, private
from ..people.models import Above, Contract, Document, Employee, Private
from ..training.models import Certificate, Enrolment, Held
from .models import Hold, Step

RECORDS: tuple[tuple[str, Any], ...] = (
    ("hr.absence", Absence),
    ("hr.contract", Contract),
    ("hr.document", Document),
    ("hr.certificate", Certificate),
    ("hr.goal", Goal),
)
BESIDE: tuple[Any, ...] = (Allowance, Held, Enrolment, Review, Talk, Step)
SOME = 50


def limits(ctx: Context) -> tuple[int, int, str]:
    """Return the months that files and private data are kept after the last day, and why."""
    chosen = plugin_settings.of(ctx, "hr")
    return int(chosen.keep_months), int(chosen.private_months), str(chosen.keep_reason)


def goes_on(ended_on: str, months: int) -> str:
    """Return the day from which something goes; empty for never."""
    return (
        (date.fromisoformat(ended_on) + relativedelta(months=months)).isoformat()
        if months and ended_on
        else ""
    )


def due(ctx: Context, months: int, after: int, most: int) -> Sequence[Employee]:
    """Return employees whose period is over and whom nothing holds."""
    today = ctx.now.astimezone(ctx.zone).date()
    if not months:
        return []
    limit = (today - relativedelta(months=months)).isoformat()
    held = select(Hold.employee_id).where(Hold.until >= today.isoformat())
    query = select(Employee).where(
        Employee.ended_on != "", Employee.ended_on < limit, Employee.id > after, Employee.id.not_in(held)
    )
    return ctx.session.execute(query.order_by(Employee.id).limit(most)).scalars().all()


def run(ctx: Context, args: Mapping[str, Any]) -> None:
    """Remove what is over, a few people in each piece; seal private data anew whose key is the former one."""
    files, privates, reason = limits(ctx)
    _each(ctx, files, lambda employee: _forget(ctx, employee, reason))
    _each(ctx, privates, lambda employee: _unseal(ctx, employee, reason))
    last = 0
    while True:
        with ctx.unit():
            query = select(Private).where(Private.id > last).order_by(Private.id).limit(200)
            rows = ctx.session.execute(query).scalars().all()
            for row in rows:
                if not sealing.is_current(private.PURPOSE, row.sealed):
                    private.store(ctx, row.employee_id, private.opened(ctx, row.employee_id))
        if not rows:
            return
        last = rows[-1].id


def _each(ctx: Context, months: int, do: Any) -> None:
    last = 0
    while True:
        with ctx.unit():
            found = due(ctx, months, last, SOME)
            for employee in found:
                do(employee)
        if not found:
            return
        last = found[-1].id


def _unseal(ctx: Context, employee: Employee, reason: str) -> None:
    if private.opened(ctx, employee.id):
        private.store(ctx, employee.id, {})
        audit.note(ctx, "hr.retention.private", f"hr.employee:{employee.id}", reason=reason)


def _forget(ctx: Context, employee: Employee, reason: str) -> None:
    """Remove the file of somebody; the person goes, too, and the tree of former days closes above."""
    for entity, model in RECORDS:
        ids = list(ctx.session.execute(select(model.id).where(model.employee_id == employee.id)).scalars())
        if ids:
            records.purge(ctx, entity, ids)
    for model in BESIDE:
        ctx.session.execute(delete(model).where(model.employee_id == employee.id))
    private.store(ctx, employee.id, {})
    audit.note(ctx, "hr.retention.file", f"hr.employee:{employee.id}", reason=reason)
    query = select(Above.employee_id).where(Above.above_id == employee.id, Above.steps > 0)
    below = list(ctx.session.execute(query.order_by(Above.id)).scalars())
    records.purge(ctx, "hr.employee", [employee.id])
    chain.rebuild(ctx, below)  # who was above through this person is so no more
