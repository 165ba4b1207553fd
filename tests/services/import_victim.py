"""A process that imports until it is killed: `python -m tests.services.import_victim FOLDER DATABASE begin|go WHAT`.

`begin FILE` makes a house and a run that waits, and says the run's number; `go RUN` says "ready", works, and says "done".
Batches are small, so that there are many moments between them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app import create_app
from app.house import house
from app.models import ImportRun
from app.services import accounts, context, import_ahead, import_pace, import_running, importing


def begin(path: Path) -> int:
    """Make a run of a file by a new manager and let it wait."""
    system = context.as_system("victim")
    user_id = accounts.create_user(system, "Ana", "ana@example.org", "a long password 1", ("manager",), None)
    ctx = context.for_user(user_id)
    with path.open("rb") as stream:
        run_id: int = importing.start(ctx, path.name, stream).id
    with ctx.unit():
        importing.get(ctx, run_id).state = "waiting"
    return run_id


def go(run_id: int) -> None:
    """Go on with a run as the one who began it."""
    user_id = context.as_system("victim").session.get_one(ImportRun, run_id).user_id
    assert user_id is not None
    print("ready", flush=True)
    import_running.run(context.for_user(user_id, source="import"), run_id)
    print("done", flush=True)


def main(folder: str, database: str, what: str, of: str) -> None:
    """Do one of both."""
    app = create_app(env="test", data_dir=folder, database_url=database, worker=False, secret_key="c" * 40)
    with app.app_context():
        if what == "begin":
            house(app).host.migrations.upgrade_all()
            print(begin(Path(of)), flush=True)
        else:
            go(int(of))


if __name__ == "__main__":
    import_pace.LEAST, import_pace.MOST, import_pace.FIRST = 5, 200, 20
    import_ahead.FROM_BYTES = 0
    main(*sys.argv[1:])
