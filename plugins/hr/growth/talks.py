"""Notes of talks between two: sealed; the author reads them, and the employee those that are shared; nobody else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from app.sdk import Context, Invalid, NotVisible, _
from app.sdk.services import records, unit

from ..people import chain
from ..people.choices import EMPLOYEE
from ..people.models import Employee
from . import secret
from .models import Talk


def person(ctx: Context, employee_id: int) -> tuple[Employee, bool]:
    """Return an employee whose talks concern the reader, and whether that is the reader. Raises NotVisible."""
    found: Employee = records.get(ctx, EMPLOYEE, employee_id)
    own = ctx.user.id is not None and found.user_id == ctx.user.id
    if not own and not chain.is_above(ctx, employee_id):
        raise NotVisible(_("There is no such page."))
    return found, own


@unit
def note(ctx: Context, employee_id: int, held_on: str, text: str, *, shared: bool) -> None:
    """Keep a note of a talk. Raises NotVisible or Invalid."""
    person(ctx, employee_id)
    if not text.strip():
        raise Invalid({"text": _("Write what was said.")})
    talk = Talk(
        employee_id=employee_id, author_id=ctx.user.id, held_on=held_on, shared=shared, made_at=ctx.now
    )
    ctx.session.add(talk)
    ctx.session.flush()
    talk.sealed = secret.sealed(text.strip()[:10_000], f"hr_talk.{talk.id}")


def of(ctx: Context, employee_id: int) -> list[dict[str, Any]]:
    """Return the notes that the reader may read, the latest first."""
    _employee, own = person(ctx, employee_id)
    seen = or_(Talk.author_id == ctx.user.id, Talk.shared.is_(True)) if own else _led(ctx)
    query = select(Talk).where(Talk.employee_id == employee_id, seen)
    rows = ctx.session.execute(query.order_by(Talk.held_on.desc(), Talk.id.desc()).limit(100)).scalars()
    return [
        {
            "on": t.held_on,
            "shared": t.shared,
            "own": t.author_id == ctx.user.id,
            "text": secret.opened(t.sealed, f"hr_talk.{t.id}"),
        }
        for t in rows
    ]


def _led(ctx: Context) -> Any:
    """A manager reads the own notes, and what the employee shared with those above."""
    wrote = select(Employee.user_id).where(Employee.id == Talk.employee_id).scalar_subquery()
    return or_(Talk.author_id == ctx.user.id, Talk.shared.is_(True) & (Talk.author_id == wrote))
