"""The contract of plugins, with records that values by kind cannot make."""

from __future__ import annotations

from typing import Any, ClassVar

from app.testing import PluginContract
from app.testing.factories import Make

from ..plugin import HR

DAYS: list[int] = []


def absence(make: Make, values: dict[str, Any]) -> Any:
    """An absence of somebody, each on days of its own."""
    DAYS.append(len(DAYS))
    day = f"{2030 + len(DAYS)}-03-0"
    who = make("hr.employee", family_name="Roe")
    kind = make("hr.leave_type", name="Vacation")
    kept = {name: value for name, value in values.items() if name in {"note", "answer"}}
    return make(
        "hr.absence",
        **kept,
        employee_id=who.id,
        type_id=kind.id,
        first_on=f"{day}1",
        last_on=f"{day}7",
    )


def goal(make: Make, values: dict[str, Any]) -> Any:
    """A goal that is counted from tasks: what stands there is no plain text."""
    plain = {name: value for name, value in values.items() if name not in {"counts", "condition", "adds"}}
    who = {} if "employee_id" in plain else {"employee_id": make("hr.employee", family_name="Roe").id}
    return make("hr.goal", **plain, **who, counts="task")


class TestContract(PluginContract):
    plugin = HR
    builders: ClassVar = {"hr.absence": absence, "hr.goal": goal}
