"""Employees come by the import of the core: departments, positions and dates as the file writes them."""

from __future__ import annotations

import io
from collections.abc import Callable

from sqlalchemy import select

from app.sdk.services import acting
from app.testing import Make
from app.testing.clients import Person

from ..people.models import Department, Employee, Position

SPACES = " " * 7
TABLE = f"""EmployeeID,FirstName,LastName,StartDate,ExitDate,Title,Supervisor,ADEmail,EmployeeType,DepartmentType
3427,Uriah,Bridges,9/20/2019,,Production Technician I,,uriah.bridges@example.com,Contract,Production{SPACES}
3428,Paula,Small,2/11/2023,8/30/2023,Production Technician I,,paula.small@example.com,Full-Time,Production{SPACES}
3429,Edward,Buck,12/10/2018,,Area Sales Manager,,edward.buck@example.com,Part-Time,Sales
"""
NAMES = ("number", "given_name", "family_name", "started_on", "ended_on", "position", "", "work_email")
COLUMNS = {
    f"m{n}": f"field:{name}" if name else "" for n, name in enumerate((*NAMES, "employment", "department"))
}


def test_a_table_of_employees_makes_departments_and_positions(
    as_role: Callable[..., Person], make: Make, run_jobs: Callable[[], int]
) -> None:
    person = as_role("administrator")
    data = {"file": (io.BytesIO(TABLE.encode()), "employees.csv"), "entity": "hr.employee"}
    url = person.post("/import", data, content_type="multipart/form-data").location
    person.post(url, {**COLUMNS, "do": "go", "duplicates": "create"})
    run_jobs()
    ctx = make.ctx()
    with acting(ctx):
        rows = ctx.session.execute(
            select(Employee, Position.name.label("as_"), Department.name.label("at"))
            .join(Position, Position.id == Employee.position_id)
            .join(Department, Department.id == Employee.department_id)
            .order_by(Employee.id)
        ).all()
        count = ctx.session.execute(select(Position.name).order_by(Position.name)).scalars().all()
    found = [(e.number, e.name, e.started_on, e.ended_on, e.employment, as_, at) for e, as_, at in rows]
    technician, sales = "Production Technician I", "Area Sales Manager"
    assert found == [
        ("3427", "Uriah Bridges", "2019-09-20", "", "contract", technician, "Production"),
        ("3428", "Paula Small", "2023-02-11", "2023-08-30", "full_time", technician, "Production"),
        ("3429", "Edward Buck", "2018-12-10", "", "part_time", sales, "Sales"),
    ]
    assert count == [sales, technician]


def test_who_is_not_hr_imports_nobody(
    as_role: Callable[..., Person], make: Make, run_jobs: Callable[[], int]
) -> None:
    person = as_role("manager")
    data = {"file": (io.BytesIO(TABLE.encode()), "employees.csv"), "entity": "hr.employee"}
    answer = person.post("/import", data, content_type="multipart/form-data")
    if answer.status_code == 303:
        person.post(answer.location, {**COLUMNS, "do": "go", "duplicates": "create"})
        run_jobs()
    ctx = make.ctx()
    with acting(ctx):
        assert ctx.session.execute(select(Employee.id).order_by(Employee.id)).all() == []
