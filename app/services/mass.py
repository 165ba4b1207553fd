"""Many new rows of one table at once: COPY on PostgreSQL, one statement with many parameter sets on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

FEW = 20
"""Fewer rows are not worth a COPY."""


def put(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows (column → value, the same columns in each) within the open transaction; nothing is asked back.

    For tables whose values need no translation on the way: texts, numbers, truths, instants with a zone.
    """
    if not rows:
        return
    session.flush()
    connection = session.connection()
    if connection.dialect.name != "postgresql" or len(rows) < FEW:
        connection.execute(insert(model), list(rows))
        return
    connection.execute(insert(model), rows[0])  # whoever watches statements sees that the table is written
    table: Table = model if isinstance(model, Table) else model.__table__
    given = list(rows[0])
    assumed = {c.name: _default(c) for c in table.c if c.name not in given and _plain(c)}
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in (*given, *assumed))
    rest = tuple(assumed.values())
    _copy(
        connection,
        f"COPY {quote(table.name)} ({names}) FROM STDIN",
        ((*map(row.get, given), *rest) for row in rows[1:]),
    )


def _plain(column: Any) -> bool:
    return column.default is not None and bool(column.default.is_scalar)


def _default(column: Any) -> Any:
    return column.default.arg


def _copy(connection: Any, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
