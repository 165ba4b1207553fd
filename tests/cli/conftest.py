"""The command line on an installation of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

import app
from app.cli import kith
from app.extensions import db
from app.testing.databases import address

Run = Callable[..., Result]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder of an empty installation, which the environment names."""
    for name in ("HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    with address(folder) as url:
        monkeypatch.setenv("KITH_ENV", "test")
        monkeypatch.setenv("KITH_DATA_DIR", str(folder))
        monkeypatch.setenv("KITH_DATABASE_URL", url)
        yield folder


@pytest.fixture
def run(installation: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """`run("users", "list")`: what a command answers. It may fail only where `fails=True` says so."""
    booted_here: list[Flask] = []
    real = app.create_app

    def create(**overrides: Any) -> Flask:
        booted_here.append(real(**overrides))
        return booted_here[-1]

    monkeypatch.setattr(app, "create_app", create)  # every command starts it by this name

    def call(*words: str, fails: bool = False, **more: Any) -> Result:
        result = CliRunner().invoke(kith, list(words), **more)
        assert fails == (result.exit_code != 0), result.output + repr(result.exception)
        return result

    yield call
    for one in booted_here:
        with one.app_context():
            db.session.remove()
            db.engine.dispose()


def forget_plugins() -> None:
    """Let the next start of this process read the plugins of a test anew from their files."""
    for name in [n for n in sys.modules if n.startswith(("plugins.trade", "plugins.tower"))]:
        del sys.modules[name]
