"""Times a bulk edit of many contacts and its undo, with another writer beside it: `python -m bench.bulk`."""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep, thread_time
from typing import Any

from flask import Flask, g
from sqlalchemy import func, select

from app import create_app
from app.cli import booted
from app.extensions import db
from app.house import house
from app.models import Contact, JournalEntry, User, new_uid
from app.services import bulk, bulk_running, records, undo
from app.services.bulk_choice import Chosen
from app.services.context import as_system, for_user
from app.services.listing_state import State
from bench import load
from bench.__main__ import build

WORKS: dict[str, Callable[[int], dict[str, Any]]] = {
    "owner": lambda owner: {"field": "owner_id", "how": "set", "value": owner},
    "stage": lambda owner: {"field": "lifecycle_stage", "how": "set", "value": "customer"},
    "tag": lambda owner: {"field": "tags", "how": "add", "value": ["Fair 2026"]},
}


def main() -> None:
    """Build the data if it is not there, then measure each kind of work and its undo."""
    words = argparse.ArgumentParser(prog="python -m bench.bulk", description=__doc__)
    words.add_argument("--contacts", type=int, default=50_000)
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench-bulk")
    words.add_argument("--database", default="", help="a PostgreSQL address; SQLite in --data otherwise")
    words.add_argument("--work", nargs="*", default=list(WORKS), choices=list(WORKS))
    words.add_argument("--profile", action="store_true")
    chosen = words.parse_args()
    app = create_app(
        env="test", data_dir=str(chosen.data), database_url=chosen.database, worker=False, secret_key="b" * 40
    )
    with app.app_context():
        house(app).host.migrations.upgrade_all()
        if load.counts(Contact) == 0:
            build(app, chosen.contacts, 1000)
        booted.warm()
        results = [one(app, name, profile=chosen.profile) for name in chosen.work]
    print(json.dumps(results, indent=1))


def one(app: Flask, name: str, *, profile: bool) -> dict[str, Any]:
    """Measure one kind of work on all contacts, and its undo."""
    session = as_system("bench").session
    manager = session.scalar(select(User.id).where(User.email == "manager@bench.example"))
    assert manager is not None
    other = _colleague()
    g.ctx = ctx = for_user(manager)
    made = bulk.draft(ctx, "contact", Chosen(every=True, state=State()))
    with timed() as checking:
        bulk.choose(ctx, made.id, "edit", WORKS[name](other))
    bulk._start(ctx, made.id)
    found: dict[str, Any] = {"work": name, "first_look_s": round(checking[0], 2)}
    found |= told("do", ctx, made.id, profile)
    operation = bulk.get(ctx, made.id).operation_id
    assert operation is not None
    back = undo.prepared(ctx, operation)
    found |= told("undo", ctx, back.id, profile)
    entries = session.scalar(
        select(func.count(JournalEntry.id)).where(JournalEntry.operation_id == operation)
    )
    return found | {"journal_entries": entries}


def told(what: str, ctx: Any, run_id: int, profile: bool) -> dict[str, Any]:
    """Run it, with somebody else writing meanwhile, and return rows per second and how long he waited at most."""
    watch = cProfile.Profile() if profile else None
    worked = thread_time()
    with writer() as waited, timed() as took:
        if watch is not None:
            watch.enable()
        bulk_running.run(ctx, run_id)
        if watch is not None:
            watch.disable()
    if watch is not None:
        pstats.Stats(watch).sort_stats("tottime").print_stats(25)
    made = bulk.get(ctx, run_id)
    return {
        f"{what}_rows": made.changed,
        f"{what}_refused": made.refused,
        f"{what}_cpu_us_per_row": round(1e6 * (thread_time() - worked) / max(1, made.changed)),
        f"{what}_rows_per_s": round(made.changed / took[0]),
        f"{what}_other_writer_waited_ms": round(1000 * max(waited, default=0)),
        f"{what}_other_writer_p95_ms": round(1000 * sorted(waited)[int(len(waited) * 0.95)]) if waited else 0,
    }


def _colleague() -> int:
    """Return somebody who has no records yet, so that every one of them changes."""
    system = as_system("bench")
    with system.unit():
        made = User(name="Bench heir", email=f"{new_uid()}@bench.example")
        system.session.add(made)
        system.session.flush()
        return made.id


@contextmanager
def timed() -> Iterator[list[float]]:
    """Put the seconds that the block took into the list."""
    took: list[float] = []
    started = perf_counter()
    yield took
    took.append(perf_counter() - started)


@contextmanager
def writer() -> Iterator[list[float]]:
    """Change one company again and again in another thread; the list gets how long each change took."""
    waited: list[float] = []
    over = threading.Event()
    app = _app()

    def write() -> None:
        with app.app_context():
            g.ctx = ctx = as_system("bench writer")
            company = records.create(ctx, "company", {"name": "Bench"}).id
            number = 0
            while not over.is_set():
                started, number = perf_counter(), number + 1
                records.update(ctx, "company", company, {"industry": f"trade {number}"})
                waited.append(perf_counter() - started)
                sleep(0.03)
            db.session.remove()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waited
    finally:
        over.set()
        thread.join()


def _app() -> Flask:
    from flask import current_app

    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]


if __name__ == "__main__":
    main()
