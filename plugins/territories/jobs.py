"""The work of territories in the background."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.sdk import Context, Job, _l
from app.sdk.services import enqueue

from . import assigning, geocoding, handing_on, home, placing, progress, tiles

AGAIN = timedelta(minutes=1)
ROUNDS = 40
"""So many pieces of records are looked up in one go, then others have their turn."""


def locate(ctx: Context, args: Mapping[str, Any]) -> None:
    """Look up some records, or those that never were, and give them to their territories."""
    if "entity" in args:
        entity, ids = str(args["entity"]), [int(i) for i in args["ids"]]
        try:
            written = placing.locate(ctx, entity, ids)
        except geocoding.Later:
            enqueue(ctx, placing.JOB, dict(args), run_at=ctx.now + AGAIN, user_id=None)
            written = ids
        if written:
            assigning.some(ctx, entity, written)
            enqueue(
                ctx, "territories.tiles", {}, key="territories.tiles", run_at=ctx.now + AGAIN, user_id=None
            )
        return
    for entity in placing.WHOSE:
        _rest(ctx, entity)


def _rest(ctx: Context, entity: str) -> None:
    for _round in range(ROUNDS):
        ids = placing.waiting(ctx, entity, placing.PIECE)
        if not ids:
            return
        try:
            written = placing.locate(ctx, entity, ids)
        except geocoding.Later:
            return
        if written:
            assigning.some(ctx, entity, written)
        progress.keep(ctx, f"locate:{entity}", ids[-1])
    enqueue(ctx, placing.JOB, {}, key=placing.JOB, user_id=None)
    enqueue(ctx, "territories.tiles", {}, key="territories.tiles", run_at=ctx.now + AGAIN, user_id=None)


def assign(ctx: Context, args: Mapping[str, Any]) -> None:
    """Give some records, or all, to their territories, and then to whom these belong."""
    if "entity" in args:
        assigning.some(ctx, str(args["entity"]), [int(i) for i in args["ids"]])
    else:
        home.measured(ctx)
        assigning.everything(ctx)
        tiles.rebuild(ctx)
    enqueue(ctx, assigning.HAND_ON, {}, key=assigning.HAND_ON, user_id=None)


def count(ctx: Context, args: Mapping[str, Any]) -> None:
    """Count the tiles of the map anew."""
    tiles.rebuild(ctx)


ALL = (
    Job(name="locate", label=_l("Look up addresses"), run=locate, schedule="every 15m", timeout=900),
    Job(
        name="assign",
        label=_l("Give records to territories"),
        run=assign,
        schedule="daily 00:20",
        timeout=3600,
    ),
    Job(
        name="hand_on",
        label=_l("Give records to the owners of territories"),
        run=handing_on.run,
        timeout=3600,
    ),
    Job(name="tiles", label=_l("Count for the map"), run=count, schedule="daily 03:40", timeout=900),
)
