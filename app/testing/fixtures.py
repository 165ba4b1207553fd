"""Pytest fixtures for Kith and its plugins: `pytest_plugins = ["app.testing"]`."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app import i18n
from app.kernel import guard
from app.services import api_pace, principals
from app.testing import plugins
from app.testing.clients import Person
from app.testing.clock import Clock
from app.testing.databases import Baseline
from app.testing.factories import Make
from app.testing.programs import Program
from app.testing.told import Told

__all__ = [
    "app",
    "as_role",
    "as_user",
    "clock",
    "events",
    "kith",
    "kith_app",
    "kith_apps",
    "kith_plugins",
    "make",
    "no_network",
    "program",
    "queries",
    "query_budget",
    "run_jobs",
    "temporary_plugin",
]


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """The plugins that are enabled; the tests of a plugin override it: `return ("loyalty",)`."""
    return ()


@pytest.fixture(scope="session")
def kith_apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[tuple[str, ...]], Flask]]:
    """Applications by the plugins that are enabled in them, each on an empty, migrated database, kept for all tests."""
    kept: dict[tuple[str, ...], Flask] = {}
    with ExitStack() as stack:

        def booted(names: tuple[str, ...]) -> Flask:
            if names not in kept:
                folder = tmp_path_factory.mktemp("_".join(("kith", *names)))
                kept[names] = stack.enter_context(plugins.app_with(folder, *names))
            return kept[names]

        yield booted


@pytest.fixture
def kith_app(kith_apps: Callable[[tuple[str, ...]], Flask], kith_plugins: tuple[str, ...]) -> Flask:
    """The application of these tests: on SQLite, or on a new database of the server that KITH_TEST_DATABASE names."""
    return kith_apps(kith_plugins)


@pytest.fixture
def app(kith_app: Flask) -> Iterator[Flask]:
    """The application with a clean database, inside its context. A folder of tests may bring a `kith_app` of its own."""
    baseline = kith_app.extensions.get("kith_baseline") or Baseline(kith_app)
    kith_app.extensions["kith_baseline"] = baseline
    principals.system.cache_clear()  # what these remember is of the application of another folder of tests
    i18n.forget()
    for name, value in _guarded_by(kith_app).items():
        setattr(guard._installed, name, value)
    with kith_app.app_context():
        yield kith_app
    baseline.restore()


def _guarded_by(app: Flask) -> dict[str, Any]:
    """How the guard was set up when the application started: whatever started since has set it up for itself."""
    kept = app.extensions.get("kith_guard")
    return {f.name: getattr(kept, f.name) for f in dataclasses.fields(kept)} if kept is not None else {}


@pytest.fixture
def kith(app: Flask) -> Flask:
    """The same as `app`, for tests that have an application of their own."""
    return app


@pytest.fixture
def make(app: Flask) -> Make:
    """Makes records, users and teams."""
    return Make()


@pytest.fixture
def as_role(app: Flask, make: Make) -> Callable[..., Person]:
    """`as_role("rep", team="north")`: a new user of a role, signed in; None is somebody who is not."""

    def someone(role: str | None = "rep", *, team: str | None = None, **values: Any) -> Person:
        return Person(app, make.user(role, team=team, **values) if role is not None else None)

    return someone


@pytest.fixture
def as_user(app: Flask) -> Callable[[Any], Person]:
    """`as_user(user)`: a browser of that user."""
    return lambda user: Person(app, user)


@pytest.fixture
def program(app: Flask, make: Make) -> Callable[..., Program]:
    """`program("rep", scopes="read")`: a program with the token of a new user of a role, which asks the API."""

    api_pace.forget()  # the tokens of the test before had the same ids

    def made(role: str = "admin", *, scopes: str = "write", **values: Any) -> Program:
        return Program(app, make.user(role, **values), scopes)

    return made


@pytest.fixture
def queries(app: Flask) -> Callable[[], Any]:
    """`with queries() as seen:` collects the statements that are sent to the database."""
    from app.extensions import db

    @contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return watch


@pytest.fixture
def query_budget(queries: Callable[[], Any]) -> Callable[[int], AbstractContextManager[None]]:
    """`with query_budget(3):` fails when more statements are sent than that, and shows them."""

    @contextmanager
    def within(most: int) -> Iterator[None]:
        with queries() as seen:
            yield
        listed = "\n".join(seen)
        assert len(seen) <= most, f"{len(seen)} statements, and {most} were allowed:\n{listed}"

    return within


@pytest.fixture
def events(app: Flask) -> Told:
    """What was told since the test began: `events("sales.deal.won")` returns those of a topic (or `sales.*`)."""
    return Told()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of contexts: `clock.set("2026-03-01T09:00")` stops it, `clock.forward(days=1)` moves it."""
    return Clock(monkeypatch)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to anywhere but this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"a test must not reach {address[0]}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def temporary_plugin(app: Flask) -> Iterator[Callable[[Any], Any]]:
    """`temporary_plugin(Class)` plugs a class into the application until the test ends, and returns it loaded."""
    with ExitStack() as stack:
        yield lambda cls: stack.enter_context(plugins.temporary_plugin(app, cls))


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """`run_jobs()` does what is due in the background, here and now; returns how many jobs were run."""
    from app.house import house

    return lambda: int(house(app).worker.run_all())
