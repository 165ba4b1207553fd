"""Times the four hottest pages of one worker against their floor: `python -m bench --contacts 100000`."""

from __future__ import annotations

import argparse
import gc
import json
import os
import secrets
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote

from flask import Flask

from app import create_app
from app.cli import booted
from app.house import house
from app.models import Contact, User
from app.services import accounts, teams
from app.services.context import as_system
from app.testing.clients import Person
from bench import floor, load

BLOCK, COLD = 25, 5
CHIPS = "f=stage:is:customer&f=owner:is:me&f=tags:is:Tag 3"
WHERE = "where=" + quote('stage = customer and owner = me and (last_contact < -30d or tags = "Tag 4")')
PASSWORD = "a long word for the bench"


def main() -> None:
    """Build the data if it is not there, then measure."""
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("--contacts", type=int, default=100_000)
    words.add_argument("--interactions", type=int, default=1_000_000)
    words.add_argument("--rounds", type=int, default=200)
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench")
    words.add_argument("--database", default="", help="a PostgreSQL address; SQLite in --data otherwise")
    words.add_argument("--only", default="", help="measure pages whose name begins so")
    words.add_argument("--role", default="manager", choices=("manager", "representative"))
    chosen = words.parse_args()
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
            build(app, chosen.contacts, chosen.interactions)
        user = as_system("bench").session.query(User).filter_by(email=f"{chosen.role}@bench.example").one()
        person = Person(app, user)
    booted.warm()
    wanted = [page for page in pages(person) if page[0].startswith(chosen.only)]
    results = [one(app, person, *page, rounds=chosen.rounds) for page in wanted]
    print(
        json.dumps(
            {
                "database": app.config["SQLALCHEMY_DATABASE_URI"].split(":")[0],
                "anonymous_mb": anonymous(),
                "pages": results,
            },
            indent=1,
        )
    )


def build(app: Flask, contacts: int, interactions: int, *, searched: bool = True) -> None:
    """Create two teams and two users, then the mass of data (`searched`: with words for the search)."""
    ctx = as_system("bench")
    owners = []
    for role, team in (("manager", "Bench north"), ("representative", "Bench south")):
        team_id = teams.save(ctx, None, team, None)
        user = accounts.create_user(ctx, role.title(), f"{role}@bench.example", PASSWORD, (role,), team_id)
        owners.append((user, team_id))
    started = perf_counter()
    load.fill(app, contacts, interactions, owners, searched=searched)
    print(f"filled in {perf_counter() - started:.0f} s", file=sys.stderr)


Ask = Callable[[], Any]


def pages(person: Person) -> list[tuple[str, Ask, bool]]:
    """Return what is measured: a name, a request, and whether it writes."""
    token = person.csrf()

    def log() -> Any:
        data = {
            "kind": "call",
            "body": "Asked for the price",
            "on": "contact:2",
            "swap": "1",
            "nonce": f"bench-{secrets.token_hex(8)}",
        }
        return person.post("/interactions", data, htmx=True, token=False, headers={"X-CSRF-Token": token})

    return [
        ("Today", lambda: person.get("/"), False),
        ("list of 50", lambda: person.get("/contacts"), False),
        ("list, as a fragment", lambda: person.get("/contacts", htmx=True), False),
        ("filtered list, chips", lambda: person.get(f"/contacts?{CHIPS}&sort=-last_interaction_at"), False),
        ("filtered list, expression", lambda: person.get(f"/contacts?{WHERE}&sort=-created_at"), False),
        ("contact with 50 of 5,000", lambda: person.get("/contacts/1"), False),
        ("search, a part of a name", lambda: person.get("/search?q=almeidaab", htmx=True), False),
        ("search, a part of a number", lambda: person.get("/search?q=0012345", htmx=True), False),
        ("log a call", log, True),
    ]


def one(app: Flask, person: Person, name: str, ask: Ask, writes: bool, *, rounds: int) -> dict[str, Any]:
    """Time a request and its floor in turn, some rounds each, so that a busy machine is busy for both.

    The first rounds after each change are left out: they pay for the other's traces in the processor's memory.
    """
    for _ in range(5):
        answer = ask()
        if answer.status_code != 200:
            return {"page": name, "error": answer.status_code}
    with floor.recording(app) as made:
        answer = ask()
    bare = floor.floor(app, made, writes=writes)
    for _ in range(3):
        bare()
    gc.collect()
    own, ground = [], []
    for _ in range(max(1, rounds // BLOCK)):
        own += [timed(ask) for _ in range(BLOCK)][COLD:]
        ground += [timed(bare) for _ in range(BLOCK)][COLD:]
    p50, floor50 = statistics.median(own), statistics.median(ground)
    return {
        "page": name,
        "p50_ms": round(p50, 2),
        "p95_ms": round(statistics.quantiles(own, n=20)[18], 2),
        "floor_p50_ms": round(floor50, 2),
        "times_floor": round(p50 / floor50, 2),
        "statements": len(made.statements),
        "bytes": len(answer.data),
    }


def timed(call: Ask) -> float:
    """Return the milliseconds of one call."""
    started = perf_counter()
    call()
    return (perf_counter() - started) * 1000


def anonymous() -> float:
    """Return the anonymous memory of this process in MB (Linux)."""
    for line in Path(f"/proc/{os.getpid()}/smaps_rollup").read_text().splitlines():
        if line.startswith("Anonymous:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


if __name__ == "__main__":
    main()
