"""How fairly work is spread over territories: customers, potential and visits of each, and what to move to make it fairer."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean, pstdev

from sqlalchemy import func, select

from app.sdk import Context
from app.sdk.services import people

from . import figures
from .matching import every
from .models import Place

MEASURES = ("contacts", "customers", "open", "visits")
FAIR = 0.15
"""So far from the mean a territory may be and count as fair."""

UNITS = 2000
STEPS = 12


@dataclass(frozen=True)
class Load:
    """A territory with its figures; `share` is its contacts in relation to the mean, 1 where it is just so."""

    id: int
    name: str
    owner: str
    values: dict[str, str]
    share: float


@dataclass(frozen=True)
class Proposal:
    """Postal areas that would better go from one territory to another, and how many contacts they have."""

    before: str
    after: str
    country: str
    code: str
    count: int


@dataclass(frozen=True)
class Balance:
    """The territories, how unequal they are (0: all alike), and what would make it fairer."""

    loads: list[Load]
    measures: list[tuple[str, str]]
    spread: float
    after: float
    proposals: list[Proposal]


def of(ctx: Context) -> Balance:
    """Compare the territories that have records and no territories below them."""
    known = [one for one in every(ctx) if not one.marks]
    parents = {one.parent_id for one in known}
    leaves = [one for one in known if one.id not in parents]
    measures = [(name, label) for name, label in figures.measures(ctx) if name in MEASURES]
    found = {name: figures.of(ctx, name, "territory_id") for name, _label in measures}
    counts = {one.id: int(found["contacts"].values.get(one.id, 0)) for one in leaves}
    middle = mean(counts.values()) if counts else 0
    owners = people.user_names(ctx, {one.owner_id for one in leaves if one.owner_id})
    loads = [
        Load(
            id=one.id,
            name=one.name,
            owner=owners.get(one.owner_id or 0, ""),
            values={name: found[name].told(one.id) for name, _label in measures},
            share=counts[one.id] / middle if middle else 0,
        )
        for one in leaves
    ]
    names = {one.id: one.name for one in leaves}
    proposals, after = _fairer(ctx, counts, names)
    return Balance(
        sorted(loads, key=lambda load: -load.share),
        measures,
        unequal(list(counts.values())),
        after,
        proposals,
    )


def unequal(counts: list[int]) -> float:
    """Return how unequal some counts are: their deviation in relation to their mean."""
    return pstdev(counts) / mean(counts) if counts and mean(counts) else 0.0


def _fairer(ctx: Context, counts: dict[int, int], names: dict[int, str]) -> tuple[list[Proposal], float]:
    """Return the postal areas that move from the fullest to an emptier neighbour, one after the other."""
    if len(counts) < 2 or not sum(counts.values()):
        return [], unequal(list(counts.values()))
    units = _units(ctx, list(counts))
    middles = {number: _middle(units, number) for number in counts}
    now, found = dict(counts), []
    moved: set[Unit] = set()
    for _step in range(STEPS):
        best = _best(units, middles, now, moved)
        if best is None:
            break
        unit, to = best
        moved.add(unit)
        now[unit[0]] -= units[unit][0]
        now[to] += units[unit][0]
        found.append(Proposal(names[unit[0]], names[to], unit[1], unit[2].upper(), units[unit][0]))
    return found, unequal(list(now.values()))


Unit = tuple[int, str, str]
"""Territory, country and the first digits of the postal code."""


def _units(ctx: Context, ids: list[int]) -> dict[Unit, tuple[int, float, float]]:
    code = func.substr(Place.postal_code, 1, 2).label("code")
    query = (
        select(
            Place.territory_id,
            Place.country,
            code,
            func.count(),
            func.avg(Place.latitude),
            func.avg(Place.longitude),
        )
        .where(
            Place.territory_id.in_(ids),
            Place.contact_id.is_not(None),
            Place.postal_code != "",
            Place.cell >= 0,
        )
        .group_by(Place.territory_id, Place.country, code)
        .order_by(func.count().desc(), Place.territory_id, Place.country, code)
        .limit(UNITS)
    )
    return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in ctx.session.execute(query)}


def _middle(units: dict[Unit, tuple[int, float, float]], number: int) -> tuple[float, float] | None:
    own = [value for unit, value in units.items() if unit[0] == number]
    total = sum(count for count, _north, _east in own)
    if not total:
        return None
    return sum(c * n for c, n, _e in own) / total, sum(c * e for c, _n, e in own) / total


def _best(
    units: dict[Unit, tuple[int, float, float]],
    middles: dict[int, tuple[float, float] | None],
    now: dict[int, int],
    moved: set[Unit],
) -> tuple[Unit, int] | None:
    """Return the area whose move makes the counts most alike, to the nearest territory that has room."""
    middle = mean(now.values())
    best: tuple[float, Unit, int] | None = None
    for unit, (count, north, east) in units.items():
        if unit in moved or now[unit[0]] <= middle * (1 + FAIR):
            continue
        room = [n for n, m in middles.items() if m and n != unit[0] and now[n] + count < now[unit[0]]]
        if not room:
            continue
        to = min(room, key=lambda n: _apart(middles[n], north, east))
        gain = (now[unit[0]] - now[to] - count) * count
        if gain > 0 and (best is None or gain > best[0]):
            best = gain, unit, to
    return (best[1], best[2]) if best else None


def _apart(middle: tuple[float, float] | None, north: float, east: float) -> float:
    return abs(middle[0] - north) + abs(middle[1] - east) if middle else 1e9
