"""What twelve plugins cost the pages of the core: `python -m bench.plugins`.

Ten plugins as `kith plugins new` writes them, with all that it can write, stand beside the bundled gifts and sales. The
same pages are asked for with all of them on and all of them off, in turn, so that a busy machine is busy for both.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Any

from flask import Flask
from sqlalchemy import event

from app import create_app
from app.cli.scaffold import PARTS, Plan, write
from app.host.host import Host
from app.host.states import Row
from app.house import house
from app.models import Contact, User
from app.services.context import acting, as_system
from app.testing.clients import Person
from bench import load
from bench.__main__ import BLOCK, COLD, build, timed

MADE = tuple(
    f"bench_{word}"
    for word in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
)
BUNDLED = ("gifts", "sales")
GOALS = {"list of 50": 1.5, "contact": 3.0}
"""What all twelve together may add to the median of a page on SQLite, in ms; PostgreSQL may take twice that."""


def main() -> None:
    """Build the data and the plugins if they are not there, then measure."""
    words = argparse.ArgumentParser(prog="python -m bench.plugins", description=__doc__)
    words.add_argument("--contacts", type=int, default=10_000)
    words.add_argument("--interactions", type=int, default=50_000)
    words.add_argument("--rounds", type=int, default=400)
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench-plugins")
    words.add_argument("--database", default="", help="a PostgreSQL address; SQLite in --data otherwise")
    words.add_argument("--profile", action="store_true", help="print what takes the time with all of them on")
    chosen = words.parse_args()
    app = booted(chosen.data, chosen.database)
    with app.app_context():
        prepare(app, chosen.contacts, chosen.interactions)
        user = as_system("bench").session.query(User).filter_by(email="manager@bench.example").one()
        person = Person(app, user)
    results = [one(app, name, ask, chosen.rounds) for name, ask in pages(person)]
    kind = app.config["SQLALCHEMY_DATABASE_URI"].split(":")[0].split("+")[0]
    print(json.dumps({"database": kind, "plugins": len(MADE + BUNDLED), "pages": results}, indent=1))
    if chosen.profile:
        profile(app, person)
    allowed = 1 if kind == "sqlite" else 2
    over = [r["page"] for r in results if r["added_ms"] > allowed * GOALS.get(r["page"], float("inf"))]
    if over:
        sys.exit(f"More than the goal: {', '.join(over)}")


def booted(data: Path, database: str = "") -> Flask:
    """Write the plugins if they are not there, and return an application that has loaded all twelve."""
    folder = data / "plugins"
    for name in MADE:
        if not (folder / name).is_dir():
            write(Plan(name, tuple(PARTS)), folder / name)
    return create_app(
        env="test",
        data_dir=str(data),
        database_url=database,
        worker=False,
        secret_key="b" * 40,
        log_level="warning",
        plugin_dirs=(str(folder),),
        plugins=MADE + BUNDLED,
    )


def prepare(app: Flask, contacts: int, interactions: int) -> None:
    """Fill an empty database and enable the plugins."""
    host: Host = house(app).host
    host.migrations.upgrade_all()
    if load.counts(Contact) == 0:
        build(app, contacts, interactions)
    host.upgrade()
    ctx = as_system("bench")
    with acting(ctx):
        for name in MADE + BUNDLED:
            if not host.states.is_chosen(name):
                host.states.enable(ctx, name)
    missing = set(MADE + BUNDLED) - set(host.states.running())
    if missing:
        sys.exit(f"These do not run: {'; '.join(host.broken())}")


Ask = Callable[[], Any]


def pages(person: Person) -> Sequence[tuple[str, Ask]]:
    """Return what is measured. Lazy panels are requests of their own, which come after the page."""
    columns = ",".join(["formatted_name", *(f"{name}.count" for name in MADE)])
    return [
        ("list of 50", lambda: person.get("/contacts")),
        ("list, as a fragment", lambda: person.get("/contacts", htmx=True)),
        ("contact", lambda: person.get("/contacts/2")),
        ("Today", lambda: person.get("/")),
        ("list with ten columns of plugins", lambda: person.get(f"/contacts?cols={columns}")),
        ("a lazy panel", lambda: person.get(f"/panel/{MADE[0]}/panel?on=contact:2", htmx=True)),
    ]


def switch(app: Flask, on: bool) -> None:
    """Let all plugins take part in this process, or none."""
    host: Host = house(app).host
    host.states.quarantine.faults_allowed = 0
    for name in MADE + BUNDLED:
        row = Row(name, enabled=True)
        host.states.pretend(row)
        if not on:
            host.states.pretend(Row(name))
    house(app).schema_cache = None


def one(app: Flask, name: str, ask: Ask, rounds: int) -> dict[str, Any]:
    """Time a page with the plugins on and off, in turn."""
    taken: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    queries: dict[bool, int] = {}
    sizes: dict[bool, int] = {}
    for on in (True, False):
        switch(app, on)
        for _ in range(3):
            answer = ask()
        if on and answer.status_code != 200:
            raise SystemExit(f"{name}: {answer.status_code}")
        with counted(app) as seen:
            ask()
        queries[on], sizes[on] = len(seen), len(answer.data)
    gc.collect()
    for _ in range(max(1, rounds // BLOCK)):
        for on in (True, False):
            switch(app, on)
            taken[on] += [clocked(ask) for _ in range(BLOCK)][COLD:]
    half = {
        on: [statistics.median(found) for found in zip(*times, strict=True)] for on, times in taken.items()
    }
    wall, own = (round(half[True][at] - half[False][at], 2) for at in (0, 1))
    return {
        "page": name,
        "on_p50_ms": round(half[True][0], 2),
        "off_p50_ms": round(half[False][0], 2),
        "added_ms": wall,
        "added_cpu_ms": own,
        "goal_ms": GOALS.get(name),
        "statements": [queries[True], queries[False]],
        "bytes": [sizes[True], sizes[False]],
    }


def clocked(ask: Ask) -> tuple[float, float]:
    """Return the milliseconds of one call: by the clock, and those in which this process had the processor."""
    before = process_time()
    taken = timed(ask)
    return taken, (process_time() - before) * 1000


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Yield the statements that are sent meanwhile."""
    seen: list[str] = []
    engine = house(app).host.engine()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def profile(app: Flask, person: Person) -> None:
    """Print where the time of the list and of a contact goes with all plugins on."""
    import cProfile
    import pstats

    switch(app, on=True)
    for _name, ask in pages(person)[:3:2]:
        watch = cProfile.Profile()
        watch.enable()
        for _ in range(100):
            ask()
        watch.disable()
        pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
