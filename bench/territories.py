"""Times territories at full size: `python -m bench.territories --contacts 1000000 --territories 500`.

Gives all contacts to their territories, once more after one border moved, then asks who is near and what the map shows,
as a manager and as a representative.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from math import cos, pi, sin
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select, text

from app import create_app
from app.extensions import db
from app.models import Contact, User, new_uid
from app.services import accounts, teams
from app.services.context import acting, as_system, for_user
from app.testing.plugins import enable

BATCH = 10_000
PASSWORD = "a long word for the bench"
BERLIN = (52.52, 13.405)
TEAMS = (("manager", "Bench north"), ("representative", "Bench south"))
NOW = datetime.now(UTC)


def main() -> None:
    """Build contacts with places and territories if there are none, then measure."""
    words = argparse.ArgumentParser(prog="python -m bench.territories", description=__doc__)
    words.add_argument("--contacts", type=int, default=1_000_000)
    words.add_argument("--territories", type=int, default=500)
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench-territories")
    words.add_argument("--database", default="", help="a PostgreSQL address; SQLite in --data otherwise")
    words.add_argument("--only", default="", choices=("", "assign", "ask"))
    chosen = words.parse_args()
    app = create_app(
        env="test",
        data_dir=str(chosen.data),
        database_url=chosen.database,
        worker=False,
        secret_key="b" * 40,
        log_level="warning",
    )
    enable(app, "territories")
    with app.app_context():
        ctx = as_system("bench")
        models = import_module("plugins.territories.models")
        if not ctx.session.scalar(select(func.count(models.Place.id))):
            build(ctx, models, chosen.contacts, chosen.territories)
        told: dict[str, Any] = {"contacts": ctx.session.scalar(select(func.max(Contact.id)))}
        if chosen.only != "ask":
            told |= assign(ctx, models)
        if chosen.only != "assign":
            told |= ask(app, models)
    print(json.dumps(told, indent=1))


def build(ctx: Any, models: Any, contacts: int, territories: int) -> None:
    """Insert people in the cities of the world, more in greater ones, and drawn areas around cities."""
    gazetteer = import_module("plugins.territories.gazetteer")
    chance = random.Random(11)
    lines = [line.split("\t") for line in (gazetteer.DATA / "cities.tsv").read_text("utf-8").splitlines()]
    cities = [(float(c[4]), float(c[5]), int(c[6]), c[1]) for c in lines if c[2] == "C"]
    weights = [max(city[2], 1000) for city in cities]
    owners = [_owner(ctx, role, team) for role, team in TEAMS]
    for start in range(0, contacts, BATCH):
        ids = range(start + 1, min(start + BATCH, contacts) + 1)
        places = [
            _place(i, city, chance)
            for i, city in zip(ids, chance.choices(cities, weights, k=len(ids)), strict=True)
        ]
        with db.engine.begin() as connection:
            connection.execute(insert(Contact), [_person(i, owners[i % 2]) for i in ids])
            connection.execute(insert(models.Place), places)
    areas = [_area(n, city, chance) for n, city in enumerate(chance.choices(cities, weights, k=territories))]
    with db.engine.begin() as connection:
        connection.execute(insert(models.Territory), areas)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def _owner(ctx: Any, role: str, team: str) -> tuple[int, int]:
    team_id = teams.save(ctx, None, team, None)
    user = accounts.create_user(ctx, role.title(), f"{role}@bench.example", PASSWORD, (role,), team_id)
    return user, team_id


def _person(number: int, owner: tuple[int, int]) -> dict[str, Any]:
    return {
        **_base(),
        "id": number,
        "formatted_name": f"Person {number:07}",
        "given_name": "Person",
        "family_name": f"{number:07}",
        "name_key": f"person {number:07}",
        "owner_id": owner[0],
        "team_id": owner[1],
    }


def _place(number: int, city: tuple[float, float, int, str], chance: random.Random) -> dict[str, Any]:
    north = max(-89.9, min(89.9, city[0] + chance.gauss(0, 0.05)))
    east = max(-179.9, min(179.9, city[1] + chance.gauss(0, 0.08)))
    return {
        "contact_id": number,
        "state": "found",
        "latitude": north,
        "longitude": east,
        "metres": 3000,
        "exact": "street",
        "cell": import_module("plugins.territories.grid").cell(north, east),
        "seen": "bench",
        "country": city[3],
        "at": NOW,
    }


def _area(number: int, city: tuple[float, float, int, str], chance: random.Random) -> dict[str, Any]:
    shape = import_module("plugins.territories.geometry").written([[blob(city[0], city[1], chance)]])
    return {**_base(), "name": f"Territory {number:03}", "priority": number % 7, "shape": shape}


def _base() -> dict[str, Any]:
    return {"uid": new_uid(), "created_at": NOW, "updated_at": NOW, "source": "bench", "version": 1}


def blob(north: float, east: float, chance: random.Random) -> list[tuple[float, float]]:
    """Return an area with ragged borders around a place."""
    far = chance.uniform(0.5, 5)
    turns = [2 * pi * i / 120 for i in range(120)]
    reach = [far * chance.uniform(0.7, 1.3) for _ in turns]
    return [
        (max(-180.0, min(180.0, east + r * cos(t))), max(-85.0, min(85.0, north + r * sin(t) * 0.7)))
        for t, r in zip(turns, reach, strict=True)
    ]


def assign(ctx: Any, models: Any) -> dict[str, Any]:
    """Give everybody to their territories: from nothing, after one border moved, and without a change."""
    assigning, geometry, tiles = (
        import_module(f"plugins.territories.{name}") for name in ("assigning", "geometry", "tiles")
    )
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE territories_place SET territory_id = NULL, since = NULL"))
        connection.execute(text("DELETE FROM territories_former"))
    told: dict[str, Any] = {}
    with acting(ctx):
        told["first_s"], told["first_moved"] = timed(lambda: assigning.everything(ctx))
        one = ctx.session.get(models.Territory, 1)
        shape = geometry.read(one.shape)
        with ctx.unit():
            one = ctx.session.get(models.Territory, 1)
            one.shape = geometry.written([[[(x + 0.3, y) for x, y in ring] for ring in p] for p in shape])
        told["border_s"], told["border_moved"] = timed(lambda: assigning.everything(ctx))
        told["again_s"], told["again_moved"] = timed(lambda: assigning.everything(ctx))
        told["tiles_s"], _none = timed(lambda: tiles.rebuild(ctx))
        told["tiles"] = ctx.session.scalar(select(func.count(models.Tile.id)))
    return told


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds a call takes, and what it returns."""
    started = perf_counter()
    found = call()
    return round(perf_counter() - started, 1), found


def ask(app: Any, models: Any) -> dict[str, Any]:
    """Ask who is near and what maps show, for each role."""
    near, viewport, drawing = (
        import_module(f"plugins.territories.{n}") for n in ("near", "viewport", "drawing")
    )
    frames = {
        "world": drawing.WORLD,
        "europe": drawing.EUROPE,
        "germany": (5.9, 47.2, 15.1, 55.1),
        "berlin": (13.0, 52.3, 13.8, 52.7),
    }
    told: dict[str, Any] = {}
    for role in ("manager", "representative"):
        ctx = for_user(_user(role))
        with acting(ctx):
            told[f"{role}_near_ms"] = median(partial(near.nearest, ctx, "contact", BERLIN, 25))
            told[f"{role}_count_ms"] = median(partial(near.count, ctx, "contact", BERLIN, 25))
            told[f"{role}_near"] = len(near.nearest(ctx, "contact", BERLIN, 25))
            told[f"{role}_count"] = near.count(ctx, "contact", BERLIN, 25)
            for name, box in frames.items():
                frame = drawing.Frame.of(box)
                told[f"{role}_{name}_ms"] = median(partial(viewport.look, ctx, frame))
                told[f"{role}_{name}"] = viewport.look(ctx, frame).count
    return told


def median(call: Callable[[], Any], rounds: int = 15) -> float:
    """Return the median of some calls in milliseconds, after one that warms up."""
    call()
    times = []
    for _round in range(rounds):
        started = perf_counter()
        call()
        times.append((perf_counter() - started) * 1000)
    return round(statistics.median(times), 1)


def _user(role: str) -> int:
    query = select(User.id).where(User.email == f"{role}@bench.example")
    return int(as_system("bench").session.execute(query).scalar_one())


if __name__ == "__main__":
    main()
