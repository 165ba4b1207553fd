"""What the pages of HR show when every page is walked through: the demonstration, and what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import acting
from app.sdk.services import records as kept

from ..boarding.models import Checklist
from ..growth.models import Cycle, Goal, Review
from ..leave.models import Absence
from ..people.models import Employee
from ..plugin import HR
from ..training.models import Course


def records(ctx: Context) -> Mapping[Any, Any]:
    """Make what the pages show; returns (endpoint, part) or part of an address → value."""
    with ctx.unit(), acting(ctx):
        HR().kith_demo(ctx)
        employee = _first(ctx, Employee, Employee.manager_id.is_not(None))
        own = _first(ctx, Employee, Employee.user_id == 1)
        document = kept.create(ctx, "hr.document", {"name": "Reference", "employee_id": employee.id})
    people = ("show", "edit", "contract", "private_data", "new_document")
    return {
        **{(f"hr_people.{page}", "record_id"): employee.id for page in people},
        ("hr_people.document", "record_id"): document.id,
        ("hr_leave.show", "record_id"): _first(ctx, Absence, Absence.status == "requested").id,
        ("hr_leave.settle", "record_id"): employee.id,
        ("hr_leave.feed", "token"): "none",
        ("hr_training.pdf", "record_id"): employee.id,
        ("hr_training.position", "record_id"): employee.position_id,
        ("hr_training.course", "record_id"): _first(ctx, Course).id,
        ("hr_training.new", "what"): "skill",
        ("hr_growth.goal", "record_id"): _first(ctx, Goal).id,
        ("hr_growth.cycle", "cycle_id"): _first(ctx, Cycle).id,
        ("hr_growth.review", "review_id"): _first(ctx, Review).id,
        ("hr_growth.talk", "record_id"): own.id,
        ("hr_boarding.edit", "list_id"): _first(ctx, Checklist).id,
        ("hr_boarding.hold", "record_id"): employee.id,
    }


def _first(ctx: Context, model: Any, *conditions: Any) -> Any:
    query = select(model).where(*conditions).order_by(model.id).limit(1)
    return ctx.session.execute(query).scalar_one()
