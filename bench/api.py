"""Times lists of the API against their floor, and the last page against the first: `python -m bench.api`.

The floor sends the same statements through the bare driver and writes the same objects as JSON in a bare Flask.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.cli import booted
from app.extensions import db
from app.house import house
from app.models import Contact, User
from app.services import api_pace, api_tokens
from app.services.api_tokens import Wanted
from app.services.context import acting, as_system, for_user
from bench import added, floor, load
from bench.__main__ import build

PLAIN = "/api/v1/contact?limit=100&sort=name&fields=name,given_name,family_name,lifecycle_stage,created_at,owner_id"
PATHS = (
    ("100 contacts, six columns", PLAIN),
    ("100 contacts, every field", "/api/v1/contact?limit=100&sort=name"),
    (
        "100 contacts, filtered, newest first",
        "/api/v1/contact?limit=100&sort=-created_at&filter=lifecycle_stage = customer",
    ),
    (
        "100 contacts with their companies",
        "/api/v1/contact?limit=100&include=affiliations&fields=name,emails",
    ),
)
BLOCK, COLD = 25, 5

Ask = Callable[[], Any]


def main() -> None:
    """Build the data if it is not there, then measure."""
    words = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    words.add_argument("--contacts", type=int, default=1_000_000)
    words.add_argument("--interactions", type=int, default=100_000)
    words.add_argument("--rounds", type=int, default=200)
    words.add_argument("--pages", type=int, default=10_000, help="of ten records each, one after another")
    words.add_argument("--role", default="manager", choices=("manager", "representative"))
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench-api")
    words.add_argument("--database", default="", help="a PostgreSQL address; SQLite in --data otherwise")
    chosen = words.parse_args()
    api_pace.LIMIT = 10**9
    app = create_app(
        env="test",
        data_dir=str(chosen.data),
        database_url=chosen.database,
        worker=False,
        secret_key="b" * 40,
        log_level="warning",
    )
    with app.app_context():
        house(app).host.migrations.upgrade_all()
        if load.counts(Contact) == 0:
            build(app, chosen.contacts, chosen.interactions, searched=False)
            added.add()
        token = made(chosen.role)
    booted.warm()
    client = app.test_client()
    told = {"Authorization": f"Bearer {token}"}
    results = [
        one(app, name, lambda path=path: client.get(path, headers=told), chosen.rounds)
        for name, path in PATHS
    ]
    walked = walk(lambda path: client.get(path, headers=told), chosen.pages)
    kind = app.config["SQLALCHEMY_DATABASE_URI"].split(":")[0]
    print(json.dumps({"database": kind, "lists": results, "pages": walked}, indent=1))


def made(role: str) -> str:
    """Make a token of the bench's user and return it."""
    session = as_system("bench").session
    user_id = session.scalar(select(User.id).where(User.email == f"{role}@bench.example"))
    assert user_id is not None
    ctx = for_user(user_id)
    with acting(ctx):
        return api_tokens.create(ctx, user_id, Wanted(name="bench", scopes=["read"]))[1]


def one(app: Flask, name: str, ask: Ask, rounds: int) -> dict[str, Any]:
    """Time a request and its floor in turn, some rounds each, so that a busy machine is busy for both."""
    for _ in range(5):
        answer = ask()
        assert answer.status_code == 200, answer.text
    with floor.recording(app) as recorded:
        answer = ask()
    bare = plain(app, recorded, answer.json)
    gc.collect()
    own, ground = [], []
    for _ in range(max(1, rounds // BLOCK)):
        own += [timed(ask) for _ in range(BLOCK)][COLD:]
        ground += [timed(bare) for _ in range(BLOCK)][COLD:]
    p50, floor50 = (statistics.median(t[0] for t in times) for times in (own, ground))
    cpu, floor_cpu = (statistics.median(t[1] for t in times) for times in (own, ground))
    return {
        "list": name,
        "statements": len(recorded.statements),
        "bytes": len(answer.data),
        "p50_ms": round(p50, 2),
        "floor_ms": round(floor50, 2),
        "times": round(p50 / floor50, 2),
        "cpu_ms": round(cpu, 2),
        "floor_cpu_ms": round(floor_cpu, 2),
        "times_cpu": round(cpu / floor_cpu, 2),
    }


def plain(app: Flask, recorded: floor.Recording, told: Any) -> Ask:
    """Return what answers with the same rows as JSON in a bare application."""
    bare = Flask("floor", root_path="/nowhere", static_folder=None)
    with app.app_context():
        held = db.engine.raw_connection()  # a connection that nobody holds goes back and is closed
    connection, lite = held.driver_connection, floor.db_is_lite(app)
    assert connection is not None

    def view() -> Any:
        cursor = connection.cursor()
        for statement, values in recorded.statements:
            cursor.execute(statement, values)
            if cursor.description:
                cursor.fetchall()
        if not lite:
            held.commit()
        return app.response_class(json.dumps(told, ensure_ascii=False), mimetype="application/json")

    bare.add_url_rule("/", "view", view)
    bare.testing = True  # what goes wrong there is raised here
    client = bare.test_client()
    return lambda: client.get("/")


def walk(get: Callable[[str], Any], pages: int) -> dict[str, Any]:
    """Go from page to page by the cursor; return what the first hundred and the last hundred cost."""
    times: list[float] = []
    path = first = "/api/v1/contact?limit=10&sort=name&fields=name"
    while path and len(times) < pages:
        begun = perf_counter()
        answer = get(path)
        times.append((perf_counter() - begun) * 1000)
        further = answer.json["next"]
        path = f"{first}&after={further}" if further else ""
    return {
        "pages": len(times),
        "first_100_ms": round(statistics.median(times[:100]), 2),
        "last_100_ms": round(statistics.median(times[-100:]), 2),
    }


def timed(ask: Ask) -> tuple[float, float]:
    """Return how many milliseconds a request takes, and how many of them the processor worked for this process."""
    begun, worked = perf_counter(), thread_time()
    ask()
    return (perf_counter() - begun) * 1000, (thread_time() - worked) * 1000


if __name__ == "__main__":
    main()
