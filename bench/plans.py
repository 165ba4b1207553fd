"""Shows how lists are filtered and sorted by added fields: time, plan, and whether a table is read from end to end.

`python -m bench.plans` on the data of `python -m bench.api`; it ends with 1 when a plan walks through a whole table, or
sorts what should stand in order.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from flask import Flask

from app import create_app
from app.cli import booted
from app.extensions import db
from app.services import api_reading, context
from app.services.api_reading import Asked
from app.services.context import acting, as_system
from bench import floor

FILTERS = (
    "x_region = region_1",
    "x_points = 17",
    "x_points >= 995",
    "x_points >= 900",
    "x_since >= 2024-12-01",
    'x_code = "Code 17"',
    "x_region = region_1 and x_points >= 900",
    'x_region = region_1 and x_code = "Code 17"',
)
SORTS = ("x_region", "-x_points", "x_since", "-x_code")
WHOLE = re.compile(r"SCAN (contact|custom_value)(_\d+)?$|Seq Scan on (contact|custom_value)\b", re.MULTILINE)
SORTED = re.compile(r"TEMP B-TREE FOR ORDER BY|^\s*(->)?\s*(Incremental )?Sort\b", re.MULTILINE)


def main() -> int:
    """Ask every list and print how it was read."""
    words = argparse.ArgumentParser(prog="python -m bench.plans", description=__doc__)
    words.add_argument("--rounds", type=int, default=7)
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench-api")
    words.add_argument("--database", default="", help="a PostgreSQL address; SQLite in --data otherwise")
    chosen = words.parse_args()
    app = create_app(
        env="test",
        data_dir=str(chosen.data),
        database_url=chosen.database,
        worker=False,
        secret_key="b" * 40,
        log_level="warning",
    )
    booted.warm()
    cases = [(f"filter {where}", Asked(where=where, sort="name", only=("name",))) for where in FILTERS]
    cases += [(f"sort {sort}", Asked(sort=sort, only=("name",))) for sort in SORTS]
    wrong = [name for name, asked in cases if not shown(app, name, asked, chosen.rounds)]
    print("\n".join(["", "No index for:", *wrong]) if wrong else "\nEvery list is read by an index.")
    return 1 if wrong else 0


def shown(app: Flask, name: str, asked: Asked, rounds: int) -> bool:
    """Print a list's time and plans; return whether they use an index."""
    with app.app_context():
        ctx = as_system("bench")
        with acting(ctx):
            page(ctx, asked)
            times = [page(ctx, asked) for _ in range(rounds)]
            with floor.recording(app) as made:
                page(ctx, asked)
            plans = [plan(ctx, *sent) for sent in made.statements if "custom_value" in sent[0]]
        db.session.remove()
    print(f"\n== {name}: {statistics.median(times):.1f} ms, {len(made.statements)} statements")
    print("\n--\n".join(plans))
    return not any(WHOLE.search(text) for text in plans) and not (
        name.startswith("sort") and any(SORTED.search(text) for text in plans)
    )


def page(ctx: Any, asked: Asked) -> float:
    """Ask for a page and return how many milliseconds it took."""
    begun = perf_counter()
    api_reading.page(ctx, "contact", asked)
    return (perf_counter() - begun) * 1000


def plan(ctx: context.HouseContext, statement: str, values: Any) -> str:
    """Return the plan of a statement as the database tells it."""
    connection = ctx.session.connection()
    lite = connection.dialect.name == "sqlite"
    told = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if lite else ''}{statement}", values).all()
    return "\n".join(str(row[3] if lite else row[0]) for row in told)


if __name__ == "__main__":
    sys.exit(main())
