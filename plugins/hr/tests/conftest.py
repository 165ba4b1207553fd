"""The kit's application, with this plugin enabled; a small house of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.testing import Make, Person


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """HR is enabled."""
    return ("hr",)


@dataclass(frozen=True)
class House:
    """Ada leads Bob, Bob leads Cem; Dana works beside them. Each has a login of a role that is nothing special."""

    users: dict[str, Any]
    employees: dict[str, Any]
    sign_in: Callable[..., Person]

    def person(self, name: str) -> Person:
        """Return a browser of somebody."""
        return self.sign_in(self.users[name])


@pytest.fixture
def house(make: Make, as_user: Callable[..., Person]) -> House:
    """Return the house."""
    roles = {"Ada": "representative", "Bob": "manager", "Cem": "representative", "Dana": "manager"}
    users = {name: make.user(role, name=f"{name} Test", team="north") for name, role in roles.items()}
    employees: dict[str, Any] = {}
    above = {"Bob": "Ada", "Cem": "Bob"}
    for name, user in users.items():
        boss = employees.get(above.get(name, ""))
        employees[name] = make(
            "hr.employee",
            given_name=name,
            family_name="Test",
            user_id=user.id,
            manager_id=boss.id if boss else None,
            country="DE",
            region="BY",
            started_on="2020-01-01",
        )
    return House(users, employees, as_user)
