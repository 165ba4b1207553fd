"""Made-up employees for `kith demo`: the colleagues who sign in, and some who do not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import User
from app.sdk.services import records

from . import private
from .choices import CONTRACT, EMPLOYEE
from .models import Employee

PEOPLE = (
    ("Helga", "Baumann", "Managing Director", "Management", None, 4000),
    ("Jonas", "Reiter", "Head of Sales", "Sales", 0, 2600),
    ("Miriam", "Kolb", "Head of Operations", "Operations", 0, 2100),
    ("Lena", "Vogt", "Account Manager", "Sales", 1, 900),
    ("Tomás", "Pires", "Account Manager", "Sales", 1, 400),
    ("Anouk", "Girard", "Roofer", "Operations", 2, 1500),
    ("Milan", "Novak", "Roofer", "Operations", 2, 60),
)


def build(ctx: Context) -> None:
    """Make a small house of people; where there are employees already, nothing is added."""
    if ctx.session.execute(select(Employee.id).limit(1)).scalar() is not None:
        return
    today = ctx.now.astimezone(ctx.zone).date()
    users = list(ctx.session.execute(select(User).order_by(User.id).limit(4)).scalars())
    made: list[Any] = []
    for number, (given, family, position, department, above, days) in enumerate(PEOPLE):
        values: dict[str, Any] = {"given_name": given, "family_name": family}
        if number in (0, 1, 3, 4) and users:
            user = users.pop(0)
            first, _space, last = user.name.rpartition(" ")
            values = {"given_name": first, "family_name": last, "work_email": user.email, "user_id": user.id}
        started = today - timedelta(days=days)
        made.append(
            records.create(
                ctx,
                EMPLOYEE,
                {
                    **values,
                    "number": f"E-{number + 1:03}",
                    "position": position,
                    "department": department,
                    "manager_id": made[above].id if above is not None else None,
                    "location": "Munich",
                    "country": "DE",
                    "region": "BY",
                    "employment": "full_time",
                    "started_on": started.isoformat(),
                },
            )
        )
        _contract(ctx, made[-1], started)
    private.store(ctx, made[3].id, {"birthday": "1991-05-14", "emergency_name": "Karl Vogt"})


def _contract(ctx: Context, employee: Employee, started: date) -> None:
    values = {
        "title": "Employment",
        "kind": "permanent",
        "starts_on": started.isoformat(),
        "weekly_hours": 40,
    }
    records.create(ctx, CONTRACT, {**values, "employee_id": employee.id, "notice": "3 months"})
