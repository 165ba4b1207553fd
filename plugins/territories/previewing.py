"""What would change if borders were as somebody writes them: how many records move, from where to where, and some names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select

from app.sdk import Context, _
from app.sdk.services import people

from . import assigning, grid, placing
from .assigning import COLUMNS
from .matching import Row, Territories, above, in_force
from .models import Place, Territory

MOST = 20_000
NAMES = 5


@dataclass(frozen=True)
class Move:
    """Records that would go from one territory to another."""

    before: str
    after: str
    count: int


@dataclass(frozen=True)
class Preview:
    """What would change: moves, some of the records by name, and whether all records were looked at."""

    moves: list[Move] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    count: int = 0
    whole: bool = True


def of(ctx: Context, draft: Territory, *, without: bool = False) -> Preview:
    """Return what a changed, new or (with `without`) removed territory would do to contacts and companies.

    Only records that it has now or would hold are looked at, at most so many of each kind.
    """
    ready = in_force(ctx, without=draft.id) if without else in_force(ctx, instead=draft)
    moves: Counter[tuple[int | None, int | None]] = Counter()
    some: list[tuple[str, int]] = []
    whole = True
    for entity in placing.WHOSE:
        rows = _concerned(ctx, entity, draft, ready)
        whole = whole and len(rows) <= MOST
        decided = ready.decide(rows, assigning.condition(ctx, entity))
        for row, (winner, _marks) in zip(rows, decided, strict=True):
            if winner != row.territory_id:
                moves[row.territory_id, winner] += 1
                if len(some) < NAMES:
                    some.append((entity, row.record_id))
    return _told(ctx, draft, moves, some, whole)


def _told(
    ctx: Context,
    draft: Territory,
    moves: Counter[tuple[int | None, int | None]],
    some: list[tuple[str, int]],
    whole: bool,
) -> Preview:
    ids = {number for pair in moves for number in pair if number}
    query = select(Territory.id, Territory.name).where(Territory.id.in_(ids))
    names = {row[0]: row[1] for row in ctx.session.execute(query)} | {draft.id: draft.name}
    called = people.names(ctx, set(some))
    return Preview(
        moves=[
            Move(
                names.get(a or -1, _("no territory")), names.get(-1 if b is None else b, _("no territory")), n
            )
            for (a, b), n in moves.most_common(10)
        ],
        names=[called[one].name for one in some if one in called],
        count=sum(moves.values()),
        whole=whole,
    )


def _concerned(ctx: Context, entity: str, draft: Territory, ready: Territories) -> list[Row]:
    whose = placing.column(entity)
    tests = [Place.territory_id == draft.id] if draft.id else []
    one = ready.by_id.get(draft.id or 0) or next((r for r in ready.all if r.id == draft.id), None)
    if one is not None:
        if one.everywhere:
            tests.append(Place.id > 0)
        countries = (
            one.borders.countries
            | {c.country for c in one.borders.codes}
            | {r[0] for r in one.borders.regions}
        )
        if countries:
            tests.append(Place.country.in_(sorted(countries)))
        tests += [
            and_(Place.cell >= a, Place.cell <= b) for a, b in _ranges(box for box, _test in one.tests())
        ]
    if not tests:
        return []
    query = select(COLUMNS[0], whose, *COLUMNS[1:]).where(whose.is_not(None), or_(*tests))
    return [Row(*row) for row in ctx.session.execute(query.order_by(Place.id).limit(MOST + 1))]


def _ranges(boxes: Iterable[grid.Box]) -> list[grid.Range]:
    return [pair for box in boxes for pair in grid.ranges(box)][:200]


def path(ctx: Context, territory: Territory) -> list[Territory]:
    """Return the territories above one, the topmost first."""
    query = select(Territory).order_by(Territory.id).limit(5000)
    known = {one.id: one for one in ctx.session.execute(query).scalars()}
    parents = {one.id: one.parent_id for one in known.values()}
    return [known[number] for number in reversed(above(parents, territory.id)) if number in known]
