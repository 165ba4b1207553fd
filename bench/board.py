"""Times the board of sales with many open deals: first look, move, bytes: `python -m bench.board`."""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, func, insert, select

from app import create_app
from app.extensions import db
from app.house import house
from app.models import Company, Contact, Record, User, new_uid, now
from app.services.context import acting, as_system
from app.testing.clients import Person
from bench import load
from bench.__main__ import build

PACKED = {"Accept-Encoding": "gzip, deflate, br, zstd"}
ROUNDS = 25


def main() -> None:
    """Build the data if it is not there, then measure as an administrator and as somebody with reach."""
    words = argparse.ArgumentParser(prog="python -m bench.board", description=__doc__)
    words.add_argument("--deals", type=int, default=5000)
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench-board")
    words.add_argument("--database", default="", help="a PostgreSQL address; SQLite in --data otherwise")
    words.add_argument("--profile", action="store_true")
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
            build(app, 2000, 1000)
        _sales(app, chosen.deals)
        users = {u.email: u for u in as_system("bench").session.execute(select(User)).scalars()}
    found = {
        name: measure(app, users[f"{name}@bench.example"], profile=chosen.profile)
        for name in ("manager", "representative")
        if f"{name}@bench.example" in users
    }
    print(json.dumps(found, indent=1))


def measure(app: Flask, user: User, *, profile: bool) -> dict[str, Any]:
    """Return milliseconds (processor time and wall, medians) and bytes of the board, and of a move on it."""
    with app.app_context():
        person = Person(app, user)
    page = person.get("/sales/board", headers=PACKED)
    cards = person.get("/sales/board").text.count('class="card"')
    found: dict[str, Any] = {"status": page.status_code, "cards": cards, "bytes": len(page.data)}
    with statements() as sent:
        person.get("/sales/board", headers=PACKED)
    found["statements"] = len(sent)
    found["first_look"] = timed(lambda _n: person.get("/sales/board", headers=PACKED), profile=profile)
    with app.app_context():
        moves, back = _moves(user.id)

    def move(_number: int) -> Any:
        deal, seen, to = next(moves)
        form = {"stage": to, "seen": seen, "board": "1", "next": back}
        return person.post(f"/sales/deals/{deal}/stage", form, htmx=True, headers=PACKED)

    answer = move(0)
    found["move_bytes"], found["move_status"] = len(answer.data), answer.status_code
    found["move"] = timed(move, profile=profile)
    with statements() as sent:
        move(0)
    found["move_statements"] = len(sent)
    return found


def timed(call: Callable[[int], Any], *, profile: bool) -> dict[str, float]:
    """Return the medians of several calls."""
    spent, wall = [], []
    call(1)
    for number in range(ROUNDS):
        began, at = perf_counter(), thread_time()
        call(number)
        spent.append(thread_time() - at)
        wall.append(perf_counter() - began)
    if profile:
        watch = cProfile.Profile()
        watch.runcall(call, 0)
        pstats.Stats(watch).sort_stats("cumulative").print_stats(45)
    return {"cpu_ms": round(median(spent) * 1000, 1), "wall_ms": round(median(wall) * 1000, 1)}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _moves(owner: int) -> tuple[Iterator[tuple[int, int, int]], str]:
    """Return moves without end, each of a deal from the stage it is in to the next one, and the address of the board."""
    stage, deal = _model("sales.stage"), _model("sales.deal")
    session = as_system("bench").session
    order = (
        session.execute(select(stage.id).where(stage.outcome == "open").order_by(stage.position))
        .scalars()
        .all()
    )
    pipeline = session.execute(select(stage.pipeline_id).where(stage.id == order[0])).scalar_one()
    query = select(deal.id, deal.stage_id).where(deal.owner_id == owner, deal.stage_id.in_(order))
    found = session.execute(query.order_by(deal.id).limit(ROUNDS + 5)).all()

    def moves() -> Iterator[tuple[int, int, int]]:
        now = {row.id: row.stage_id for row in found}
        for number in cycle(now):
            seen = now[number]
            now[number] = order[(order.index(seen) + 1) % len(order)]
            yield number, seen, now[number]

    return moves(), f"/sales/board/{pipeline}"


def _sales(app: Flask, count: int) -> None:
    """Enable sales and insert open deals in its stages, without what stages ask for."""
    ctx = as_system("bench")
    with acting(ctx):
        if not house(app).host.states.is_enabled("sales"):
            house(app).host.states.enable(ctx, "sales")
    deal, stage = _model("sales.deal"), _model("sales.stage")
    session = as_system("bench").session
    if session.scalar(select(func.count(deal.id))):
        return
    stages = (
        session.execute(select(stage).where(stage.outcome == "open").order_by(stage.position)).scalars().all()
    )
    for one in stages:
        one.required, one.checklist = [], []
    owners = session.execute(select(User.id, User.team_id).where(User.team_id.is_not(None))).all()
    chance = random.Random(5)
    rows = [
        _deal(n, chance, stages, owners, session.scalar(select(func.count(Company.id))) or 1)
        for n in range(count)
    ]
    session.execute(insert(deal), rows)
    session.commit()
    db.session.remove()


def _deal(n: int, chance: random.Random, stages: Any, owners: Any, firms: int) -> dict[str, Any]:
    amount = Decimal(chance.randrange(10, 4000) * 100)
    stage = stages[n % len(stages)]
    owner, team = owners[n % len(owners)]
    day = date.today() + timedelta(days=chance.randrange(1, 200))
    return {
        "uid": new_uid(),
        "created_at": now(),
        "updated_at": now(),
        "owner_id": owner,
        "team_id": team,
        "name": f"Roof {n:05}",
        "pipeline_id": stage.pipeline_id,
        "stage_id": stage.id,
        "company_id": 1 + n % firms,
        "contact_id": 1 + n % 2000,
        "amount": amount,
        "currency": "EUR",
        "amount_base": amount,
        "close_on": day.isoformat(),
        "opened_on": date.today().isoformat(),
        "next_step": "Call" if n % 3 else "",
        "step_on": day.isoformat() if n % 3 else "",
    }


def _model(entity: str) -> Any:
    return next(m.class_ for m in Record.registry.mappers if getattr(m.class_, "__entity__", "") == entity)


if __name__ == "__main__":
    main()
