"""Applications that are nothing but the host: no pages of the core, plugins from a folder of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import config, database
from app.extensions import babel, db
from app.host.host import Host
from app.host.importing import forget
from app.host.loading import boot
from app.house import House, house
from app.kernel import guard
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
    """Write a plugin: write("sales", body, files={...})."""
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
            return app

        yield make
        for app in made:
            clean(app)


def clean(app: Flask) -> None:
    """Let nothing of the test's plugins stay in the process."""
    guard.install(sink=None)
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
