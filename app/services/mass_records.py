"""Many new records at once, as `session.flush` would store them, but without what it does for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Mapper, Session

from app.models import Record
from app.services import mass

FEW = 20
"""So many records are stored by a flush as well."""


def store(session: Session, records: Sequence[Record]) -> None:
    """Store new records of one class within the open transaction; they have their ids afterwards and belong to the session.

    Ids are taken beforehand: from the sequence, on SQLite (where one writes at a time) from the greatest one on.
    """
    session.add_all(records)
    if len(records) < FEW or not _is_plain(type(records[0])):
        session.flush()
        return
    with session.no_autoflush:
        ids = numbers(session, type(records[0]), len(records))
    rows = [_row(record, number) for record, number in zip(records, ids, strict=True)]
    with session.no_autoflush:
        mass.put_apart(session, type(records[0]), rows)
    states: Any = {inspect(record) for record in records}
    session._register_persistent(states)  # what a flush does when it has sent its statements


@lru_cache(maxsize=64)
def _is_plain(model: type[Record]) -> bool:
    """Tell whether a class is one table with nothing that follows its rows."""
    mapper: Mapper[Any] = inspect(model)
    single = (mapper.single or not mapper.inherits) and len(mapper.tables) == 1 and not mapper.relationships
    return single and mapper.version_id_col is None and "id" in mapper.columns


def numbers(session: Session, model: Any, count: int) -> Sequence[int]:
    """Return ids for new rows of a table within the open transaction; what the session holds was sent before."""
    table: Any = model.__table__
    if session.get_bind().dialect.name == "sqlite":
        last = session.connection().execute(select(func.max(table.c.id))).scalar() or 0
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(table.name, "id")
    numbers = func.generate_series(1, count).table_valued("n")
    return list(session.connection().execute(select(func.nextval(sequence)).select_from(numbers)).scalars())


def _row(record: Record, number: int) -> dict[str, Any]:
    """Return the columns of a record, and let it have what it was not given."""
    held = record.__dict__
    held["id"] = number
    row: dict[str, Any] = {}
    for attribute, column, default in _columns(type(record)):
        if attribute in held:
            row[column] = held[attribute]
        else:
            row[column] = held[attribute] = default()
    return row


@lru_cache(maxsize=64)
def _columns(model: type[Record]) -> Sequence[tuple[str, str, Callable[[], Any]]]:
    mapper: Mapper[Any] = inspect(model)
    return [
        (prop.key, column.name, _default(column)) for prop in mapper.column_attrs for column in prop.columns
    ]


def _default(column: Any) -> Callable[[], Any]:
    made = column.default
    if made is None:
        return lambda: None
    if made.is_scalar:
        return lambda: made.arg
    return lambda: made.arg(None)
