"""Times the score of many leads: `python -m bench.leads --leads 100000`. Memory is that of the whole process."""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select

from app import create_app
from app.models import Contact, Interaction, InteractionLink, new_uid
from app.services.context import acting, as_system
from app.testing.plugins import enable

BATCH = 5000
CHANNELS = ("Website", "Fair", "Recommendation", "Advertisement")


def main() -> None:
    """Build leads if there are none, then score all of them twice: from nothing, and again without a change."""
    words = argparse.ArgumentParser(prog="python -m bench.leads", description=__doc__)
    words.add_argument("--leads", type=int, default=100_000)
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench-leads")
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
    enable(app, "sales")
    with app.app_context():
        ctx = as_system("bench")
        with acting(ctx):
            models = import_module("plugins.sales.leads.models")
            scoring = import_module("plugins.sales.leads.scoring")
            if not ctx.session.scalar(select(func.count(models.Lead.id))):
                build(ctx, models.Lead, chosen.leads)
            before, times = memory(), []
            for _round in range(2):
                started = perf_counter()
                scoring.refresh_all(ctx, {})
                times.append(round(perf_counter() - started, 1))
            counted = select(models.Lead.grade, func.count(models.Lead.id)).group_by(models.Lead.grade)
            grades = {row[0]: row[1] for row in ctx.session.execute(counted)}
            rules = len(scoring.rules(ctx))
    told = {"leads": sum(grades.values()), "rules": rules, "seconds": times, "grades": grades}
    print(json.dumps({**told, "memory_mb": memory(), "memory_mb_before": before}, indent=1))


def memory() -> int:
    """Return the most memory that the process has used, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def build(ctx: Any, lead: Any, count: int) -> None:
    """Make contacts, an interaction with every second of them, and a lead about each."""
    for start in range(0, count, BATCH):
        numbers = range(start + 1, min(start + BATCH, count) + 1)
        with ctx.unit():
            shared = {"created_at": ctx.now, "updated_at": ctx.now, "source": "bench", "version": 1}
            put(ctx, Contact, [{**shared, "id": n, "formatted_name": f"Person {n}"} for n in numbers])
            put(ctx, lead, [{**shared, **values(ctx, n)} for n in numbers])
            talks = [n for n in numbers if n % 2]
            when = {n: ctx.now - timedelta(days=n % 90) for n in talks}
            put(
                ctx,
                Interaction,
                [
                    {**shared, "id": n, "kind": "call", "outcome": "connected", "occurred_at": when[n]}
                    for n in talks
                ],
            )
            put(
                ctx,
                InteractionLink,
                [
                    {
                        "interaction_id": n,
                        "entity": "contact",
                        "record_id": n,
                        "role": "participant",
                        "kind": "call",
                        "occurred_at": when[n],
                    }
                    for n in talks
                ],
            )


def put(ctx: Any, model: Any, rows: list[dict[str, Any]]) -> None:
    """Store many rows at once; columns that are not given take their defaults."""
    if rows:
        ctx.session.execute(
            insert(model), [{"uid": new_uid(), **row} if "source" in row else row for row in rows]
        )


def values(ctx: Any, n: int) -> dict[str, Any]:
    """Return a lead's columns."""
    return {
        "id": n,
        "contact_id": n,
        "name": f"Person {n}",
        "channel": CHANNELS[n % len(CHANNELS)],
        "message": "Please call" if n % 3 else "",
        "created_at": ctx.now - timedelta(days=n % 120),
    }


if __name__ == "__main__":
    main()
