"""Records for programs: pages of a list, single ones, and what they refer to, each as one plain object.

A page costs the same number of statements whatever is on it: the rows, one for each field that is no column, one for
each kind of record that is pointed at, and as much again for each kind that is included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, func, select, true

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind
from app.kernel.errors import Invalid, NotVisible
from app.services import (
    access,
    api_values,
    cursors,
    fields,
    listing,
    listing_rows,
    listing_sorts,
    people,
    search_hits,
    search_index,
)
from app.services.api_refs import PEOPLE, UID, Uids, target_of, targets
from app.services.listing_rows import Chosen
from app.services.listing_sorts import Order
from app.services.search_words import parse

MOST = listing_rows.MOST
CAP = listing.CAP
POINTING = (Kind.USER, Kind.TEAM, Kind.REF, Kind.REFS)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a program wants of a list: `where` in the filter language, words `q`, an order, a cursor, how many.

    `only` are names of fields (none: all), `include` those whose records come along; `counted` asks for their number.
    """

    where: str = ""
    q: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""
    limit: int = 50
    only: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    counted: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """Records as plain objects, those they refer to, the cursors of the pages beside, and their number (capped)."""

    data: Sequence[Mapping[str, Any]]
    included: Sequence[Mapping[str, Any]] | None = None
    next: str | None = None
    previous: str | None = None
    count: int | None = None


def entity_of(ctx: Context, name: str) -> Entity:
    """Return an entity that the API knows. Raises NotVisible."""
    if not ctx.schema.has(name) or not ctx.schema.entity(name).api:
        raise NotVisible(_("There is no such kind of record."))
    return ctx.schema.entity(name)


def entities(ctx: Context) -> list[Entity]:
    """Return the entities of the API that the principal may see."""
    return [e for e in ctx.schema.entities() if e.api and ctx.may(f"{e.key}.view")]


def number(ctx: Context, kind: Entity, uid: str, *, trash: bool = False) -> int:
    """Return the number of a record that exists for the principal. Raises NotVisible."""
    query = listing_rows.own(kind, select(kind.model.id).where(kind.model.uid == uid.lower()))
    found = None
    if UID.fullmatch(uid):  # a database refuses some texts (NUL) that are no uid anyway
        found = ctx.session.execute(query, execution_options={access.WITH_TRASH: trash}).scalar()
    if found is None:
        raise NotVisible(_("There is no such record."))
    return int(found)


def numbers(ctx: Context, kind: Entity, uids: Sequence[Any]) -> dict[int, str]:
    """Return id → UID of records that all exist for the principal. Raises NotVisible where one does not."""
    wanted = {str(uid).lower() for uid in uids}
    query = listing_rows.own(kind, select(kind.model.id, kind.model.uid).where(kind.model.uid.in_(wanted)))
    found = {row.id: row.uid for row in ctx.session.execute(query)} if all(map(UID.fullmatch, wanted)) else {}
    if len(found) != len(wanted):
        raise NotVisible(_("One of these records does not exist any more."))
    return found


def uids(ctx: Context, kind: Entity, ids: Sequence[int]) -> dict[int, str]:
    """Return the UIDs of records that the caller has read, in the trash or not."""
    query = select(kind.model.id, kind.model.uid).where(kind.model.id.in_(ids))
    rows = ctx.session.execute(query, execution_options={access.WITH_TRASH: True})
    return {row.id: row.uid for row in rows}


def page(ctx: Context, entity: str, asked: Asked) -> Page:
    """Return a page of a list. Raises NotAllowed, and Invalid for a filter, order, cursor or field that is none."""
    kind = entity_of(ctx, entity)
    access.require(ctx, f"{entity}.view")
    shown = chosen(ctx, entity, asked.only)
    including = _including(ctx, entity, asked.include)
    where = listing.conditions(ctx, entity, listing.Asked(where=asked.where, q=asked.q))
    sort = _sort(ctx, kind, asked.sort, where)
    _sound(sort, asked)
    query = parse(asked.q)
    proof = query if query and search_hits.needs_proof(ctx, search_index.plan(ctx, entity)) else None
    loaded = [*_own(entity), *{f.key: f for f in (*shown, *including)}.values()]
    wanted = listing.Asked(after=asked.after, before=asked.before, size=asked.limit)
    rows, before, after = listing_rows.read(ctx, Chosen(kind, loaded, sort, where, proof), wanted)
    made = _objects(ctx, kind, rows, shown, including)
    count = _count(ctx, kind, where) if asked.counted and proof is None else None
    return Page(
        data=made.data,
        included=made.included if asked.include else None,
        next=listing_rows.cursor(sort, rows[-1]) if rows and after else None,
        previous=listing_rows.cursor(sort, rows[0]) if rows and before else None,
        count=count,
    )


def one(
    ctx: Context, entity: str, record: Any, only: Sequence[str] = (), include: Sequence[str] = ()
) -> Page:
    """Return one record that the principal has read, as a page of one."""
    kind = entity_of(ctx, entity)
    including = _including(ctx, entity, include)
    made = _objects(ctx, kind, [record], chosen(ctx, entity, only), including)
    return Page(data=made.data, included=made.included if include else None)


def chosen(ctx: Context, entity: str, names: Sequence[str]) -> list[Field]:
    """Return the fields of some names, or all that are offered. Raises Invalid for one that is not there."""
    every = {f.key: f for f in api_values.offered(ctx, entity)}
    if unknown := [n for n in names if n not in every]:
        raise Invalid({"fields": _("There is no field “%(name)s”.", name=unknown[0][:60])})
    return [every[n] for n in dict.fromkeys(names)] if names else list(every.values())


def _including(ctx: Context, entity: str, names: Sequence[str]) -> list[Field]:
    every = {f.key: f for f in api_values.offered(ctx, entity) if f.kind in POINTING}
    if unknown := [n for n in names if n not in every]:
        raise Invalid({"include": _("“%(name)s” refers to no record.", name=unknown[0][:60])})
    return [every[n] for n in dict.fromkeys(names)]


def _own(entity: str) -> list[Field]:
    """Return what stands beside the fields of every record, as fields: so a list reads them with its columns."""
    return [Field(name=f"_{n}", on=entity, column=n) for n in ("uid", "version")]


def _sort(ctx: Context, kind: Entity, wanted: str, where: Sequence[ColumnElement[bool]]) -> Order:
    if not wanted:
        return listing_sorts.usual(cast(Any, ctx.schema), kind.key)
    able = listing_sorts.sortable(ctx, kind.key)
    names = [n.strip() for n in wanted.split(",")]
    if unknown := [n for n in names if n.removeprefix("-") not in able]:
        raise Invalid({"sort": _("The list cannot be sorted by “%(name)s”.", name=unknown[0][:60])})
    found = listing_sorts.of(ctx, kind.key, ",".join(names))
    assert found is not None
    if not found.indexed and _beyond(ctx, kind, where):
        told = _("More than 10,000 records cannot be sorted by this. Narrow the list by a filter first.")
        raise Invalid({"sort": told})
    return found


def _sound(sort: Order, asked: Asked) -> None:
    for name in ("after", "before"):
        text = getattr(asked, name)
        if text and cursors.read(sort.mark, text) is None:
            raise Invalid({name: _("This is no cursor of this list in this order. Begin without one.")})


def _count(ctx: Context, kind: Entity, where: Sequence[ColumnElement[bool]]) -> int:
    """Return how many records there are, at most the cap and one more; counted as far as a list is (`listing.FEW`)."""
    most = cap(ctx, kind) + 1
    some = listing_rows.own(kind, select(kind.model.id)).where(*where).limit(most).subquery()
    return int(ctx.session.execute(select(func.count()).select_from(some)).scalar_one())


def _beyond(ctx: Context, kind: Entity, where: Sequence[ColumnElement[bool]]) -> bool:
    """Tell whether a list is too long to be sorted by what no index stands in."""
    query = listing_rows.own(kind, select(kind.model.id)).where(*where).offset(CAP).limit(1)
    return ctx.session.execute(query).first() is not None


def cap(ctx: Context, kind: Entity) -> int:
    """Return how far the records of an entity are counted for the principal."""
    return CAP if access.criterion(ctx, kind.model) is true() else listing.FEW


# ---------------------------------------------------------------- objects


@dataclass
class _Made:
    data: list[dict[str, Any]] = field(default_factory=list)
    included: list[dict[str, Any]] = field(default_factory=list)


def _objects(
    ctx: Context, kind: Entity, rows: Sequence[Any], shown: Sequence[Field], including: Sequence[Field] = ()
) -> _Made:
    uids = Uids(ctx)
    every = {f.key: f for f in (*shown, *including)}
    values = _values(ctx, kind, list(every.values()), rows)
    pointing = {key: targets(f, values[key]) for key, f in every.items() if f.kind in POINTING}
    uids.prefetch(t for found in pointing.values() for t in found)
    made = _Made(_told(kind, rows, shown, values, uids))
    wanted = dict.fromkeys(t for f in including for t in pointing[f.key])
    made.included = _included(ctx, wanted, uids) if wanted else []
    return made


def _values(
    ctx: Context, kind: Entity, every: Sequence[Field], rows: Sequence[Any]
) -> dict[str, Sequence[Any]]:
    """Return the values of fields, a column for each, in the order of the rows."""
    loaded = fields.load(ctx, kind, [f for f in every if f.load is not None], rows)
    ids = [row.id for row in rows]
    found: dict[str, Sequence[Any]] = {key: list(map(of.get, ids)) for key, of in loaded.items()}
    own = [f for f in every if f.load is None and f.column is not None]
    if rows and isinstance(rows[0], Row):
        columns = dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True))
        return found | {f.key: columns[str(f.column)] for f in own}
    return found | {f.key: [getattr(row, str(f.column), None) for row in rows] for f in own}


def _told(
    kind: Entity,
    rows: Sequence[Any],
    shown: Sequence[Field],
    values: Mapping[str, Sequence[Any]],
    uids: Uids,
) -> list[dict[str, Any]]:
    keys = [f.key for f in shown]
    columns = [api_values.encoded(f, values[f.key], uids) for f in shown]
    told = zip(*columns, strict=True) if columns else ((),) * len(rows)
    name = kind.title if callable(kind.title) else attrgetter(kind.title)
    usual, entity = str(kind.label), kind.key
    return [
        {
            "entity": entity,
            "uid": row.uid,
            "version": row.version,
            "title": str(name(row) or usual),
            "fields": dict(zip(keys, cells, strict=True)),
        }
        for row, cells in zip(rows, told, strict=True)
    ]


def _included(ctx: Context, wanted: Iterable[tuple[str, int]], uids: Uids) -> list[dict[str, Any]]:
    """Return what is referred to, each once; of records all fields, of colleagues and teams what they are called."""
    by_entity: dict[str, list[int]] = {}
    for entity, record_id in wanted:
        if uids.of(entity, record_id) is not None:
            by_entity.setdefault(entity, []).append(record_id)
    found: list[dict[str, Any]] = []
    for entity, ids in by_entity.items():
        if entity in PEOPLE:
            names = people.user_names(ctx, ids) if entity == "user" else people.team_names(ctx, ids)
            found += [
                {"entity": entity, "uid": uids.of(entity, i), "title": name} for i, name in names.items()
            ]
        elif ctx.schema.entity(entity).api:
            kind = ctx.schema.entity(entity)
            shown = api_values.offered(ctx, entity)
            found += _objects(ctx, kind, listing_rows.of_ids(ctx, kind, shown, ids), shown).data
    return found


def referring(of: Field) -> str:
    """Return what the values of a field point at, "" for anything or nothing."""
    return target_of(of) if of.kind in POINTING else ""
