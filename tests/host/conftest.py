"""Applications that are nothing but the host: no pages of the core, plugins from a folder of the test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from app import config, database, i18n
from app.extensions import babel, db
from app.host.host import Host
from app.host.importing import forget
from app.host.loaded import State
from app.host.loading import boot
from app.house import House, house
from app.kernel import guard
from app.models import Epoch
from app.services.context import HouseContext, as_system
from app.testing.databases import address
from app.testing.plugins import write_plugin


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the test's plugins are."""
    made = tmp_path / "plugins"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """Write a plugin: write("trade", body, files={...})."""
    return lambda name, body="", files=None: write_plugin(folder, name, body, files)


@pytest.fixture
def make_app(tmp_path: Path, folder: Path) -> Iterator[Callable[..., Flask]]:
    """Boot an application with the plugins of the folder; several in one test share a database."""
    made: list[Flask] = []
    with address(tmp_path) as url:

        def make(**settings: Any) -> Flask:
            settings = {"env": "test", "data_dir": str(tmp_path), "database_url": url, **settings}
            values = config.load({}, plugin_dirs=(str(folder),), **settings)
            app = Flask("kith", static_folder=None)
            app.config.update(
                SECRET_KEY="test",
                SQLALCHEMY_DATABASE_URI=values.database,
                SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(values),
                TESTING=True,
                BABEL_TRANSLATION_DIRECTORIES=str(tmp_path / "none"),
            )
            app.extensions["kith"] = House(values)
            db.init_app(app)
            babel.init_app(app, locale_selector=lambda: "pt")
            with app.app_context():
                database.prepare(db.engine, values)
            boot(app, bundled=tmp_path / "bundled")
            made.append(app)
            i18n.forget()  # the words of another application
            return app

        yield make
        for app in made:
            clean(app)


def clean(app: Flask) -> None:
    """Let nothing of the test's plugins stay in the process."""
    guard.install(sink=None)
    i18n.forget()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for loaded in house(app).host.plugins.values():
        forget(loaded)


@pytest.fixture
def make_host(make_app: Callable[..., Flask]) -> Callable[..., Host]:
    """Boot and return the host alone."""

    def make(**settings: Any) -> Host:
        host: Host = house(make_app(**settings)).host
        return host

    return make


class Bench:
    """An application in its context, with the core migrated."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.host: Host = house(app).host
        self.host.upgrade()
        self.ctx: HouseContext = as_system("test")

    def calls(self, name: str) -> list[Any]:
        return self.host.plugins[name].plugin.calls  # type: ignore[union-attr]

    def state(self, name: str) -> State:
        return self.host.states.state(name)

    def enable(self, *names: str, **how: bool) -> None:
        for name in names:
            self.host.states.enable(self.ctx, name, **how)

    def epoch(self) -> int:
        with self.host.engine().connect() as connection:
            return int(connection.execute(select(Epoch.plugins)).scalar_one())


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Host], None]:
    """Fill an empty SQLite database with the core's tables as they are after its migrations, which take their time."""
    copy = sqlite3.connect(":memory:", check_same_thread=False)

    def fill(host: Host) -> None:
        if host.engine().dialect.name != "sqlite" or inspect(host.engine()).has_table("plugin_state"):
            return
        with sqlite3.connect(str(host.engine().url.database)) as file:
            if not copy.execute("SELECT 1 FROM sqlite_master").fetchone():
                host.migrations.upgrade_all()
                file.backup(copy)
            else:
                copy.backup(file)

    return fill


@pytest.fixture
def bench(make_app: Callable[..., Flask], migrated: Callable[[Host], None]) -> Iterator[Callable[..., Bench]]:
    contexts = []

    def make(**settings: Any) -> Bench:
        app = make_app(**settings)
        context = app.app_context()
        context.push()
        contexts.append(context)
        migrated(house(app).host)
        return Bench(app)

    yield make
    for context in reversed(contexts):
        context.pop()
