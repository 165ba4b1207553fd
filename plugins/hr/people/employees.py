"""What is asked about employees, each in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased

from app.sdk import Context

from .choices import CONTRACTS
from .models import Contract, Department, Document, Employee, Position

MOST = 50


def own(ctx: Context) -> Employee | None:
    """Return the reader as an employee; None for somebody who is none."""
    if ctx.user.id is None:
        return None
    query = select(Employee).where(Employee.user_id == ctx.user.id).order_by(Employee.id).limit(1)
    return ctx.session.execute(query).scalar_one_or_none()


def behind(after: int) -> ColumnElement[bool]:
    """Return who comes after somebody (an id, 0 for nobody) in the order of names; also those of the same name."""
    if not 0 < after < 2**31:
        return true()
    other = aliased(Employee)
    name = select(other.name).where(other.id == after).scalar_subquery()
    return or_(Employee.name > name, and_(Employee.name == name, Employee.id > after))


def line(ctx: Context, employee: Employee) -> str:
    """Return what somebody does and where: position and department."""
    names = []
    models: tuple[tuple[Any, int | None], ...] = (
        (Position, employee.position_id),
        (Department, employee.department_id),
    )
    for model, number in models:
        if number is not None:
            names.append(ctx.session.execute(select(model.name).where(model.id == number)).scalar() or "")
    return " · ".join(name for name in names if name)


def contracts(ctx: Context, employee_id: int) -> list[dict[str, Any]]:
    """Return the contracts of somebody, the latest first, as a page shows them."""
    query = select(Contract).where(Contract.employee_id == employee_id)
    query = query.order_by(Contract.starts_on.desc(), Contract.id.desc()).limit(MOST)
    kinds = {c.value: (c.label, c.tone) for c in CONTRACTS}
    return [{"row": c, "kind": kinds.get(c.kind)} for c in ctx.session.execute(query).scalars()]


def documents(ctx: Context, employee_id: int) -> Sequence[Document]:
    """Return the documents of somebody by name."""
    query = select(Document).where(Document.employee_id == employee_id).order_by(Document.name, Document.id)
    return ctx.session.execute(query.limit(MOST)).scalars().all()
