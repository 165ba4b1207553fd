"""Where the house is, and how far from there places are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update

from app.sdk import Context
from app.sdk.services import plugin_settings, unit

from . import gazetteer, grid, progress
from .models import Place

PIECE = 20_000


def of(ctx: Context) -> tuple[float, float] | None:
    """Return where the settings say that we are, as latitude and longitude; None when they do not."""
    found = gazetteer.place(str(plugin_settings.of(ctx, "territories").get("home") or ""))
    return (found.latitude, found.longitude) if found is not None else None


def away(base: tuple[float, float] | None, place: Any) -> int | None:
    """Return how many kilometres a place is from home; None when one of the two is not known."""
    if base is None or place.latitude is None:
        return None
    return round(grid.km_between(base, (place.latitude, place.longitude)))


def measured(ctx: Context) -> None:
    """Measure all places anew where home has moved since the last time; each piece is a unit of its own."""
    base = of(ctx)
    told = f"{base[0]},{base[1]}" if base else ""
    if progress.note(ctx, "home") == told:
        return
    last = 0
    while rows := _rows(ctx, last):
        _write(ctx, [(row.id, away(base, row)) for row in rows if row.away != away(base, row)])
        last = rows[-1].id
    progress.keep(ctx, "home", note=told)


def _rows(ctx: Context, after: int) -> list[Any]:
    query = select(Place.id, Place.latitude, Place.longitude, Place.away).where(Place.id > after)
    return list(ctx.session.execute(query.order_by(Place.id).limit(PIECE)).all())


@unit
def _write(ctx: Context, changed: list[tuple[int, int | None]]) -> None:
    if changed:
        statement = update(Place).where(Place.id == bindparam("number")).values(away=bindparam("far"))
        ctx.session.connection().execute(statement, [{"number": n, "far": far} for n, far in changed])
