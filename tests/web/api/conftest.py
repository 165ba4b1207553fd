"""Programs that come in by a token of a user of some role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.services import api_pace
from app.testing.factories import Make
from tests.web.api.program import Program


@pytest.fixture(autouse=True)
def _fresh_pace() -> Iterator[None]:
    api_pace.forget()
    yield
    api_pace.forget()


@pytest.fixture
def program(app: Flask, make: Make) -> Callable[..., Program]:
    """`program("rep", scopes="read")`: a program with the token of a new user of a role."""

    def made(role: str = "admin", *, scopes: str = "write", **values: Any) -> Program:
        return Program(app, make.user(role, **values), scopes)

    return made
