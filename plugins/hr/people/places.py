"""Department and position of employees as words: what a file or a form names and nobody knows yet is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.sdk import Context, Field, _l
from app.sdk.services import records

from .choices import DEPARTMENT, EMPLOYEE, POSITION
from .models import Department, Employee, Position

MOST = 5000
"""Departments or positions among which a name is looked for."""


def known(ctx: Context, entity: str, model: Any, names: Sequence[str]) -> dict[str, int]:
    """Return name → id of departments or positions; those that are not there are made."""
    wanted = {name.strip().casefold(): name.strip() for name in names if name and name.strip()}
    if not wanted:
        return {}
    # compared here: what "small" is beyond ASCII, databases do not agree about
    query = select(model.id, model.name).order_by(model.id.desc()).limit(MOST)
    found = {row.name.strip().casefold(): row.id for row in ctx.session.execute(query)}
    for key, name in wanted.items():
        if key not in found:
            found[key] = records.create(ctx, entity, {"name": name}).id
    return found


def _field(name: str, label: Any, entity: str, model: Any, column: str, order: int) -> Field:
    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, str]:
        query = select(Employee.id, model.name).join(model, model.id == getattr(Employee, column))
        return {row.id: row.name for row in ctx.session.execute(query.where(Employee.id.in_(ids)))}

    def sql(of: Any) -> ColumnElement[Any]:
        query = select(model.name).where(model.id == getattr(of, column), model.deleted_at.is_(None))
        return func.coalesce(query.scalar_subquery(), "")

    def save(ctx: Context, values: Mapping[int, Any]) -> None:
        made = known(ctx, entity, model, [str(value or "") for value in values.values()])
        query = select(Employee).where(Employee.id.in_(values)).order_by(Employee.id)
        for employee in ctx.session.execute(query).scalars():
            text = str(values[employee.id] or "").strip().casefold()
            setattr(employee, column, made[text] if text else None)
        ctx.session.flush()

    return Field(
        name=name,
        label=label,
        on=EMPLOYEE,
        load=load,
        sql=sql,
        save=save,
        order=order,
        hint=_l("A new name is written down with it."),
        personal=False,
    )


ALL = (
    _field("position", _l("Position"), POSITION, Position, "position_id", 5),
    _field("department", _l("Department"), DEPARTMENT, Department, "department_id", 6),
)
