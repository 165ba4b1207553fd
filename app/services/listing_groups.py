"""Groups of lists: by which fields a list falls into groups, and how many records each has, with subtotals.

A group is known by its identity, a text in addresses; groups stand in the order of their meaning (choices, stages, names, days).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind, Show
from app.models import NEVER
from app.services import fields, listing_names, listing_sorts
from app.services.listing_sorts import NAMED, Sort

KINDS = {Kind.TEXT, Kind.CHOICE, Kind.BOOL, Kind.DATE, Kind.TIME, *NAMED}
SUMMED = {Kind.NUMBER, Kind.MONEY}
MOST = 200
"""So many groups are shown; a field with more values than that is no way to sort anything out."""

NOTHING = "."
"""What stands in an address for the group of the records that have no value."""

SOMEDAY = "9999-12-31"
YEARS = 10


@dataclass(frozen=True, eq=False)
class Grouping:
    """How a list falls into groups: `sorts` put them in order and end with the identity, `label` names one by it."""

    field: Field
    sorts: tuple[Sort, ...]
    label: Callable[[Any], str]
    refers: str = ""

    @property
    def identity(self) -> ColumnElement[Any]:
        """What the records of a group have in common."""
        return self.sorts[-1].key

    def value(self, text: str) -> Any:
        """Return the identity that an address names; None for one that cannot be."""
        if self.field.kind in {Kind.TEXT, Kind.CHOICE}:
            return "" if text == NOTHING else text
        return int(text) if text.lstrip("-").isdecimal() and len(text) < 10 else None

    def kept(self, opened: Sequence[str] | None, shut: Sequence[str]) -> ColumnElement[bool] | None:
        """Return the condition of the records in groups that are open; None when all are."""
        values = [v for text in (shut if opened is None else opened) if (v := self.value(text)) is not None]
        if opened is not None:
            return self.identity.in_(values)
        return self.identity.not_in(values) if values else None


@dataclass(frozen=True)
class Group:
    """A group with its number of records and the sums of fields (field key → sum), of money of one currency only.

    `currencies` says which (field key → ISO 4217) where the records know.
    """

    identity: Any
    count: int
    sums: Mapping[str, Any] = field(default_factory=dict)
    currencies: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The identity as it stands in an address."""
        return str(self.identity) or NOTHING


def groupable(ctx: Context, entity: str) -> Sequence[Field]:
    """Return the fields that a list can be grouped by, of those that exist for the principal."""
    kind = ctx.schema.entity(entity)
    return [f for f in fields.visible(ctx, entity, Show.LIST) if _able(kind, f)]


def _able(kind: Entity, one: Field) -> bool:
    if one.kind not in KINDS or one.many or (one.column is None and one.sql is None):
        return False
    return one.column is None or one.column != kind.title


def of(ctx: Context, entity: str, name: str, order: Sort) -> Grouping | None:
    """Return how a list is grouped by a field, seen from the key it is sorted by; None if it cannot be."""
    found = next((f for f in groupable(ctx, entity) if f.key == name), None)
    if found is None:
        return None
    key = listing_sorts.value(ctx.schema, entity, found)
    if found.kind in {Kind.DATE, Kind.TIME}:
        return _by_day(ctx, found, key, order.down if order.field == name else True)
    down = order.down and order.field == name
    if found.kind in NAMED:
        return _by_name(ctx, found, key, down)
    if found.kind is Kind.BOOL:
        flag = case((key.is_(True), 1), else_=0)
        return Grouping(found, (_sort(flag, down),), lambda one: _("Yes") if one else _("No"))
    return _by_choice(ctx, found, key, down) if found.kind is Kind.CHOICE else _by_text(found, key, down)


def _sort(key: Any, down: bool) -> Sort:
    return Sort("", down, key)


def _by_choice(ctx: Context, one: Field, key: Any, down: bool) -> Grouping:
    known = {c.value: str(c.label) for c in fields.choices(ctx, one)}
    same = func.coalesce(key, "")
    places = {value: place for place, value in enumerate(known)}
    place: Any = case(places, value=same, else_=len(places)) if places else same

    def label(value: Any) -> str:
        return known.get(value) or str(value) or _("Not set")

    return Grouping(one, (_sort(place, down), _sort(same, down)), label)


def _by_text(one: Field, key: Any, down: bool) -> Grouping:
    same = func.coalesce(key, "")
    last = case((same == "", 1), else_=0)
    return Grouping(
        one,
        (_sort(last, False), _sort(func.lower(same), down), _sort(same, down)),
        lambda value: str(value) or _("Not set"),
    )


def _by_name(ctx: Context, one: Field, key: Any, down: bool) -> Grouping:
    same = func.coalesce(key, 0)
    last = case((key.is_(None), 1), else_=0)
    name = func.lower(func.coalesce(listing_names.of(ctx.schema, one, key), ""))
    of = {Kind.USER: "user", Kind.TEAM: "team"}.get(one.kind) or one.ref or ""
    nothing = _("Nobody") if one.kind is Kind.USER else _("Not set")
    place = listing_names.rank(ctx.schema, one, key)
    placed = [_sort(func.coalesce(place, 0), down)] if place is not None else []
    sorts = (_sort(last, False), *placed, _sort(name, down), _sort(same, down))
    return Grouping(one, sorts, lambda value: nothing, of)


def _by_day(ctx: Context, one: Field, key: Any, down: bool) -> Grouping:
    spans = _spans(ctx)
    whens = []
    for n, (_label, end) in enumerate(spans[:-1], 1):
        limit: Any = end.astimezone(UTC) if one.kind is Kind.TIME else end.date().isoformat()
        whens.append((key < limit, n))
    never: Any = key == NEVER if one.kind is Kind.TIME else key == ""
    number = case(
        (key.is_(None), 0), (never, 0), *whens, (_someday(one, key), len(spans) + 1), else_=len(spans)
    )

    def label(value: Any) -> str:
        if value == 0:
            return _("Never") if one.kind is Kind.TIME else _("Not set")
        return _("Someday") if value > len(spans) else spans[value - 1][0]

    return Grouping(one, (_sort(number, down),), label)


def _someday(one: Field, key: Any) -> Any:
    return key == SOMEDAY if one.kind is Kind.DATE else key.is_(None)


def _spans(ctx: Context) -> list[tuple[str, datetime]]:
    """Return the spans of time that days are grouped by, the oldest first: what they are called, and their end."""
    today = ctx.now.astimezone(ctx.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def after(days: int) -> datetime:
        there = today.date() + timedelta(days=days)
        return today.replace(year=there.year, month=there.month, day=there.day)

    first = today.replace(month=1, day=1)
    years = [first.replace(year=today.year - n) for n in range(YEARS - 1, -1, -1)]
    found = [(_("Earlier"), years[0])]
    found += [(str(begin.year), end) for begin, end in pairwise(years)]
    found += [
        (_("Earlier this year"), after(-30)),
        (_("Last 30 days"), after(-7)),
        (_("Last 7 days"), after(-1)),
        (_("Yesterday"), after(0)),
        (_("Today"), after(1)),
        (_("Tomorrow"), after(2)),
        (_("Next 7 days"), after(8)),
        (_("Next 30 days"), after(31)),
        (_("Later"), after(31)),
    ]
    return found


def summed(ctx: Context, entity: str, shown: Sequence[Field]) -> list[Field]:
    """Return the shown fields that have a sum."""
    return [f for f in shown if f.kind in SUMMED and not f.many and (f.column or f.sql)]


def read(
    ctx: Context, grouping: Grouping, chosen: Select[Any], sums: Sequence[Field], cap: int
) -> tuple[list[Group], int]:
    """Return the groups of the rows that `chosen` (a select of anything) finds, and how many rows those are.

    At most `cap` + 1 rows are looked at and MOST + 1 groups returned: more of either means that there are more.
    """
    entity = grouping.field.on
    keys = [sort.key.label(f"key{n}") for n, sort in enumerate(grouping.sorts)]
    values = [listing_sorts.value(ctx.schema, entity, f).label(f"sum{n}") for n, f in enumerate(sums)]
    coins = {n: _coin(ctx, f).label(f"coin{n}") for n, f in enumerate(sums) if _by_record(f)}
    inner = chosen.with_only_columns(*keys, *values, *coins.values()).limit(bindparam("most")).subquery()
    at = [inner.c[f"key{n}"] for n in range(len(keys))]
    ends = [
        end(case((inner.c[f"sum{n}"].is_not(None), inner.c[c.name])))
        for n, c in coins.items()
        for end in (func.min, func.max)
    ]
    outer = (
        select(at[-1], func.count(), *(func.sum(inner.c[v.name]) for v in values), *ends)
        .group_by(*at)
        .order_by(*(c.desc() if s.down else c.asc() for c, s in zip(at, grouping.sorts, strict=True)))
        .limit(MOST + 1)
    )
    rows = ctx.session.execute(outer, {"most": cap + 1}).all()
    found = [_group(row[0], row[1], row[2:], sums, list(coins)) for row in rows]
    return found, sum(group.count for group in found)


def _by_record(one: Field) -> bool:
    return one.kind is Kind.MONEY and isinstance(one.currency, str) and bool(one.currency)


def _coin(ctx: Context, one: Field) -> Any:
    """Return the currency of a record's amount; without one of its own that of the house."""
    column = getattr(ctx.schema.entity(one.on).model, str(one.currency))
    return func.coalesce(func.nullif(column, ""), str(ctx.settings.get("currency") or "EUR"))


def _group(
    identity: Any, count: int, values: Sequence[Any], sums: Sequence[Field], coined: Sequence[int]
) -> Group:
    """Return a group without the sums of several currencies, which are worth nothing."""
    totals, ends = values[: len(sums)], values[len(sums) :]
    currencies: dict[str, str] = {}
    mixed: set[str] = set()
    for place, n in enumerate(coined):
        least, most = ends[2 * place : 2 * place + 2]
        if least == most:
            currencies[sums[n].key] = str(least or "")
        else:
            mixed.add(sums[n].key)
    kept = {f.key: total for f, total in zip(sums, totals, strict=True) if f.key not in mixed}
    return Group(identity, count, kept, currencies)
