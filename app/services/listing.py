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

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind, Show
from app.models import Team
from app.services import (
    access,
    cursors,
    fields,
    filters,
    listing_filters,
    listing_groups,
    listing_rows,
    listing_sorts,
    people,
    search_hits,
    search_index,
)
from app.services.listing_filters import Filter
from app.services.listing_groups import Group, Grouping
from app.services.listing_sorts import Order
from app.services.search_sql import matching
from app.services.search_words import parse

SIZE = 50
CAP = 10_000
"""Lists are counted up to here, and sorted by anything up to here."""

FEW = 200
"""Lists of somebody who does not see everything are counted up to here only: for him each row is a question."""

COLUMNS = 12
"""So many columns can a list have."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants to see of a list. `after` and `before` are cursors, `start` a first letter or a day.

    `sort` is a field's name, with a minus for the opposite order, or several, separated by commas; empty is the
    entity's own. `columns` are names of fields, empty the entity's own. `group` names the field whose groups the rows
    stand in: all groups are open except those `shut`, or only those `opened` when that is not None. `where` is an
    expression of the filter language.
    """

    sort: str = ""
    after: str = ""
    before: str = ""
    start: str = ""
    size: int = SIZE
    filters: tuple[Filter, ...] = ()
    where: str = ""
    q: str = ""
    columns: tuple[str, ...] = ()
    counted: bool = True
    group: str = ""
    opened: tuple[str, ...] | None = None
    shut: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a list. `values` maps field → record id → value, `names` (entity, id) → name of what is referred to.

    `count` is exact up to `cap`, and one more means more; None when it was not asked for or cannot be known. `refused`
    says that the order asked for is offered for smaller lists only. `groups` are all groups in order, `crowded` says
    why there are none although they were asked for, `resumed` is the group in which the rows go on.
    """

    entity: Entity
    fields: tuple[Field, ...]
    rows: Sequence[Any]
    values: Mapping[str, Mapping[int, Any]]
    names: Mapping[tuple[str, int], str]
    sort: Order
    next: str | None
    previous: str | None
    count: int | None
    cap: int = CAP
    refused: bool = False
    grouping: Grouping | None = None
    groups: Sequence[Group] = ()
    crowded: str = ""
    resumed: Any = None


def page(ctx: Context, entity: str, asked: Asked) -> Page:
    """Return a page of the records of an entity that exist for the principal. Raises Invalid for a wrong filter."""
    kind = ctx.schema.entity(entity)
    where = conditions(ctx, entity, asked)
    shown = columns(ctx, entity, asked.columns)
    query = parse(asked.q)
    proof = bool(query) and search_hits.needs_proof(ctx, search_index.plan(ctx, entity))
    cap = CAP if access.criterion(ctx, kind.model) is true() else FEW
    falls = _groups(ctx, kind, asked, where, shown, proof=proof)
    count = falls.count if falls.grouping else None
    if count is None and not proof and asked.counted:
        count = _count(ctx, entity, where, cap)
    sort, refused = _sort(ctx, kind, asked.sort, where, count if cap == CAP or falls.grouping else None)
    if falls.grouping:
        sort, where = falls.around(sort), [*where, *falls.within(asked)]
    chosen = listing_rows.Chosen(kind, shown, sort, where, query if proof else None)
    rows, before, after = listing_rows.read(ctx, chosen, asked)
    values = fields.load(ctx, kind, shown, rows)
    return Page(
        entity=kind,
        fields=shown,
        rows=rows,
        values=values,
        names=names(ctx, shown, values, falls.referred()),
        sort=sort,
        next=listing_rows.cursor(sort, rows[-1]) if rows and after else None,
        previous=listing_rows.cursor(sort, rows[0]) if rows and before else None,
        count=count,
        cap=CAP if falls.grouping else cap,
        refused=refused,
        grouping=falls.grouping,
        groups=falls.groups,
        crowded=falls.crowded,
        resumed=_resumed(sort, asked) if falls.grouping else None,
    )


def conditions(ctx: Context, entity: str, asked: Asked) -> list[ColumnElement[bool]]:
    """Return what narrows a list: the filters, the words looked for."""
    kind = ctx.schema.entity(entity)
    found = [listing_filters.condition(ctx, entity, one) for one in asked.filters]
    if asked.where:
        found.append(filters.criterion(ctx, entity, asked.where))
    query = parse(asked.q)
    if query:
        found.append(matching(ctx, kind, query))
    return found


def columns(ctx: Context, entity: str, wanted: Iterable[str] = ()) -> tuple[Field, ...]:
    """Return the fields of a list that exist for the principal: those named, else the entity's own."""
    visible = {f.key: f for f in fields.visible(ctx, entity)}
    names = [n for n in dict.fromkeys(wanted) if n in visible and Show.LIST in visible[n].show]
    names = names[:COLUMNS] or list(ctx.schema.entity(entity).default_columns)
    return tuple(visible[n] for n in names if n in visible)


def _sort(
    ctx: Context, kind: Entity, wanted: str, where: Sequence[ColumnElement[bool]], count: int | None
) -> tuple[Order, bool]:
    """Return the order, and whether another one was asked for that needs a smaller list."""
    usual = listing_sorts.usual(cast(Any, ctx.schema), kind.key)
    found = listing_sorts.of(ctx, kind.key, wanted) if wanted else None
    if found is None or found.indexed:
        return found or usual, False
    size = count if count is not None else _count(ctx, kind.key, where, CAP)
    if size <= CAP:
        return found, False
    first = listing_sorts.of(ctx, kind.key, found.first.name)
    return (first if first is not None and first.indexed else usual), True


@dataclass(frozen=True)
class _Falls:
    """How a list falls into groups, if it does, and how many rows they have together."""

    grouping: Grouping | None = None
    groups: Sequence[Group] = ()
    count: int = 0
    crowded: str = ""

    def around(self, sort: Order) -> Order:
        """Return the order that keeps the groups apart and has the rows of each in another order."""
        assert self.grouping is not None
        return Order((*self.grouping.sorts, *sort.keys), sort.id, self.grouping.field.key)

    def referred(self) -> Iterable[tuple[str, int]]:
        """Return what the groups themselves are named by: users, teams or records."""
        if self.grouping is None or not self.grouping.refers:
            return ()
        return [(self.grouping.refers, group.identity) for group in self.groups if group.identity]

    def within(self, asked: Asked) -> Sequence[ColumnElement[bool]]:
        """Return the condition of the rows in open groups."""
        assert self.grouping is not None
        kept = self.grouping.kept(asked.opened, asked.shut)
        return [] if kept is None else [kept]


def _groups(
    ctx: Context,
    kind: Entity,
    asked: Asked,
    where: Sequence[ColumnElement[bool]],
    shown: Sequence[Field],
    *,
    proof: bool,
) -> _Falls:
    """Return the groups of a list, or the sentence why it has none although they were asked for."""
    if not asked.group:
        return _Falls()
    if proof:
        return _Falls(crowded=_("Groups are not possible while words are looked for."))
    usual = listing_sorts.usual(cast(Any, ctx.schema), kind.key)
    order = (listing_sorts.of(ctx, kind.key, asked.sort) if asked.sort else None) or usual
    grouping = listing_groups.of(ctx, kind.key, asked.group, order.first)
    if grouping is None:
        return _Falls(crowded=_("This list cannot be grouped in this way."))
    chosen = listing_rows.own(kind, select(kind.model.id)).where(*where)
    sums = listing_groups.summed(ctx, kind.key, shown)
    groups, count = listing_groups.read(ctx, grouping, chosen, sums, CAP)
    if count > CAP:
        return _Falls(crowded=_("Groups are possible for up to 10,000 entries."))
    if len(groups) > listing_groups.MOST:
        text = _("“%(name)s” has too many different values for groups.")
        return _Falls(crowded=text % {"name": str(grouping.field.label)})
    return _Falls(grouping, groups, count)


def _resumed(sort: Order, asked: Asked) -> Any:
    """Return the group of the row after which a page of a grouped list begins."""
    found = cursors.read(sort.mark, asked.after) if asked.after else None
    if found is None or not isinstance(found[0], list):
        return None
    return found[0][sum(not key.field for key in sort.keys) - 1]


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
    chosen = listing_rows.own(kind, select(kind.model.id)).limit(bindparam("most"))
    return chosen.order_by(*listing_sorts.usual(schema, entity).order()) if along else chosen


def names(
    ctx: Context,
    shown: Iterable[Field],
    values: Mapping[str, Mapping[int, Any]],
    more: Iterable[tuple[str, int]] = (),
) -> dict[tuple[str, int], str]:
    """Return the names of users, teams and records that fields refer to, and of `more` of them."""
    targets: set[tuple[str, int]] = set(more)
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
