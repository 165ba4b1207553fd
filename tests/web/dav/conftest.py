"""Address-book programs of users of some role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.services import api_pace
from app.testing.factories import Make
from tests.web.dav.phone import Phone


@pytest.fixture(autouse=True)
def _fresh_pace() -> Iterator[None]:
    api_pace.forget()
    yield
    api_pace.forget()


@pytest.fixture
def phone(app: Flask, make: Make) -> Callable[..., Phone]:
    """`phone("rep")`: a program with the app password of a new user of a role."""

    def made(role: str = "rep", *, write: bool = True, **values: Any) -> Phone:
        return Phone(app, make.user(role, **values), write=write)

    return made
