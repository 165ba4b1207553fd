"""The order of visits: the nearest one next, then improved until no part turned round or moved makes it shorter.

Up to 25 stops, with the hours in which somebody can be visited; distances as the crow flies, a little longer for roads.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .grid import km_between

MOST = 25
ROADS = 1.3
"""So much longer than the crow's flight a road is."""

LATE = 10_000.0
"""What a minute too late counts in kilometres: being late is worse than any detour."""

ALWAYS = 1_000_000
"""Closes at this minute: never."""

At = tuple[float, float]


@dataclass(frozen=True)
class Stop:
    """A visit: which record, where, how long, and between which minutes of the day it can be made."""

    entity: str
    record_id: int
    at: At
    minutes: int
    opens: int = 0
    closes: int = ALWAYS


@dataclass(frozen=True)
class Leg:
    """A stop of the route: kilometres from the one before, arrival in minutes of the day, waiting, and lateness."""

    stop: Stop
    km: float
    arrives: int
    waits: int
    late: int


@dataclass(frozen=True)
class Day:
    """How the day goes: when it starts, how fast one travels, and whether it ends where it began."""

    start: At
    begins: int = 9 * 60
    speed: int = 50
    back: bool = True


def legs(day: Day, stops: Sequence[Stop]) -> list[Leg]:
    """Return the route through stops in their order."""
    at, clock, found = day.start, float(day.begins), []
    for stop in stops:
        km = km_between(at, stop.at) * ROADS
        clock += km / day.speed * 60
        waits = max(0.0, stop.opens - clock)
        clock += waits
        found.append(Leg(stop, km, round(clock), round(waits), max(0, round(clock) - stop.closes)))
        clock, at = clock + stop.minutes, stop.at
    return found


def length(day: Day, stops: Sequence[Stop]) -> float:
    """Return the kilometres of a route, the way back included."""
    ways = [day.start, *(stop.at for stop in stops), *([day.start] if day.back else [])]
    return sum(km_between(a, b) for a, b in itertools.pairwise(ways)) * ROADS


def _cost(day: Day, stops: Sequence[Stop]) -> float:
    waits = sum(leg.waits for leg in legs(day, stops)) / 60 * day.speed / 10
    return length(day, stops) + waits + LATE * sum(leg.late for leg in legs(day, stops))


def ordered(day: Day, stops: Sequence[Stop]) -> list[Stop]:
    """Return stops in a good order."""
    left, route, at = list(stops[:MOST]), [], day.start
    while left:
        near = min(left, key=lambda stop: km_between(at, stop.at))
        left.remove(near)
        route.append(near)
        at = near.at
    return _improved(day, route)


def _improved(day: Day, route: list[Stop]) -> list[Stop]:
    best, cost, better = route, _cost(day, route), True
    while better:
        better = False
        for tried in _neighbours(best):
            asked = _cost(day, tried)
            if asked < cost - 1e-9:
                best, cost, better = tried, asked, True
                break
    return best


def _neighbours(route: list[Stop]) -> list[list[Stop]]:
    """Return the routes with one part turned round, or one stop moved elsewhere."""
    count = len(route)
    turned = [
        route[:i] + route[i : j + 1][::-1] + route[j + 1 :] for i in range(count) for j in range(i + 1, count)
    ]
    moved = []
    for i in range(count):
        rest = route[:i] + route[i + 1 :]
        moved += [[*rest[:j], route[i], *rest[j:]] for j in range(count) if j != i]
    return turned + moved


def hours(stop: Stop, text: str) -> Stop:
    """Return a stop with its hours, written like "9-12:30". Raises ValueError for what is none."""
    if not text.strip():
        return stop
    first, mark, last = text.replace("–", "-").partition("-")
    opens, closes = _minute(first), _minute(last) if mark else 24 * 60
    if opens >= closes:
        raise ValueError(text)
    return replace(stop, opens=opens, closes=closes)


def _minute(text: str) -> int:
    hour, _mark, minute = text.strip().partition(":")
    found = int(hour) * 60 + int(minute or 0)
    if not 0 <= found <= 24 * 60:
        raise ValueError(text)
    return found


def clock(minute: int) -> str:
    """Return a minute of the day as 09:05; with +1 it is that of the next day."""
    days = minute // (24 * 60)
    return f"{minute // 60 % 24:02}:{minute % 60:02}" + (f" +{days}" if days else "")
