"""Who is near a place: the nearest records, and how many there are within some kilometres."""

from __future__ import annotations

from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.sdk import Context

from . import grid, placing
from .models import Place

FIRST_KM = 1.0
WIDER = 4.0
EXTRA = 4
"""So many times what is wanted is looked at first: some of it may be out of sight."""

LOOKED_AT = 20_000
CAP = 1000
DEGREE_KM = 111.195

At = tuple[float, float]


def cells(box: grid.Box) -> ColumnElement[bool]:
    """Return the condition that a place is in one of the squares that cover a rectangle."""
    return or_(*(and_(Place.cell >= low, Place.cell <= high) for low, high in grid.ranges(box)))


def _degrees(at: At) -> Any:
    """Return the square of the distance in degrees of latitude: exact enough to put neighbours in order."""
    up = Place.latitude - at[0]
    apart = func.abs(Place.longitude - at[1])
    across = case((apart > 180, 360 - apart), else_=apart) * cos(radians(at[0]))
    return up * up + across * across


def nearest(ctx: Context, entity: str, at: At, km: float, limit: int = 50) -> list[tuple[int, float]]:
    """Return up to `limit` records within some kilometres as (id, kilometres), the nearest first."""
    reach, wanted = min(FIRST_KM, km), limit * EXTRA
    while True:
        found, full = _within(ctx, entity, at, reach, wanted)
        if len(found) >= limit or (reach >= km and not full):
            return found[:limit]
        if full and wanted < LOOKED_AT:
            wanted *= 10
        elif reach < km:
            reach = min(reach * WIDER, km)
        else:
            return found[:limit]


def _within(ctx: Context, entity: str, at: At, km: float, most: int) -> tuple[list[tuple[int, float]], bool]:
    whose, model = placing.column(entity), placing.MODELS[entity]
    far = _degrees(at).label("far")
    inner = select(whose.label("record"), Place.latitude, Place.longitude, far).where(
        whose.is_not(None), cells(grid.around(*at, km)), _degrees(at) <= (km / DEGREE_KM) ** 2 * 1.02
    )
    some = inner.order_by(far, whose).limit(most).subquery()
    query = select(model.id, some.c.latitude, some.c.longitude)
    query = query.join(some, some.c.record == model.id).order_by(some.c.far, model.id).limit(most)
    rows = ctx.session.execute(query).all()
    found = [(row[0], grid.km_between(at, (row[1], row[2]))) for row in rows]
    kept = sorted((pair for pair in found if pair[1] <= km), key=lambda pair: (pair[1], pair[0]))
    return kept, _full(ctx, inner, most, len(rows))


def _full(ctx: Context, inner: Any, most: int, seen: int) -> bool:
    """Tell whether there were more places than were looked at."""
    if seen >= most:
        return True
    looked = select(func.count()).select_from(inner.with_only_columns(Place.id).limit(most).subquery())
    return (ctx.session.execute(looked).scalar() or 0) >= most


def count(ctx: Context, entity: str, at: At, km: float, cap: int = CAP) -> int:
    """Return how many records there are within some kilometres; `cap` + 1 stands for more."""
    whose, model = placing.column(entity), placing.MODELS[entity]
    within = cells(grid.around(*at, km)) & (_degrees(at) <= (km / DEGREE_KM) ** 2)
    some = select(model.id).join(Place, whose == model.id).where(within).limit(cap + 1).subquery()
    return ctx.session.execute(select(func.count()).select_from(some)).scalar() or 0
