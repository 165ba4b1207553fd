"""Plugins in tests: folders written on the spot, a class plugged into a running application, plugins enabled."""

from __future__ import annotations

import dataclasses
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, has_app_context

from app.extensions import db
from app.host import checks, loading
from app.host.checks_declared import declared
from app.host.discovery import Candidate
from app.host.host import Host
from app.host.loaded import Loaded
from app.host.states import Row
from app.house import house
from app.kernel import guard
from app.kernel.hookspecs import Plugin
from app.services.context import acting, as_system
from app.testing.databases import address, in_any_order

HEAD = "from __future__ import annotations\nfrom app import sdk\nfrom app.sdk import Plugin, hookimpl\n\n"


def write_plugin(folder: Path, name: str, body: str = "", files: Mapping[str, str] | None = None) -> Path:
    """Write `<folder>/<name>/plugin.py` with a class whose body is given (dedented), and further files; its folder.

    A body that defines a class itself is taken as the whole module below the imports of the kit.
    """
    place = folder / name
    place.mkdir(parents=True)
    body = textwrap.dedent(body)
    if "class " not in body:
        title = name.title().replace("_", "")
        body = f"class {title}(Plugin):\n    name = {name!r}\n" + textwrap.indent(body, "    ")
    (place / "plugin.py").write_text(HEAD + body, "utf-8")
    for path, text in (files or {}).items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(textwrap.dedent(text), "utf-8")
    return place


def enable(app: Flask, *names: str, patient: bool = True) -> None:
    """Enable plugins of an application (with those that they require), as an administrator would.

    `patient` never quarantines: a test that counts error cards wants all of them.
    """
    host: Host = house(app).host
    host.states.quarantine.faults_allowed = 0 if patient else 5
    with app.app_context():
        host.upgrade()
        ctx = as_system("test")
        with acting(ctx):
            for name in names:
                host.states.enable(ctx, name, with_required=True)
    _look_anew()


def disable(app: Flask, name: str) -> None:
    """Disable a plugin of an application (with those that require it), as an administrator would."""
    with app.app_context():
        ctx = as_system("test")
        with acting(ctx):
            house(app).host.states.disable(ctx, name, with_dependants=True)
    _look_anew()


def _look_anew() -> None:
    """End the read transaction of the test's own context: it would go on seeing what was."""
    if has_app_context():
        db.session.rollback()


@contextmanager
def app_with(folder: Path, *names: str, **settings: Any) -> Iterator[Flask]:
    """Boot an application of its own with plugins enabled, on an empty database that is gone afterwards.

    A plugin's tests use it in place of the fixture `kith_app`, so that all other fixtures of the kit see the plugin.
    """
    from app import create_app

    with address(folder) as url:
        own = {"secret_key": "a secret for tests that nobody else has", "worker": False, "backup_at": ""}
        app = create_app(**{"env": "test", "data_dir": str(folder), "database_url": url, **own, **settings})
        try:
            app.extensions["kith_guard"] = dataclasses.replace(guard._installed)
            with app.app_context():
                in_any_order(db.engine)
            enable(app, *names, patient=bool(names))
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


@contextmanager
def temporary_plugin(app: Flask, cls: type[Plugin]) -> Iterator[Loaded]:
    """Plug a class into a running application, enabled, and take it out again; its failures to load are raised.

    Pages and tables need a boot of their own: write the plugin into a folder and name that by `plugin_dirs`.
    """
    kith = house(app)
    host: Host = kith.host
    module = inspect.getmodule(cls)
    assert module is not None
    folder = Path(inspect.getfile(cls)).parent
    plugin = cls()
    loaded = Loaded(Candidate(cls.name, module.__name__, cls.__name__, folder, "a test"), plugin)
    checks.apply((checks.name_is_its_own, checks.hooks_exist, checks.hooks_are_marked), loaded)
    host.plugins[loaded.name] = loaded
    try:
        with kith.registry.thawed():
            loading.collect(host, loaded.name, plugin)
            checks.apply(declared(kith.registry), loaded)
    except Exception:
        del host.plugins[loaded.name]
        loading.withdraw(host, loaded)
        raise
    host.states.pretend(Row(loaded.name, enabled=True))
    kith.schema_cache = None
    try:
        yield loaded
    finally:
        host.states.pretend(Row(loaded.name))
        del host.plugins[loaded.name]
        loading.withdraw(host, loaded)
        kith.schema_cache = None
