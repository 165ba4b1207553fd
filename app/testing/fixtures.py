"""Pytest fixtures for Kith and its plugins: `pytest_plugins = ["app.testing.fixtures"]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.testing.clients import Person
from app.testing.databases import Baseline, address
from app.testing.factories import Make


@pytest.fixture(scope="session")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an empty, migrated database: SQLite, or a new database on KITH_TEST_DATABASE."""
    from app import create_app
    from app.house import house

    folder = tmp_path_factory.mktemp("kith")
    with address(folder) as url:
        app = create_app(
            env="test",
            data_dir=str(folder),
            database_url=url,
            secret_key="a secret for tests that nobody else has",
            strict_plugins=False,
            worker=False,
            backup_at="",
        )
        with app.app_context():
            house(app).host.migrations.upgrade_all()
        yield app
        from app.extensions import db

        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(kith_app: Flask) -> Iterator[Flask]:
    """The application with a clean database, inside its context. A folder of tests may bring a `kith_app` of its own."""
    baseline = kith_app.extensions.get("kith_baseline") or Baseline(kith_app)
    kith_app.extensions["kith_baseline"] = baseline
    with kith_app.app_context():
        yield kith_app
    baseline.restore()


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
def run_jobs(app: Flask) -> Callable[[], int]:
    """`run_jobs()` does what is due in the background, here and now; returns how many jobs were run."""
    from app.house import house

    return lambda: int(house(app).worker.run_all())
