"""Private data in requests of a person: given out, and removed when the person is erased."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk import Context, PrivacyParticipant, _l

from . import private
from .models import Employee


def _employees(ctx: Context, contact_id: int) -> list[int]:
    query = select(Employee.id).where(Employee.contact_id == contact_id).order_by(Employee.id)
    return list(ctx.session.execute(query).scalars())


def export(ctx: Context, contact_id: int) -> dict[str, dict[str, str]]:
    """Return the private data kept about a contact who is an employee."""
    return {str(i): data for i in _employees(ctx, contact_id) if (data := private.opened(ctx, i))}


def erase(ctx: Context, contact_id: int) -> None:
    """Remove the private data; the employee stays until the retention period is over."""
    with ctx.unit():
        for employee_id in _employees(ctx, contact_id):
            private.store(ctx, employee_id, {})


ALL = (PrivacyParticipant(name="private", label=_l("Private data of employees"), export=export, erase=erase),)
