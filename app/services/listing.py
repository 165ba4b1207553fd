"""Lists of records of any Entity: plain rows, values of fields for the whole page, keyset cursors, a capped count.

A page costs the same number of statements whatever is on it: one for the rows, one for the count, one for each field
that is no column, one for the names of colleagues or records that are referred to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true

from app.formats.fold import fold
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind
from app.models import Interaction, Team
from app.services import (
    access,
    cursors,
    fields,
    listing_filters,
    listing_sorts,
    people,
    search_hits,
    search_index,
)
from app.services.listing_filters import Filter
from app.services.listing_sorts import Sort
from app.services.search_sql import SEEN, matching
from app.services.search_words import Query, parse

SIZE = 50
MOST = 200
CAP = 10_000
"""Lists are counted up to here, and sorted by anything up to here."""

FEW = 200
"""Lists of somebody who does not see everything are counted up to here only: for him each row is a question."""

BEGINNING = 300
"""Letters of an interaction's text that a row brings along, for those without a subject."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants to see of a list. `after` and `before` are cursors, `start` a first letter.

    `sort` is a field's name, with a minus for the opposite order; empty is the entity's own. `columns` are names of
    fields, empty the entity's own.
    """

    sort: str = ""
    after: str = ""
    before: str = ""
    start: str = ""
    size: int = SIZE
    filters: tuple[Filter, ...] = ()
    q: str = ""
    columns: tuple[str, ...] = ()
    counted: bool = True


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a list. `values` maps field → record id → value, `names` (entity, id) → name of what is referred to.

    `count` is exact up to `cap`, and one more means more; None when it was not asked for or cannot be known. `refused`
    says that the order asked for is offered for smaller lists only.
    """

    entity: Entity
    fields: tuple[Field, ...]
    rows: Sequence[Any]
    values: Mapping[str, Mapping[int, Any]]
    names: Mapping[tuple[str, int], str]
    sort: Sort
    next: str | None
    previous: str | None
    count: int | None
    cap: int = CAP
    refused: bool = False


def page(ctx: Context, entity: str, asked: Asked) -> Page:
    """Return a page of the records of an entity that exist for the principal. Raises Invalid for a wrong filter."""
    kind = ctx.schema.entity(entity)
    where = conditions(ctx, entity, asked)
    shown = columns(ctx, entity, asked.columns)
    query = parse(asked.q)
    proof = bool(query) and search_hits.needs_proof(ctx, search_index.plan(ctx, entity))
    cap = CAP if access.criterion(ctx, kind.model) is true() else FEW
    count = None if proof or not asked.counted else _count(ctx, entity, where, cap)
    sort, refused = _sort(ctx, kind, asked.sort, where, count if cap == CAP else None)
    rows, before, after = _rows(ctx, _Chosen(kind, shown, sort, where, query if proof else None), asked)
    values = fields.load(ctx, kind, shown, rows)
    return Page(
        entity=kind,
        fields=shown,
        rows=rows,
        values=values,
        names=_names(ctx, shown, values),
        sort=sort,
        next=_cursor(sort, rows[-1]) if rows and after else None,
        previous=_cursor(sort, rows[0]) if rows and before else None,
        count=count,
        cap=cap,
        refused=refused,
    )


def conditions(ctx: Context, entity: str, asked: Asked) -> list[ColumnElement[bool]]:
    """Return what narrows a list: the filters, the words looked for."""
    kind = ctx.schema.entity(entity)
    found = [listing_filters.condition(ctx, entity, one) for one in asked.filters]
    query = parse(asked.q)
    if query:
        found.append(matching(ctx, kind, query))
    return found


def columns(ctx: Context, entity: str, wanted: Iterable[str] = ()) -> tuple[Field, ...]:
    """Return the fields of a list that exist for the principal: those named, else the entity's own."""
    visible = {f.key: f for f in fields.visible(ctx, entity)}
    names = [n for n in wanted if n in visible] or ctx.schema.entity(entity).default_columns
    return tuple(visible[n] for n in names if n in visible)


def _sort(
    ctx: Context, kind: Entity, wanted: str, where: Sequence[ColumnElement[bool]], count: int | None
) -> tuple[Sort, bool]:
    """Return the order, and whether another one was asked for that needs a smaller list."""
    usual = listing_sorts.usual(cast(Any, ctx.schema), kind.key)
    found = listing_sorts.of(ctx, kind.key, wanted) if wanted else None
    if found is None or found.indexed:
        return found or usual, False
    size = count if count is not None else _count(ctx, kind.key, where, CAP)
    return (found, False) if size <= CAP else (usual, True)


def _count(ctx: Context, entity: str, where: Sequence[ColumnElement[bool]], cap: int) -> int:
    most = {"most": cap + 1}
    if not where:
        found = _counted(cast(Any, ctx.schema), entity, cap < CAP)
        return int(access.rows(ctx, found, most).scalar_one())
    some = _some(cast(Any, ctx.schema), entity, cap < CAP).where(*where).subquery()
    return ctx.session.execute(select(func.count()).select_from(some), most).scalar_one()


@lru_cache(maxsize=256)
def _counted(schema: Any, entity: str, along: bool) -> Any:
    return select(func.count()).select_from(_some(schema, entity, along).subquery())


def _some(schema: Any, entity: str, along: bool) -> Select[Any]:
    """Select ids up to the cap, if need be along the list's order: or SQLite unites whole indexes before it stops."""
    kind = schema.entity(entity)
    chosen = _own(kind, select(kind.model.id)).limit(bindparam("most"))
    return chosen.order_by(*listing_sorts.usual(schema, entity).order()) if along else chosen


def _own(kind: Entity, chosen: Select[Any]) -> Select[Any]:
    return chosen.where(kind.where(kind.model)) if kind.where is not None else chosen


# ---------------------------------------------------------------- rows


@dataclass(frozen=True)
class _Chosen:
    """What a list shows and in which order; `proof` is a query that each row has to be confirmed for."""

    kind: Entity
    shown: Sequence[Field]
    sort: Sort
    where: Sequence[ColumnElement[bool]]
    proof: Query | None


def _rows(ctx: Context, chosen: _Chosen, asked: Asked) -> tuple[list[Any], bool, bool]:
    """Return the rows in order, whether there are rows before them, and whether there are rows after them."""
    size, sort = max(1, min(asked.size, MOST)), chosen.sort
    back = cursors.read(sort.name, asked.before) if asked.before else None
    ahead = cursors.read(sort.name, asked.after) if asked.after and back is None else None
    given: dict[str, Any] = {}
    way = ""
    if here := back or ahead:
        way, given = ("before" if back else "after"), {"key": here[0], "record_id": here[1]}
    elif asked.start and sort.textual:
        way, given = "start", {"start": sort.bound(fold(asked.start)[:20])}
    found = _fetch(ctx, chosen, way, given, size + 1)
    more, found = len(found) > size, found[:size]
    if way == "before":
        return found[::-1], more, True
    return found, bool(way), more


def _fetch(ctx: Context, chosen: _Chosen, way: str, given: Mapping[str, Any], wanted: int) -> list[Any]:
    kind, sort = chosen.kind, chosen.sort
    columns = tuple(f.column for f in chosen.shown if f.column)
    statement = _statement(cast(Any, ctx.schema), kind.key, columns, sort, way)
    values = {**given, "most": wanted if chosen.proof is None else SEEN}
    if not chosen.where:
        return list(access.rows(ctx, statement, values).all())
    found = list(ctx.session.execute(statement.where(*chosen.where), values).all())
    return found if chosen.proof is None else _proven(ctx, kind, found, chosen.proof, wanted)


@lru_cache(maxsize=512)
def _statement(schema: Any, entity: str, columns: tuple[str, ...], sort: Sort, way: str) -> Any:
    """Return the statement of a list's page, built once; `way` says from where: before, after, start or nowhere."""
    kind = schema.entity(entity)
    names = dict.fromkeys(["id", *_title_columns(kind), *columns])
    wanted = [getattr(kind.model, name) for name in names]
    if kind.model is Interaction:
        wanted.append(func.substr(Interaction.body, 1, BEGINNING).label("beginning"))
    chosen = _own(kind, select(*wanted, sort.key.label("sort_key")))
    if way == "start":
        chosen = chosen.where(sort.since())
    elif way:
        chosen = chosen.where(sort.beyond(backwards=way == "before"))
    return chosen.order_by(*sort.order(backwards=way == "before")).limit(bindparam("most"))


def _title_columns(kind: Entity) -> Iterable[str]:
    if callable(kind.title):
        return [c.key for c in kind.model.__mapper__.column_attrs]
    return ["given_name", "family_name", kind.title] if kind.key == "contact" else [kind.title]


def _proven(ctx: Context, kind: Entity, every: Sequence[Any], query: Query, wanted: int) -> list[Any]:
    """Return rows that answer the query by what the principal may see, of the first thousand that match it."""
    plan = search_index.plan(ctx, kind.key)
    found: list[Any] = []
    for at in range(0, len(every), 2 * wanted):
        some = {row.id: row for row in every[at : at + 2 * wanted]}
        rows = search_hits.rows(ctx, plan, list(some), whole=True)
        found += [some[row.id] for row in search_hits.confirmed(ctx, plan, rows, query)]
        if len(found) >= wanted:
            break
    return found[:wanted]


def _cursor(sort: Sort, row: Any) -> str:
    return cursors.write(sort.name, row.sort_key, row.id)


def _names(
    ctx: Context, shown: Iterable[Field], values: Mapping[str, Mapping[int, Any]]
) -> dict[tuple[str, int], str]:
    """Return the names of users, teams and records that the page refers to."""
    targets: set[tuple[str, int]] = set()
    for field in shown:
        of = {Kind.USER: "user", Kind.TEAM: "team"}.get(field.kind) or field.ref
        if of and not field.many and field.kind in {Kind.USER, Kind.TEAM, Kind.REF}:
            targets |= {(of, value) for value in values.get(field.key, {}).values() if isinstance(value, int)}
    found = {key: named.name for key, named in people.names(ctx, targets).items()}
    teams = [i for of, i in targets if of == "team"]
    if teams:
        rows = ctx.session.execute(select(Team.id, Team.name).where(Team.id.in_(teams)))
        found |= {("team", row.id): row.name for row in rows}
    return found
