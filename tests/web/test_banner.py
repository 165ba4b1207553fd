"""The banner above pages: what is wrong with the installation is told to administrators, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.house import house
from app.models import JobRow
from app.services import jobs
from app.testing.clients import Person, soup
from app.testing.factories import Make
from app.web import banner

AsRole = Callable[..., Person]


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    banner._queue.clear()
    yield
    banner._queue.clear()


def above(person: Person, path: str) -> tuple[str, str] | None:
    """Return text and link of the banner above a page."""
    found = soup(person.get(path)).select_one(".notice")
    link: Any = found and found.select_one("a")
    return (found.get_text(), str(link["href"])) if found else None


@pytest.fixture
def late(make: Make) -> None:
    """A job that nobody has taken for ten minutes."""
    ctx = make.ctx()
    jobs.enqueue(ctx, "mail.send", {"sealed": "x"})
    with ctx.unit():
        ctx.session.execute(update(JobRow).values(run_at=ctx.now.replace(year=ctx.now.year - 1)))


def test_administrators_hear_of_work_that_nobody_does(as_role: AsRole, late: None) -> None:
    for path in ("/", "/admin", "/admin/users"):
        told = above(as_role("admin"), path)
        assert told is not None
        assert "Is a worker running?" in told[0]
        assert told[1] == "/admin/jobs"
    assert above(as_role("manager"), "/") is None


def test_nothing_is_said_when_all_is_well(as_role: AsRole) -> None:
    assert above(as_role("admin"), "/") is None


def test_administrators_hear_that_passwords_travel_in_clear_text(
    app: Flask, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, kith = as_role("admin"), house(app)
    monkeypatch.setattr(kith, "config", replace(kith.config, env="production"))
    told = above(admin, "/contacts")
    assert told is not None
    assert "KITH_BASE_URL" in told[0]


def test_a_plugin_that_cannot_run_is_named_with_the_way_to_it(
    app: Flask, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(house(app).host), "broken", lambda host: ["Gifts: it lacks a library."])
    told = above(as_role("admin"), "/contacts")
    assert told == ("Gifts: it lacks a library. Plugins", "/admin/plugins")
