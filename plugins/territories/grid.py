"""Squares of the earth as numbers: the bits of longitude and latitude in turn (a Z-order curve), 15 of each.

What is near one another mostly has numbers near one another, so that an index over the number finds what is in a
rectangle by a few ranges, on any database; and a number divided by four is the square around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import asin, cos, degrees, pi, radians, sin, sqrt

LEVEL = 15
COARSE = 8
"""The level of the squares in which the map counts where it shows a country or more."""

EARTH_KM = 6371.0088
ENOUGH = 24
"""So many ranges cover a rectangle well enough."""

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

Range = tuple[int, int]


def _spread(value: int) -> int:
    value = (value | value << 8) & 0x00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F
    value = (value | value << 2) & 0x33333333
    return (value | value << 1) & 0x55555555


SPREAD = [_spread(number) for number in range(1 << LEVEL)]


def cell(latitude: float, longitude: float) -> int:
    """Return the square that holds a point."""
    side = 1 << LEVEL
    x = min(int((longitude + 180) / 360 * side), side - 1)
    y = min(int((latitude + 90) / 180 * side), side - 1)
    return SPREAD[max(x, 0)] | SPREAD[max(y, 0)] << 1


def up(level: int) -> int:
    """Return by what a cell is divided to be the square of a coarser level around it."""
    return int(4 ** (LEVEL - level))


def box_of(square: int, level: int) -> Box:
    """Return the sides of a square of a level."""
    x = y = 0
    for bit in range(level):
        x |= (square >> 2 * bit & 1) << bit
        y |= (square >> 2 * bit + 1 & 1) << bit
    wide, high = 360 / (1 << level), 180 / (1 << level)
    return x * wide - 180, y * high - 90, (x + 1) * wide - 180, (y + 1) * high - 90


def ranges(box: Box) -> list[Range]:
    """Return the ranges of cells, both ends included, that cover a rectangle; a little more than it, never less.

    A rectangle across the date line has a west beyond its east.
    """
    west, south, east, north = box
    if west > east:
        return sorted(ranges((west, south, 180.0, north)) + ranges((-180.0, south, east, north)))
    found: list[Range] = []
    todo = [(0, 0)]
    while todo:
        level, square = todo.pop(0)
        size = up(level)
        sides = box_of(square, level)
        if sides[0] > east or sides[2] < west or sides[1] > north or sides[3] < south:
            continue
        inside = sides[0] >= west and sides[2] <= east and sides[1] >= south and sides[3] <= north
        if inside or level == LEVEL or len(todo) + len(found) >= ENOUGH:
            found.append((square * size, (square + 1) * size - 1))
        else:
            todo += [(level + 1, square * 4 + part) for part in range(4)]
    return list(_merged(sorted(found)))


def _merged(found: list[Range]) -> Iterator[Range]:
    first, last = found[0] if found else (0, -1)
    for low, high in found[1:]:
        if low > last + 1:
            yield first, last
            first = low
        last = high
    if found:
        yield first, last


def around(latitude: float, longitude: float, km: float) -> Box:
    """Return the rectangle around a circle."""
    high = degrees(km / EARTH_KM)
    if abs(latitude) + high >= 89.9:
        return -180.0, max(latitude - high, -90.0), 180.0, min(latitude + high, 90.0)
    wide = (
        degrees(asin(min(sin(km / EARTH_KM) / cos(radians(latitude)), 1.0)))
        if km < EARTH_KM * pi / 2
        else 180
    )
    if wide >= 179:
        return -180.0, latitude - high, 180.0, latitude + high
    west, east = longitude - wide, longitude + wide
    return (
        west + 360 if west < -180 else west,
        latitude - high,
        east - 360 if east > 180 else east,
        latitude + high,
    )


def km_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance between two points (latitude, longitude) on the sphere, in kilometres."""
    up_, across = radians(b[0] - a[0]) / 2, radians(b[1] - a[1]) / 2
    part = sin(up_) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(across) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(part)))
