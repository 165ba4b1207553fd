"""Imports a file of any size and tells the memory it takes: `python -m bench.import_memory --mb 2000 --minutes 10`.

A process of its own takes the file in and imports it; it is killed (SIGKILL) halfway through the time and begun again. Told
are its anonymous memory over time, how many rows are done and at which byte, and how soon it went on after the kill.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import create_engine, func, select

from app import create_app
from app.cli import booted
from app.house import house
from app.models import Contact, ImportRow, ImportRun
from app.services import context, import_running, importing

EVERY_S = 5.0


def main() -> None:
    """Make a file, have it imported, kill that once, and print the figures."""
    words = argparse.ArgumentParser(prog="python -m bench.import_memory", description=__doc__)
    words.add_argument("--mb", type=int, default=300, help="size of the file")
    words.add_argument("--minutes", type=float, default=10.0, help="how long to watch at most")
    words.add_argument("--database", default="", help="an empty PostgreSQL database; else SQLite")
    words.add_argument("--go", nargs=2, metavar=("FOLDER", "RUN"), help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.go:
        work(chosen.go[0], chosen.database, chosen.go[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        rows = write(path, chosen.mb << 20)
        watched = Watched(folder, chosen.database)
        watched.begin(path)
        path.unlink()
        half = chosen.minutes * 30
        watched.watch(half)
        resumed = watched.killed()
        watched.watch(half)
        print(json.dumps({"rows_in_file": rows, "resumed": resumed, **watched.said()}, indent=1))


def write(path: Path, size: int) -> int:
    """Write a table of invented people of about a size and return how many rows it has."""
    rows = 0
    with path.open("w", encoding="utf-8") as out:
        out.write("First name,Last name,E-mail,Mobile phone,Company,Notes\n")
        while out.tell() < size:
            for _line in range(10_000):
                note = f"Met at the fair of Porto, stand {rows % 97}. " * 3
                out.write(
                    f"Ana{rows},Lima{rows},a{rows}@example.org,+3519{rows:08},Firm {rows % 999},{note}\n"
                )
                rows += 1
    return rows


def work(folder: str, database: str, what: str) -> None:
    """Take a file in (a path) or go on with a run (a number), as the process that is watched."""
    app = create_app(env="test", data_dir=folder, database_url=database, worker=False, secret_key="b" * 40)
    with app.app_context():
        if not what.isdecimal():
            from bench.importing import manager

            house(app).host.migrations.upgrade_all()
            ctx = context.for_user(manager(), source="bench")
            with Path(what).open("rb") as stream:
                run_id = importing.start(ctx, "people.csv", stream).id
            with ctx.unit():
                importing.get(ctx, run_id).state = "waiting"
            print(run_id, flush=True)
            return
        booted.warm()
        user_id = context.as_system("bench").session.get_one(ImportRun, int(what)).user_id
        assert user_id is not None
        import_running.run(context.for_user(user_id, source="import"), int(what))


@dataclass
class Watched:
    """The process that imports, and what was seen of it."""

    folder: str
    database: str
    run_id: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)
    taking_in: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    start: float = 0.0

    def spawn(self, what: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bench.import_memory", "--database", self.database, "--go"]
        return subprocess.Popen([*command, self.folder, what], stdout=subprocess.PIPE, text=True)

    def begin(self, path: Path) -> None:
        """Have the file taken in: what an upload does."""
        start, most = monotonic(), 0
        with self.spawn(str(path)) as process:
            while process.poll() is None:
                most = max(most, anonymous(process.pid))
                sleep(0.05)
            assert process.stdout is not None
            self.run_id = process.stdout.read().strip()
        self.taking_in = {"seconds": round(monotonic() - start, 1), "anonymous_mb": most}
        self.start = monotonic()
        self.process = self.spawn(self.run_id)

    def watch(self, seconds: float) -> None:
        """Note the memory every five seconds, until the time or the work is over."""
        assert self.process is not None
        end = monotonic() + seconds
        while monotonic() < end and self.process.poll() is None:
            sleep(min(EVERY_S, max(0.0, end - monotonic())))
            done, at = self.far()
            now = {"s": round(monotonic() - self.start), "mb": anonymous(self.process.pid)}
            self.seen.append({**now, "rows": done, "byte": at})

    def killed(self) -> dict[str, Any]:
        """Kill the process, begin another one, and return how soon that one has written its first rows."""
        assert self.process is not None
        if self.process.poll() is not None:
            return {"over": True}
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        done, at = self.far()
        start = monotonic()
        self.process = self.spawn(self.run_id)
        while self.far()[0] == done and self.process.poll() is None:
            sleep(0.05)
        return {"at_row": done, "at_byte": at, "seconds_until_next_rows": round(monotonic() - start, 1)}

    def far(self) -> tuple[int, int]:
        """Return how many rows are done, and the byte that was noted with them."""
        row = self.asked(select(ImportRun.done, ImportRun.options).where(ImportRun.id == int(self.run_id)))
        return int(row[0]), int(json.loads(row[1])["told"].get("since", {}).get("at", 0))

    def asked(self, query: Any) -> Any:
        """Return the first row of a query, on a connection of its own."""
        database = self.database or f"sqlite:///{self.folder}/kith.db"
        engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            found = connection.execute(query).one()
        engine.dispose()
        return found

    def said(self) -> dict[str, Any]:
        """Stop the process and return the figures; records and receipts must be as many as the rows that are done."""
        assert self.process is not None
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
        done, _at = self.far()
        count: Any = func.count()
        made = self.asked(select(count).select_from(Contact).where(Contact.source == "import"))[0]
        receipts = self.asked(select(count).select_from(ImportRow))[0]
        step = max(1, len(self.seen) // 20)
        return {
            "taking_in": self.taking_in,
            "most_anonymous_mb": max((one["mb"] for one in self.seen), default=0),
            "rows_done": done,
            "contacts": made,
            "receipts": receipts,
            "exact": done == made == receipts,
            "over_time": self.seen[::step],
        }


def anonymous(pid: int) -> int:
    """Return the anonymous memory of a process in megabytes (Linux)."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in text.splitlines() if line.startswith("RssAnon")), 0)


if __name__ == "__main__":
    main()
