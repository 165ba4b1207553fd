"""Run by test_crash.py as a process of its own: writes and works until it is killed; says what was acknowledged.

Each unit writes a pair of rows and asks for a job; the job writes a third. Half a pair, an acknowledged pair that is
not there, or a pair whose job never ran, would be a fault.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from sqlalchemy import func, select

from app.kernel.contributions import Job
from app.models import Setting
from app.services import context, jobs
from app.services.worker import Worker


def done(ctx: Any, args: Any) -> None:
    """The job: write that it ran, once, however often it is run."""
    with ctx.unit():
        row = {"owner": "done", "key": args["name"], "user_id": 0, "value": "1"}
        ctx.session.execute(jobs.insert_of(ctx, Setting).values(row).on_conflict_do_nothing())


DONE = Job(name="done", run=done)


def write(app: Any, thread: int) -> None:
    """Write pairs for ever; a name is printed when its commit has returned."""
    with app.app_context():
        ctx = context.as_system("crash")
        start = ctx.session.scalar(select(func.count()).where(Setting.owner == "pair")) or 0
        for number in range(start, start + 100_000):
            name = f"{thread}-{number}"
            with ctx.unit():
                ctx.session.add(Setting(owner="pair", key=f"a{name}"))
                ctx.session.flush()
                ctx.session.add(Setting(owner="pair", key=f"b{name}"))
                jobs.enqueue(ctx, "done", {"name": name})
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()


def main(folder: str, url: str) -> None:
    """Start three writers and a worker."""
    from app.config import load
    from tests.services.conftest import bare_app

    app = bare_app(load({}, env="test", data_dir=folder, database_url=url))
    app.extensions["kith"].registry.add("core", [DONE])
    app.extensions["kith"].worker = Worker(app)
    app.extensions["kith"].worker.start()
    for thread in range(3):
        threading.Thread(target=write, args=(app, thread), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
