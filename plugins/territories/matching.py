"""Which territories hold a place: all of them made ready once, then asked for as many places as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from app.sdk import Context

from . import borders, geometry, grid
from .borders import Borders, Circle, Unclear
from .geometry import Area, Misdrawn
from .models import Territory

MOST = 5000
"""So many territories are taken into account."""

REMEMBERED = 50_000
"""The answers for so many different places are kept while many are asked for: people of a town share one."""

Test = Callable[[float, float], bool]


class Row(NamedTuple):
    """What is known of the place of a record, and what it belongs to now."""

    id: int
    record_id: int
    latitude: float | None
    longitude: float | None
    cell: int
    country: str
    region: str
    postal_code: str
    named_id: int | None
    territory_id: int | None


@dataclass(frozen=True)
class Ready:
    """A territory made ready to be asked."""

    id: int
    name: str
    parent_id: int | None
    priority: int
    depth: int
    borders: Borders
    area: Area | None
    condition: str
    marks: bool

    @property
    def everywhere(self) -> bool:
        """Tell whether no border limits it, but its condition alone."""
        return self.borders.empty and self.area is None and bool(self.condition)

    def tests(self) -> Iterable[tuple[grid.Box, Test]]:
        """Yield the rectangles in which points of it may lie, each with the exact question."""
        if self.area is not None:
            yield self.area.box, self.area.holds
        for circle in self.borders.circles:
            yield grid.around(circle.latitude, circle.longitude, circle.km), within(circle)


def within(circle: Circle) -> Test:
    """Return the question whether a point is in a circle."""
    middle = circle.latitude, circle.longitude
    return lambda latitude, longitude: grid.km_between(middle, (latitude, longitude)) <= circle.km


def ready(ctx: Context, territory: Territory, depth: int = 0) -> Ready:
    """Return a territory made ready. Raises Unclear or Misdrawn when it says something that cannot be understood."""
    shape = geometry.read(territory.shape) if territory.shape else ()
    return Ready(
        id=territory.id,
        name=territory.name,
        parent_id=territory.parent_id,
        priority=territory.priority,
        depth=depth,
        borders=borders.read(territory.borders),
        area=Area(shape) if shape else None,
        condition=territory.condition.strip(),
        marks=territory.marks,
    )


def valid(territory: Territory, day: date) -> bool:
    """Tell whether a territory is in force on a day."""
    on = day.isoformat()
    return (not territory.valid_from or territory.valid_from <= on) and (
        not territory.valid_until or on <= territory.valid_until
    )


def every(ctx: Context) -> list[Territory]:
    """Return the territories that the principal may see, by name."""
    query = select(Territory).order_by(Territory.name, Territory.id).limit(MOST)
    return list(ctx.session.execute(query).scalars())


def depths(territories: Iterable[Territory]) -> dict[int, int]:
    """Return how deep each territory is in the tree; the topmost are at 0."""
    parents = {one.id: one.parent_id for one in territories}
    return {number: len(above(parents, number)) for number in parents}


def above(parents: Mapping[int, int | None], number: int) -> list[int]:
    """Return the territories above one, the nearest first; a ring ends where it began."""
    found: list[int] = []
    at = parents.get(number)
    while at is not None and at in parents and at not in found and at != number:
        found.append(at)
        at = parents[at]
    return found


class Territories:
    """All territories that are in force, ready to be asked."""

    def __init__(self, found: Iterable[Ready]) -> None:
        self.all = sorted(found, key=lambda one: (-one.priority, -one.depth, one.id))
        self.by_id = {one.id: one for one in self.all}
        self.conditional = [i for i, one in enumerate(self.all) if one.condition]
        self._countries: dict[str, list[int]] = {}
        self._regions: dict[tuple[str, str], list[int]] = {}
        self._codes: dict[str, list[tuple[Any, int]]] = {}
        self._squares: dict[int, list[tuple[int, Test]]] = {}
        self._everywhere = [i for i, one in enumerate(self.all) if one.everywhere]
        self._known: dict[tuple[Any, ...], tuple[int, ...]] = {}
        self._by_code: dict[tuple[str, str], tuple[int, ...]] = {}
        for number, one in enumerate(self.all):
            self._take(number, one)

    def _take(self, number: int, one: Ready) -> None:
        for country in one.borders.countries:
            self._countries.setdefault(country, []).append(number)
        for region in one.borders.regions:
            self._regions.setdefault(region, []).append(number)
        for codes in one.borders.codes:
            self._codes.setdefault(codes.country, []).append((codes, number))
        for box, test in one.tests():
            for low, high in grid.ranges(box):
                size = grid.up(grid.COARSE)
                for square in range(low // size, high // size + 1):
                    here = self._squares.setdefault(square, [])
                    if (number, test) not in here:
                        here.append((number, test))

    def holding(self, row: Row) -> tuple[int, ...]:
        """Return the positions in `all` of the territories whose borders hold a place, the strongest first."""
        key = row.latitude, row.longitude, row.country, row.region, row.postal_code
        if (found := self._known.get(key)) is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._holding(row)
        return found

    def _holding(self, row: Row) -> tuple[int, ...]:
        found = set(self._everywhere)
        found.update(self._countries.get(row.country, ()))
        if row.region:
            found.update(self._regions.get((row.country, row.region), ()))
        if row.postal_code and row.country in self._codes:
            found.update(self._coded(row.country, row.postal_code))
        if row.latitude is not None and row.longitude is not None:
            for number, test in self._squares.get(row.cell // grid.up(grid.COARSE), ()):
                if number not in found and test(row.latitude, row.longitude):
                    found.add(number)
        return tuple(sorted(found))

    def _coded(self, country: str, code: str) -> tuple[int, ...]:
        known = self._by_code.get((country, code))
        if known is None:
            known = tuple(number for codes, number in self._codes[country] if codes.holds(country, code))
            self._by_code[country, code] = known
        return known

    def decide(
        self, rows: Sequence[Row], holds: Callable[[Ready, Sequence[int]], set[int]]
    ) -> list[tuple[int | None, tuple[int, ...]]]:
        """Return for each row the territory that has it, and those that mark it.

        `holds` (territory, record ids) -> those ids for which the territory's condition is true.
        """
        found = [self.holding(row) for row in rows]
        true: dict[int, set[int]] = {}
        for number in self.conditional:
            asked = [row.record_id for row, some in zip(rows, found, strict=True) if number in some]
            true[number] = holds(self.all[number], asked) if asked else set()
        return [self._decided(row, some, true) for row, some in zip(rows, found, strict=True)]

    def _decided(
        self, row: Row, some: tuple[int, ...], true: Mapping[int, set[int]]
    ) -> tuple[int | None, tuple[int, ...]]:
        winner = row.named_id if row.named_id in self.by_id else None
        marks: list[int] = []
        for number in some:
            one = self.all[number]
            if one.condition and row.record_id not in true[number]:
                continue
            if one.marks:
                marks.append(one.id)
            elif winner is None:
                winner = one.id
        return winner, tuple(marks)


def in_force(ctx: Context, *, instead: Territory | None = None, without: int = 0) -> Territories:
    """Return all territories that are in force today; `instead` stands for the stored one of its id (0: a new one).

    One that cannot be understood any more is left out and logged: the others go on.
    """
    day = ctx.now.astimezone(ctx.zone).date()
    stored = [one for one in every(ctx) if one.id != without and (instead is None or one.id != instead.id)]
    everyone = stored + ([instead] if instead is not None else [])
    deep = depths(everyone)
    found = []
    for one in everyone:
        if valid(one, day):
            try:
                found.append(ready(ctx, one, deep[one.id]))
            except (Unclear, Misdrawn) as error:
                ctx.log.warning("territory %s is left out: %s", one.id, error)
    return Territories(found)
