"""Many new rows of one table at once: COPY on PostgreSQL, one statement with many parameter sets on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Dialect, Table, Text, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

FEW = 20
"""Fewer rows are not worth a COPY."""

GROWING = (
    "affiliation",
    "company",
    "contact",
    "email_address",
    "external_id",
    "journal",
    "phone_number",
    "search_doc",
    "search_name",
    "tag_link",
)
"""Tables that many records at once fill, and in which something is looked up for them: search documents, say."""


def put(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows (column → value, the same columns in each) within the open transaction; nothing is asked back.

    Values go through what their types make of them for the driver; columns nobody gave get their plain defaults.
    """
    if rows:
        session.flush()
        put_apart(session, model, rows)


def put_apart(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same without sending first what the session holds."""
    connection = session.connection()
    table: Table = model if isinstance(model, Table) else model.__table__
    if connection.dialect.name == "sqlite":
        _insert(connection, table, rows)
        return
    if len(rows) < FEW:
        connection.execute(insert(table), list(rows))
        return
    connection.execute(insert(table), rows[0])  # whoever watches statements sees that the table is written
    given = list(rows[0])
    assumed = _assumed(table, given)
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in (*given, *assumed))
    rest = tuple(assumed.values())
    plain = _translated(table, tuple(given), connection.dialect, rows[1:])
    _copy(
        connection,
        f"COPY {quote(table.name)} ({names}) FROM STDIN",
        ((*row, *rest) for row in plain),
    )


def _translated(
    table: Table, given: tuple[str, ...], dialect: Dialect, rows: Sequence[Mapping[str, Any]]
) -> Iterable[list[Any]]:
    """Yield the given values of rows as the driver takes them: JSON, say, is a text on the way."""
    processors = _processors(table, given, dialect)
    for row in rows:
        values = list(map(row.get, given))
        for at, translate in processors:
            values[at] = translate(values[at])
        yield values


@lru_cache(maxsize=64)
def _processors(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> Sequence[tuple[int, Callable[[Any], Any]]]:
    """Return what turns values of some places into the database's."""
    types = ((at, table.c[name].type) for at, name in enumerate(names))
    found = ((at, kind.dialect_impl(dialect).bind_processor(dialect)) for at, kind in types)
    return [(at, one) for at, one in found if one is not None]


def put_new(session: Session, table: Table, rows: Sequence[Mapping[str, str]]) -> None:
    """Insert rows of texts that are not there yet; what is there stays as it is."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), list(rows))
        return
    names = list(rows[0])
    columns = [func.unnest(bindparam(name, type_=ARRAY(Text))).label(name) for name in names]
    statement = postgresql.insert(table).from_select(names, select(*columns)).on_conflict_do_nothing()
    connection.execute(statement, {name: [row[name] for row in rows] for name in names})


def counted(session: Session, names: Iterable[str]) -> None:
    """Let PostgreSQL count tables within the open transaction, so that it reads by key what it would read as a whole.

    It would do so by itself, but only after minutes, and not where this was switched off.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(f"ANALYZE {', '.join(map(quote, names))}")


def _insert(connection: Any, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Send the rows to SQLite as they are: what a compiled statement does to each costs more than storing it."""
    statement, names, translated = _plan(table, tuple(rows[0]), connection.dialect)
    assumed = _assumed(table, rows[0])
    columns: list[Iterable[Any]] = [
        repeat(assumed[name], len(rows)) if name in assumed else map(itemgetter(name), rows) for name in names
    ]
    for at, translate in translated:
        columns[at] = _each(translate, columns[at])
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


_NONE_YET = object()


def _each(translate: Callable[[Any], Any], values: Iterable[Any]) -> Iterator[Any]:
    """Yield values as the driver takes them; the same object again and again, the moment of the act, is told once."""
    former: Any = _NONE_YET
    told: Any = None
    for value in values:
        if value is not former:
            former, told = value, translate(value)
        yield told


@lru_cache(maxsize=64)
def _plan(
    table: Table, given: tuple[str, ...], dialect: Dialect
) -> tuple[str, Sequence[str], Sequence[tuple[int, Callable[[Any], Any]]]]:
    """Return the statement, its columns in order, and what turns values of some places into SQLite's."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(given))
    names: list[str] = list(getattr(compiled, "positiontup", None) or ())
    return str(compiled), names, _processors(table, tuple(names), dialect)


def _assumed(table: Table, given: Collection[str]) -> dict[str, Any]:
    """Return the values of columns that nobody gave."""
    return {c.name: cast(Any, c.default).arg for c in table.c if c.name not in given and _plain(c)}


def _plain(column: Any) -> bool:
    return column.default is not None and bool(column.default.is_scalar)


def _copy(connection: Any, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
