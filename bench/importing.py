"""Times the import of people with company, e-mail and phone: `python -m bench.importing --rows 50000`.

Says how many contacts a second are written with the duplicate check, how long the longest unit held the lock, and how
long another writer waited for it at most. With `--fields` each of them has four values of added fields besides, with
`--alone` no second process makes rows ready. Processor time counts this process; that of the second one stands apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any

from flask import Flask
from sqlalchemy import update

from app import create_app
from app.cli import booted
from app.formats.fold import fold
from app.house import house
from app.kernel.contributions import Choice
from app.models import Setting
from app.services import accounts, custom_fields, import_ahead, importing, unit
from app.services.context import as_system, for_user
from app.services.custom_fields import Values

GIVEN = [
    "Ana",
    "Rui",
    "Inês",
    "João",
    "Maria",
    "Pedro",
    "Sofia",
    "Tiago",
    "Léa",
    "Hugo",
    "Chloé",
    "Lukas",
    "Mia",
    "Emma",
    "Noah",
    "Olga",
    "Ivan",
    "Yuki",
    "Wei",
    "Fatima",
]
FAMILY = [
    "Lima",
    "Sá",
    "Costa",
    "Rocha",
    "Dupont",
    "Martin",
    "Müller",
    "Schmidt",
    "Weber",
    "García",
    "López",
    "Ferrari",
    "Rossi",
    "Novák",
    "Kim",
    "Tanaka",
]
PASSWORD = "a long word for the bench"


def main() -> None:
    """Make a file, import it, import it once more."""
    words = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    words.add_argument("--rows", type=int, default=20_000)
    words.add_argument("--companies", type=int, default=2_000)
    words.add_argument(
        "--database", default="", help="a PostgreSQL address of an empty database; else SQLite"
    )
    words.add_argument("--profile", action="store_true", help="print where the time goes")
    words.add_argument("--fields", action="store_true", help="values of four added fields in each row")
    words.add_argument("--alone", action="store_true", help="without a second process")
    chosen = words.parse_args()
    if chosen.alone:
        import_ahead.FROM_BYTES = sys.maxsize
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            env="test", data_dir=folder, database_url=chosen.database, worker=False, secret_key="b" * 40
        )
        path = Path(folder) / "people.csv"
        path.write_text(table(chosen.rows, chosen.companies, fields=chosen.fields), encoding="utf-8")
        with app.app_context():
            house(app).host.migrations.upgrade_all()
            owner = manager()
            if chosen.fields:
                added_fields()
            booted.warm()
            first = timed(app, owner, path, profile=chosen.profile)
            again = timed(app, owner, path)
    print(json.dumps({"database": first.pop("database"), "first": first, "again": again}, indent=1))


def table(rows: int, companies: int, *, fields: bool = False) -> str:
    """Return the text of a file of invented people."""
    dice = random.Random(7)
    more = ",Seats,Tier,Customer since,Quarter" if fields else ""
    lines = [f"First Name,Last Name,Company,Job Title,E-mail,Mobile Phone{more}"]
    for n in range(rows):
        given, family, firm = dice.choice(GIVEN), dice.choice(FAMILY), dice.randrange(companies)
        mail = f"{fold(given)}.{fold(family)}.{n}@firm{firm}.example"
        line = f"{given},{family} {n},Firm {firm} Ltd,Engineer,{mail},+35191{n:07}"
        if fields:
            line += f",{n % 90},{TIERS[n % 3]},20{n % 25:02}-0{n % 9 + 1}-11,Alfama {n % 50}"
        lines.append(line)
    return "\n".join(lines) + "\n"


TIERS = ("Gold", "Silver", "Bronze")


def added_fields() -> None:
    """Add a figure, a choice, a day and a searched text to contacts."""
    ctx = as_system("bench")
    tiers = tuple(Choice(value="", label=tier) for tier in TIERS)
    for values in (
        Values(label="Seats", type="number"),
        Values(label="Tier", type="choice", choices=tiers),
        Values(label="Customer since", type="date"),
        Values(label="Quarter", searched=True),
    ):
        custom_fields.add(ctx, "contact", values)


def manager() -> int:
    """Return the id of a manager, made for this."""
    ctx = as_system("bench")
    return accounts.create_user(ctx, "Manager", "manager@bench.example", PASSWORD, ("manager",), None)


class Waiter(threading.Thread):
    """Another writer: asks for the lock again and again, and remembers how long it waited at most."""

    def __init__(self, app: Flask) -> None:
        super().__init__(daemon=True)
        self.app, self.longest, self.over = app, 0.0, False

    def run(self) -> None:
        """Write a small thing every 50 ms until it is over."""
        while not self.over:
            with self.app.app_context():
                asked = as_system("bench writer")
                start = perf_counter()
                with asked.unit():
                    self.longest = max(self.longest, perf_counter() - start)
                    asked.session.execute(update(Setting).where(Setting.id == 0).values(value="x"))
            sleep(0.05)


def timed(app: Flask, owner: int, path: Path, *, profile: bool = False) -> dict[str, Any]:
    """Import a file and return the figures."""
    ctx = for_user(owner, source="bench")
    spans: list[float] = []
    _watch(spans)
    other = Waiter(app)
    other.start()
    start, cpu, helped = perf_counter(), process_time(), children()
    report = _profiled(ctx, path) if profile else importing.import_file(ctx, path)
    seconds, cpu = perf_counter() - start, process_time() - cpu
    other.over = True
    other.join()
    count = report.created + report.updated + report.skipped + report.failed
    return {
        "database": str(ctx.session.get_bind().dialect.name),
        "created": report.created,
        "skipped": report.skipped,
        "failed": report.failed,
        "companies": report.companies,
        "seconds": round(seconds, 2),
        "rows_per_second": round(count / seconds),
        "rows_per_cpu_second": round(count / cpu),
        "second_process_cpu_seconds": round(children() - helped, 2),
        "units": len(spans),
        "longest_unit_ms": round(1000 * max(spans, default=0)),
        "median_unit_ms": round(1000 * sorted(spans)[len(spans) // 2]) if spans else 0,
        "other_writer_waited_ms": round(1000 * other.longest),
    }


def children() -> float:
    """Return the processor time of processes that were begun and are over."""
    used = os.times()
    return used.children_user + used.children_system


def _profiled(ctx: Any, path: Path) -> importing.Report:
    import cProfile
    import pstats

    with cProfile.Profile() as found:
        report = importing.import_file(ctx, path)
    pstats.Stats(found).sort_stats("cumulative").print_stats(70)
    return report


def _watch(spans: list[float]) -> None:
    """Note how long each unit of this thread holds the lock."""
    former = getattr(unit, "_begin")  # noqa: B009 - the moment at which the lock is held
    mine = threading.get_ident()

    def begin(session: Any) -> None:
        former(session)
        if threading.get_ident() == mine:
            start = perf_counter()
            session.info["unit"].after_commit.append(lambda: spans.append(perf_counter() - start))

    unit._begin = begin


if __name__ == "__main__":
    main()
