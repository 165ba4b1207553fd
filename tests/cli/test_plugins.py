"""Plugins from the command line, and what a server in another process makes of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from app.testing.plugins import write_plugin
from tests.cli.conftest import forget_plugins

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]

PAGE = """
from flask import Blueprint
from app.sdk.web import public

pages = Blueprint("trade", __name__)

@pages.get("/board")
@public("a test")
def board():
    return "the board"

class Trade(Plugin):
    name = "trade"

    @hookimpl
    def kith_blueprints(self):
        return [pages]
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.create_table("trade_deal", sa.Column("id", sa.Integer(), primary_key=True))

def downgrade():
    op.drop_table("trade_deal")
"""


@pytest.fixture
def plugins(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation with two plugins, one of which needs the other."""
    folder = tmp_path / "plugins"
    write_plugin(folder, "trade", PAGE, {"migrations/0001_deal.py": MIGRATION})
    write_plugin(folder, "tower", "requires = ('trade',)\n")
    monkeypatch.setenv("KITH_PLUGIN_DIRS", str(folder))
    monkeypatch.setenv("KITH_PLUGINS", "trade,tower")
    run("db", "upgrade")
    yield folder
    forget_plugins()


@pytest.fixture
def server(plugins: Path) -> Iterator[str]:
    """The address of a server in a process of its own."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KITH_WORKER": "0"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as found:
        assert found.stdout is not None
        for line in found.stdout:
            if address := re.search(r"http://[\w.]+:\d+", line):
                break
        else:
            raise AssertionError("It did not start.")
        try:
            yield address[0]
        finally:
            found.kill()


def answer(address: str) -> int:
    try:
        with urllib.request.urlopen(address) as found:
            return int(found.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_another_process_serves_it_with_the_next_request(server: str, run: Run) -> None:
    assert answer(f"{server}/trade/board") == 404
    run("plugins", "enable", "trade")
    assert answer(f"{server}/trade/board") == 200
    run("plugins", "disable", "trade")
    assert answer(f"{server}/trade/board") == 404


def test_what_needs_another_says_so_and_comes_or_goes_along(plugins: Path, run: Run) -> None:
    assert "needs trade" in str(run("plugins", "enable", "tower", fails=True).exception)
    run("plugins", "enable", "tower", "--with-required")
    assert "tower needs it" in str(run("plugins", "disable", "trade", fails=True).exception)
    assert "tower, trade" in run("plugins", "disable", "trade", "--with-dependants").output


def test_removing_keeps_the_data_unless_it_is_asked_for(plugins: Path, run: Run) -> None:
    run("plugins", "enable", "trade")
    assert "Its data is kept" in run("plugins", "remove", "trade").output
    assert "0001" in run("db", "current").output

    said = run("plugins", "remove", "trade", "--data", "--yes").output

    assert "Tables: trade_deal." in said
    assert "Backup: " in said
    assert "discovered" in run("plugins", "list").output


def test_nothing_is_removed_without_a_yes(plugins: Path, run: Run) -> None:
    run("plugins", "enable", "trade")
    run("plugins", "remove", "trade", "--data", fails=True, input="n\n")
    assert "enabled" in run("plugins", "list").output


def test_safe_mode_starts_without_any(plugins: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("plugins", "enable", "trade")
    monkeypatch.setenv("KITH_SAFE_MODE", "1")
    assert "safe mode" in run("plugins", "list").output
    monkeypatch.delenv("KITH_SAFE_MODE")
    assert "safe mode" not in run("plugins", "list").output


def test_one_owner_goes_up_and_down(plugins: Path, run: Run) -> None:
    run("db", "upgrade", "trade")
    assert re.search(r"trade +0001", run("db", "current").output)
    assert "agree" in run("db", "check", "core").output
    assert "trade_deal" in run("db", "check", "trade", fails=True).output  # a table without a model

    run("db", "downgrade", "trade", "base", "--yes", "--no-backup")

    assert re.search(r"trade +-", run("db", "current").output)


def test_an_enabled_plugin_that_went_down_waits_for_its_upgrade(plugins: Path, run: Run) -> None:
    run("plugins", "enable", "trade")
    run("db", "downgrade", "trade", "--yes", "--no-backup")
    assert "needs-migration" in run("plugins", "list").output
    run("db", "upgrade")
    assert "needs-migration" not in run("plugins", "list").output


def test_who_has_no_migrations_is_named_with_those_who_have(plugins: Path, run: Run) -> None:
    said = run("db", "upgrade", "tower", fails=True).output
    assert "“tower” has no migrations. Those who have: core, trade." in said
