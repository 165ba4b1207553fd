"""What the map shows of a part of the world: records one by one, or so many of them together; counted in the database."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, sqrt
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.sdk import Context
from app.sdk.models import Contact

from . import grid, near, tiles
from .drawing import Frame
from .models import Place, Tile

SQUARES = 9
"""So many squares beside one another a picture is parted into."""

WIDE = 3
"""From so many large squares in its width on, a picture is counted from tiles."""

MOST = 6000
"""So many places are counted one by one in a narrower picture."""


@dataclass(frozen=True)
class Cluster:
    """Records that stand together in the picture: how many, where, the one if it is one, and what a tap shows."""

    count: int
    x: float
    y: float
    radius: float
    record_id: int | None
    nearer: str


@dataclass(frozen=True)
class Seen:
    """The clusters of a picture, how many records they are, and whether these are all."""

    clusters: list[Cluster]
    count: int
    whole: bool


def look(ctx: Context, frame: Frame) -> Seen:
    """Return what a frame shows of the contacts that the principal may see."""
    box = frame.box
    degrees = box[2] - box[0]
    level = max(1, min(grid.LEVEL, round(log2(360 * SQUARES / max(degrees, 0.01)))))
    which = tiles.seen(ctx) if degrees > WIDE * 360 / 2**grid.COARSE else None
    if which is not None:
        rows = _of_tiles(ctx, box, min(level, grid.COARSE), which)
        whole = True
    else:
        rows = _of_places(ctx, box, level)
        whole = sum(row[0] for row in rows) <= MOST
    clusters = [_cluster(frame, *row) for row in rows]
    return Seen(sorted(clusters, key=lambda c: -c.count), sum(row[0] for row in rows), whole)


def _of_tiles(ctx: Context, box: grid.Box, level: int, which: Any) -> list[tuple[Any, ...]]:
    size = 4 ** (grid.COARSE - level)
    large = grid.up(grid.COARSE)
    within = or_(*(and_(Tile.square >= a // large, Tile.square <= b // large) for a, b in grid.ranges(box)))
    square = Tile.square // size
    n = func.sum(Tile.contacts)
    query = select(n, func.sum(Tile.north) / n, func.sum(Tile.east) / n).where(
        within, which, Tile.square >= 0
    )
    return [(int(row[0]), row[1], row[2], None) for row in ctx.session.execute(query.group_by(square))]


def _of_places(ctx: Context, box: grid.Box, level: int) -> list[tuple[Any, ...]]:
    west, south, east, north = box
    some = (
        select(Place.cell, Place.latitude, Place.longitude, Contact.id.label("record"))
        .join(Contact, Contact.id == Place.contact_id)
        .where(near.cells(box), Place.latitude.between(south, north), Place.longitude.between(west, east))
        .limit(MOST + 1)
        .subquery()
    )
    square = some.c.cell // grid.up(level)
    query = select(
        func.count(), func.avg(some.c.latitude), func.avg(some.c.longitude), func.min(some.c.record)
    )
    return [(int(row[0]), row[1], row[2], row[3]) for row in ctx.session.execute(query.group_by(square))]


def _cluster(frame: Frame, count: int, latitude: float, longitude: float, record: int | None) -> Cluster:
    x, y = frame.point(latitude, longitude)
    nearer = Frame.of((longitude, latitude, longitude, latitude), frame.wide, frame.high)
    nearer = Frame(longitude, nearer.middle, min(frame.scale * 3, 200_000), frame.wide, frame.high)
    radius = round(min(34.0, 12 + 2.2 * sqrt(sqrt(count)) * 1.4), 1) if count > 1 else 9
    return Cluster(count, x, y, radius, record if count == 1 else None, nearer.said())
