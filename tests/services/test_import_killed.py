"""kill -9 while a file is imported: what goes on afterwards leaves exactly the rows of the file, each with its receipt."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, func, select

from app.models import Affiliation, Contact, EmailAddress, ImportRow, ImportRun, PhoneNumber
from app.testing.databases import address

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("rounds", "rows"), [(2, 1500), pytest.param(10, 50_000, marks=pytest.mark.long)])
def test_a_killed_import_goes_on_without_a_gap_or_a_duplicate(tmp_path: Path, rounds: int, rows: int) -> None:
    dice = random.Random(5)
    path = tmp_path / "people.csv"
    path.write_text(people(rows), encoding="utf-8")
    with address(tmp_path) as database:
        victim = Victim(tmp_path, database)
        run_id = int(victim.said("begin", str(path))[0])
        for _round in range(rounds):
            victim.killed_after(run_id, dice.uniform(0.0, 0.1 if rows < 10_000 else 5.0))
        assert 0 < victim.done(run_id) < rows, "it was killed too early or too late to tell anything"
        assert victim.said("go", str(run_id)) == ["ready", "done"]
        victim.check(run_id, rows, path.stat().st_size)


def people(rows: int) -> str:
    """Return a table of people with company, address and number, and a row that cannot be taken now and then."""
    lines = ["First name,Last name,E-mail,Mobile,Company,Birthday"]
    for n in range(rows):
        good = f"P{n},Q{n},p{n}@example.org,+35191{n:07},Firm {n % 50},"
        lines.append(good if n % 97 else f",,,,,2001-02-{n % 28 + 1:02}")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Victim:
    """A process that works in a house of its own."""

    folder: Path
    database: str

    def process(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.services.import_victim", str(self.folder), self.database]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            [*command, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )

    def said(self, *words: str) -> list[str]:
        with self.process(*words) as process:
            assert process.stdout is not None
            return process.stdout.read().split()

    def killed_after(self, run_id: int, seconds: float) -> None:
        """Let the process go on with the run until it has written something, and kill it a while later."""
        before = self.done(run_id)
        with self.process("go", str(run_id)) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            while self.done(run_id) == before and process.poll() is None:
                pass
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)

    def asked(self, query: Any) -> list[Any]:
        engine = create_engine(self.database)
        try:
            connection: Connection
            with engine.connect() as connection:
                return list(connection.execute(query).all())
        finally:
            engine.dispose()

    def done(self, run_id: int) -> int:
        return int(self.asked(select(ImportRun.done).where(ImportRun.id == run_id))[0].done)

    def check(self, run_id: int, rows: int, size: int) -> None:
        """Compare the records and the receipts with the file."""
        wanted = [n for n in range(rows) if n % 97]
        names = [row.given_name for row in self.asked(select(Contact.given_name))]
        assert sorted(names) == sorted(f"P{n}" for n in wanted)
        for table in (EmailAddress, PhoneNumber, Affiliation):
            counted: Any = select(func.count()).select_from(table)
            assert self.asked(counted)[0][0] == len(wanted), table
        columns = (ImportRun.state, ImportRun.created, ImportRun.failed, ImportRun.done, ImportRun.options)
        run = self.asked(select(*columns).where(ImportRun.id == run_id))[0]
        assert run[:4] == ("done", len(wanted), rows - len(wanted), rows)
        receipts = self.asked(select(ImportRow.number).where(ImportRow.run_id == run_id))
        assert sorted(row.number for row in receipts) == list(range(1, rows + 1))
        assert json.loads(run.options)["told"]["since"]["at"] > 0.95 * size
