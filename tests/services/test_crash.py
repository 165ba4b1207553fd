"""kill -9 while it writes and works: what was acknowledged is there, nothing is there by half, every job runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from app.models import JobRow, Setting
from app.services import context
from tests.services.crash_writer import DONE

ROOT = Path(__file__).resolve().parents[2]
Build = Callable[..., Flask]


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.long)])
def test_nothing_acknowledged_is_lost(bare_house: Build, tmp_path: Path, rounds: int) -> None:
    app = bare_house(DONE)
    acknowledged: set[str] = set()
    for number in range(rounds):
        acknowledged |= killed_after(app, tmp_path, 30 + 13 * number)
        check(app, acknowledged)
    work_off(app)
    with app.app_context():
        session = context.as_system("test").session
        ran = set(session.execute(select(Setting.key).where(Setting.owner == "done")).scalars())
        pairs = set(session.execute(select(Setting.key).where(Setting.owner == "pair")).scalars())
        assert ran == {name[1:] for name in pairs}
        assert session.execute(select(JobRow.id)).all() == []


def killed_after(app: Flask, folder: Path, lines: int) -> set[str]:
    """Run the writer, kill it after so many acknowledgements, and return all that it gave."""
    command = [
        sys.executable,
        "-m",
        "tests.services.crash_writer",
        str(folder),
        app.extensions["kith"].config.database,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _line in range(lines)]
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.readlines()
    return {line.strip() for line in said if line.endswith("\n")}


def check(app: Flask, acknowledged: set[str]) -> None:
    """Compare the database with what was acknowledged."""
    assert acknowledged
    with app.app_context():
        session = context.as_system("test").session
        keys = set(session.execute(select(Setting.key).where(Setting.owner == "pair")).scalars())
        names = {key[1:] for key in keys}
        assert acknowledged - names == set(), "acknowledged and lost"
        assert keys == {side + name for name in names for side in "ab"}, "half a pair"
        if session.get_bind().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        session.rollback()


def work_off(app: Flask) -> None:
    """Let the leases of the dead process end, and do what is left."""
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            past = ctx.now - timedelta(seconds=1)
            ctx.session.execute(
                update(JobRow).where(JobRow.locked_until.is_not(None)).values(locked_until=past)
            )
    app.extensions["kith"].worker.run_all()
