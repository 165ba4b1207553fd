"""The rows of a page of a list: from a cursor, a letter or a day on, forwards or backwards, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, func, select

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
    found = _fetch(ctx, chosen, way, given, size + 1)
    more, found = len(found) > size, found[:size]
    if way == "before":
        return found[::-1], more, True
    return found, bool(way), more


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


def _fetch(ctx: Context, chosen: Chosen, way: str, given: Mapping[str, Any], wanted: int) -> list[Any]:
    kind, sort = chosen.kind, chosen.sort
    columns = tuple(f.column for f in chosen.shown if f.column)
    build = _statement.__wrapped__ if sort.group else _statement
    statement = build(cast(Any, ctx.schema), kind.key, columns, sort, way)
    values = {**given, "most": wanted if chosen.proof is None else SEEN}
    if not chosen.where and not sort.group and len(ctx.user.memo) < REMEMBERED:
        return list(access.rows(ctx, statement, values).all())
    found = list(ctx.session.execute(statement.where(*chosen.where), values).all())
    return found if chosen.proof is None else _proven(ctx, kind, found, chosen.proof, wanted)


@lru_cache(maxsize=512)
def _statement(schema: Any, entity: str, columns: tuple[str, ...], sort: Order, way: str) -> Any:
    """Return the statement of a list's page, built once; `way` says from where: before, after, start or nowhere."""
    kind = schema.entity(entity)
    names = dict.fromkeys(["id", *_title_columns(kind), *columns])
    wanted = [getattr(kind.model, name) for name in names]
    if kind.model is Interaction:
        wanted.append(func.substr(Interaction.body, 1, BEGINNING).label("beginning"))
    keys = [key.key.label(f"sort_key{n}") for n, key in enumerate(sort.keys)]
    chosen = own(kind, select(*wanted, *keys))
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


def cursor(sort: Order, row: Any) -> str:
    """Return where a row stands in an order."""
    keys = [getattr(row, f"sort_key{n}") for n in range(len(sort.keys))]
    return cursors.write(sort.mark, keys if len(keys) > 1 else keys[0], row.id)


def own(kind: Entity, chosen: Select[Any]) -> Select[Any]:
    """Return a select of an entity's table as one of the entity alone."""
    return chosen.where(kind.where(kind.model)) if kind.where is not None else chosen
