"""A house without pages: declarations a test chooses, a migrated database, a worker that does not run by itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from app import database
from app.config import Config, load
from app.extensions import babel, db
from app.host.migrations import CORE, Migrations
from app.house import House
from app.kernel.contributions import Contribution
from app.models import Model
from app.services.worker import Worker
from app.testing.databases import address

Build = Callable[..., Flask]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database that was migrated once for all tests of this folder."""
    folder = tmp_path_factory.mktemp("migrated")
    with address(folder) as url:
        app = bare_app(load({}, env="test", data_dir=str(folder), database_url=url))
        with app.app_context():
            engine = db.engine
            Migrations(lambda: engine, Model.metadata, lambda: [CORE]).upgrade_all()
            engine.dispose()
        yield url


@pytest.fixture
def bare_house(tmp_path: Path, migrated: str) -> Iterator[Build]:
    """Return a function that builds the application from declarations: `bare_house(Job(…), On(…), sales=[…])`."""
    made: list[Flask] = []
    url = migrated
    if migrated.startswith("sqlite"):
        shutil.copy(migrated.removeprefix("sqlite:///"), tmp_path / "kith.db")
        url = f"sqlite:///{tmp_path / 'kith.db'}"

    def build(*declared: Contribution, **plugins: list[Contribution]) -> Flask:
        app = bare_app(load({}, env="test", data_dir=str(tmp_path), database_url=url))
        kith = app.extensions["kith"]
        for owner, items in {"core": list(declared), **plugins}.items():
            kith.registry.add(owner, items)
        kith.worker = Worker(app)
        made.append(app)
        return app

    yield build
    for app in made:
        with app.app_context():
            db.session.remove()
            if url == migrated:
                emptied()
            db.engine.dispose()


def emptied() -> None:
    """Remove the rows of a test from a database that the next one uses too."""
    keep = {
        "epoch",
        *(name for name in inspect(db.engine).get_table_names() if name.startswith("kith_version")),
    }
    there = set(inspect(db.engine).get_table_names())  # a plugin's tables are not, while it is switched off
    names = ", ".join(f'"{name}"' for name in sorted(there & set(Model.metadata.tables) - keep))
    with db.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))


def bare_app(config: Config) -> Flask:
    """Return an application with a database and nothing else."""
    app = Flask("kith")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=config.database,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(config),
    )
    app.extensions["kith"] = House(config)
    db.init_app(app)
    babel.init_app(app)
    with app.app_context():
        database.prepare(db.engine, config)
    return app
