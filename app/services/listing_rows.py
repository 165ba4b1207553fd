"""The rows of a page of a list: from a cursor, a letter or a day on, forwards or backwards, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select

from app.formats.fold import fold
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind
from app.models import Interaction
from app.services import access, cursors, search_hits, search_index
from app.services.listing_sorts import DATED, Order
from app.services.search_sql import SEEN
from app.services.search_words import Query

if TYPE_CHECKING:
    from app.services.listing import Asked

MOST = 200
"""Rows on one page."""

REMEMBERED = 600
"""Statements that are kept ready for one person; what he asks for beyond that is built each time."""

BLANK = "blank"
"""Begins the ways along the rows that have no value in the field a list is sorted by."""

BEGINNING = 300
"""Letters of an interaction's text that a row brings along, for those without a subject."""


@dataclass(frozen=True)
class Chosen:
    """What a list shows and in which order; `proof` is a query that each row has to be confirmed for."""

    kind: Entity
    shown: Sequence[Field]
    sort: Order
    where: Sequence[ColumnElement[bool]]
    proof: Query | None


def read(ctx: Context, chosen: Chosen, asked: Asked) -> tuple[list[Any], bool, bool]:
    """Return the rows in order, whether there are rows before them, and whether there are rows after them."""
    size, sort = max(1, min(asked.size, MOST)), chosen.sort
    back = cursors.read(sort.mark, asked.before) if asked.before else None
    ahead = cursors.read(sort.mark, asked.after) if asked.after and back is None else None
    given: dict[str, Any] = {}
    way = ""
    if here := back or ahead:
        keys = here[0] if isinstance(here[0], list) else [here[0]]
        way, given = ("before" if back else "after"), {"record_id": here[1]}
        given |= {f"key{n}": key for n, key in enumerate(keys)}
    elif asked.start and not sort.group and (start := _start(ctx, sort, asked.start)) is not None:
        way, given = "start", {"start": start}
    fetch = _walked if sort.walk is not None else _fetch
    found = fetch(ctx, chosen, way, given, size + 1)
    more, found = len(found) > size, found[:size]
    if way == "before":
        return found[::-1], more, True
    return found, bool(way), more


def of_ids(ctx: Context, kind: Entity, shown: Sequence[Field], ids: Sequence[int]) -> list[Any]:
    """Return the rows of some records that exist for the principal, as a list has them: columns, not whole objects."""
    columns = [f.column for f in shown if isinstance(f.column, str) and f.column]
    names = dict.fromkeys(["id", "uid", "version", *_title_columns(kind), *columns])
    query = own(kind, select(*(getattr(kind.model, name) for name in names)))
    return list(ctx.session.execute(query.where(kind.model.id.in_(ids)).order_by(kind.model.id)).all())


def _start(ctx: Context, sort: Order, text: str) -> Any:
    """Return the key from which a list begins at some letters, or at a day (as ISO date); None when it cannot."""
    first = sort.first
    if first.textual:
        return first.bound(fold(text)[:20])
    if first.kind not in DATED:
        return None
    try:
        day = datetime.fromisoformat(text[:10])
        if first.kind is Kind.DATE:
            return day.date().isoformat()
        begin = day.replace(tzinfo=ctx.zone)
        return ((begin + timedelta(days=1)) if first.down else begin).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _walked(ctx: Context, chosen: Chosen, way: str, given: Mapping[str, Any], wanted: int) -> list[Any]:
    """Return rows in the order of an added field's values, then those without a value; backwards the other way."""
    here = {"record_id": given["record_id"]} if given.get("key0", "") is None else given
    among_blank = here is not given
    if way == "before":
        found = _fetch(ctx, chosen, f"{BLANK} before", here, wanted) if among_blank else []
        rest = wanted - len(found)
        before, of = ("last", {}) if among_blank else ("before", given)
        return [*found, *(_fetch(ctx, chosen, before, of, rest) if rest else ())]
    found = [] if among_blank else _fetch(ctx, chosen, way, given, wanted)
    if rest := wanted - len(found):
        found += _fetch(ctx, chosen, f"{BLANK} after" if among_blank else BLANK, here, rest)
    return found


def _fetch(ctx: Context, chosen: Chosen, way: str, given: Mapping[str, Any], wanted: int) -> list[Any]:
    """Return rows from a place on; `way` is as `_statement` takes it."""
    kind, sort = chosen.kind, chosen.sort
    columns = tuple(
        name for f in chosen.shown for name in (f.column, f.currency) if name and isinstance(name, str)
    )
    build = _statement.__wrapped__ if sort.group else _statement
    statement = build(cast(Any, ctx.schema), kind.key, columns, sort, way)
    values = {**given, "most": wanted if chosen.proof is None else SEEN}
    if not chosen.where and not sort.group and len(ctx.user.memo) < REMEMBERED:
        return list(access.rows(ctx, statement, values).all())
    found = list(ctx.session.execute(statement.where(*chosen.where), values).all())
    return found if chosen.proof is None else _proven(ctx, kind, found, chosen.proof, wanted)


@lru_cache(maxsize=512)
def _statement(schema: Any, entity: str, columns: tuple[str, ...], sort: Order, way: str) -> Any:
    """Return the statement of a list's page, built once.

    `way` says from where: before, after, start, last (backwards from the end) or nowhere; with BLANK in front it is
    about the rows that have no value.
    """
    kind = schema.entity(entity)
    names = dict.fromkeys(["id", *_title_columns(kind), *columns])
    wanted = [getattr(kind.model, name) for name in names]
    if kind.model is Interaction:
        wanted.append(func.substr(Interaction.body, 1, BEGINNING).label("beginning"))
    if way.startswith(BLANK):
        return _blank(kind, wanted, sort, way.removeprefix(BLANK).strip())
    keys = [key.label(f"sort_key{n}") for n, key in enumerate(sort.columns[:-1])]
    chosen = own(kind, select(*wanted, *keys))
    if sort.walk is not None:
        chosen = sort.walk.joined(chosen)
    if way == "start":
        chosen = chosen.where(sort.since())
    elif way in {"before", "after"}:
        chosen = chosen.where(sort.beyond(backwards=way == "before"))
    return chosen.order_by(*sort.order(backwards=way in {"before", "last"})).limit(bindparam("most"))


def _blank(kind: Entity, wanted: Sequence[Any], sort: Order, way: str) -> Any:
    """Return the statement of the rows that have no value to be sorted by: they stand at the end, by id."""
    assert sort.walk is not None
    here, down = kind.model.id, sort.first.down != (way == "before")
    chosen = own(kind, select(*wanted, literal(None).label("sort_key0"))).where(sort.walk.blank(kind.model))
    if way:
        there = bindparam("record_id", type_=here.type)
        chosen = chosen.where(here < there if down else here > there)
    return chosen.order_by(here.desc() if down else here.asc()).limit(bindparam("most"))


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


def cursor(sort: Order, row: Any) -> str:
    """Return where a row stands in an order."""
    keys = [getattr(row, f"sort_key{n}") for n in range(len(sort.keys))]
    return cursors.write(sort.mark, keys if len(keys) > 1 else keys[0], row.id)


def own(kind: Entity, chosen: Select[Any]) -> Select[Any]:
    """Return a select of an entity's table as one of the entity alone."""
    return chosen.where(kind.where(kind.model)) if kind.where is not None else chosen
