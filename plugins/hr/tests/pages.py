"""What the pages of HR show when every page is walked through: the demonstration, and what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import acting
from app.sdk.services import records as kept

from ..leave.models import Absence
from ..people.models import Employee
from ..plugin import HR


def records(ctx: Context) -> Mapping[Any, Any]:
    """Make what the pages show; returns (endpoint, part) or part of an address → value."""
    with ctx.unit(), acting(ctx):
        HR().kith_demo(ctx)
        employee = _first(ctx, Employee, Employee.manager_id.is_not(None))
        document = kept.create(ctx, "hr.document", {"name": "Reference", "employee_id": employee.id})
    people = ("show", "edit", "contract", "private_data", "new_document")
    return {
        **{(f"hr_people.{page}", "record_id"): employee.id for page in people},
        ("hr_people.document", "record_id"): document.id,
        ("hr_leave.show", "record_id"): _first(ctx, Absence, Absence.status == "requested").id,
        ("hr_leave.settle", "record_id"): employee.id,
        ("hr_leave.feed", "token"): "none",
    }


def _first(ctx: Context, model: Any, *conditions: Any) -> Any:
    query = select(model).where(*conditions).order_by(model.id).limit(1)
    return ctx.session.execute(query).scalar_one()
