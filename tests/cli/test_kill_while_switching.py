"""kill -9 while a plugin is enabled, upgraded or removed: the next start is clean, and nothing is there by half."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import create_engine, inspect, text

from app.testing.plugins import write_plugin
from tests.cli.conftest import forget_plugins

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]

HALT = """
import os
import threading

def halt(place):
    '''Say that this place is reached, and stay there for ever, when it is the one where the process is to die.'''
    if os.environ.get("HALT_AT") == place:
        print("here", flush=True)
        threading.Event().wait()
"""
PLUGIN = """
from app.sdk.models import Tag
from .halt import halt

class Trade(Plugin):
    name = "trade"
    version = "1.0"

    @hookimpl
    def kith_lifecycle(self, change):
        session = change.context.session
        session.add(Tag(name=f"told {change.change}", key=f"told {change.change}"))
        session.flush()
        halt(change.change)
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
from plugins.trade.halt import halt
revision = "{1}"
down_revision = {2!r}

def upgrade():
    op.create_table("trade_{0}", sa.Column("id", sa.Integer(), primary_key=True))
    halt("{0}")
    op.create_table("trade_{0}_line", sa.Column("id", sa.Integer(), primary_key=True))
    halt("{0} line")

def downgrade():
    op.drop_table("trade_{0}_line")
    halt("down")
    op.drop_table("trade_{0}")
"""
OLD = {"trade_deal", "trade_deal_line"}
NEW = OLD | {"trade_offer", "trade_offer_line"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the plugin is; the environment names it."""
    made = tmp_path / "plugins"
    migration = MIGRATION.format("deal", "0001", None)
    write_plugin(made, "trade", PLUGIN, {"halt.py": HALT, "migrations/0001_deal.py": migration})
    monkeypatch.setenv("KITH_PLUGIN_DIRS", str(made))
    monkeypatch.setenv("KITH_PLUGINS", "trade")
    yield made / "trade"
    forget_plugins()


def newer(folder: Path) -> None:
    """Put the next version in the place of the plugin's code."""
    (folder / "migrations" / "0002_offer.py").write_text(MIGRATION.format("offer", "0002", "0001"))
    (folder / "plugin.py").write_text((folder / "plugin.py").read_text().replace('"1.0"', '"2.0.1"'))
    forget_plugins()


def process(*words: str, at: str = "") -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HALT_AT": at}
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def killed(*words: str, at: str) -> None:
    """Run a command in a process of its own and kill it where it has reached a place."""
    with process(*words, at=at) as found:
        assert found.stdout is not None
        said = []
        for line in found.stdout:
            said.append(line)
            if line == "here\n":
                found.kill()
                break
        else:
            raise AssertionError(f"It never came to “{at}”:\n{''.join(said)}")


class Left:
    """What a process that has died left behind."""

    def __init__(self) -> None:
        engine = create_engine(os.environ["KITH_DATABASE_URL"])
        with engine.connect() as connection:
            names = set(inspect(connection).get_table_names())
            self.tables = {name for name in names if name.startswith("trade_")}
            version = "SELECT version_num FROM kith_version_trade"
            self.revision = (
                connection.execute(text(version)).scalar() if "kith_version_trade" in names else None
            )
            rows = connection.execute(
                text("SELECT enabled, installed_version FROM plugin_state WHERE name = 'trade'")
            )
            self.row: Any = rows.first()
            told = connection.execute(text("SELECT name FROM tag WHERE name LIKE 'told %'"))
            self.told = {name.removeprefix("told ") for name in told.scalars()}
        engine.dispose()
        assert self.tables == {None: set(), "0001": OLD, "0002": NEW}[self.revision], "tables by half"


def state(run: Run) -> str:
    """Return what the plugin is after a start."""
    run("db", "upgrade")
    lines = [line.split() for line in run("plugins", "list").output.splitlines()]
    return next(words[1] for words in lines if words and words[0] == "trade")


ENABLING = ["deal", "deal line", "installed"]


@pytest.mark.parametrize("at", ENABLING)
def test_enabling_is_done_or_not_begun(at: str, run: Run, folder: Path) -> None:
    run("db", "upgrade")

    killed("plugins", "enable", "trade", at=at)

    left = Left()
    assert left.told == set()
    assert not left.row.enabled
    assert state(run) == "discovered"
    run("plugins", "enable", "trade")
    assert state(run) == "enabled"
    assert (Left().tables, Left().told) == (OLD, {"installed"})


@pytest.mark.parametrize("at", ["offer line", "upgraded"])
def test_an_upgrade_is_finished_by_the_next_start(at: str, run: Run, folder: Path) -> None:
    run("db", "upgrade")
    run("plugins", "enable", "trade")
    newer(folder)

    killed("db", "upgrade", "--no-backup", at=at)

    assert Left().told == {"installed"}
    assert state(run) == "enabled"
    left = Left()
    assert (left.tables, left.told, left.row.installed_version) == (NEW, {"installed", "upgraded"}, "2.0.1")


@pytest.mark.parametrize("at", ["down", "removing"])
def test_removing_is_done_or_not_begun(at: str, run: Run, folder: Path) -> None:
    run("db", "upgrade")
    run("plugins", "enable", "trade")

    killed("plugins", "remove", "trade", "--data", "--yes", "--no-backup", at=at)

    assert Left().tables == OLD
    assert state(run) == "disabled"
    run("plugins", "remove", "trade", "--data", "--yes", "--no-backup")
    assert (Left().tables, Left().revision, Left().row) == (set(), None, None)


@pytest.mark.long
@pytest.mark.parametrize("number", range(40))
def test_it_may_die_at_any_moment(number: int, run: Run, folder: Path) -> None:
    """Killed a little later each time, from before its first line of code until after its last."""
    run("db", "upgrade")
    with process("plugins", "enable", "trade") as found:
        try:
            found.wait(0.5 + 0.1 * number)
        except subprocess.TimeoutExpired:
            found.kill()

    left = Left()

    assert bool(left.row and left.row.enabled) == (left.told == {"installed"})
    assert state(run) == ("enabled" if left.told else "discovered")
    run("plugins", "enable", "trade")
    assert state(run) == "enabled"
    assert Left().tables == OLD
