"""Rows as lines of JSON and back: values of columns by their type, ids by names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Boolean, Column, Connection, DateTime, Float, Integer, Numeric, Select, String, select
from sqlalchemy.types import JSON, TypeDecorator

from app.services import whole_texts
from app.services.whole_filters import Known
from app.services.whole_names import Ids, Names
from app.services.whole_tables import Plan, Sheet
from app.services.whole_texts import JSON_TEXTS, Lost

BATCH = 500
PAIRED = {"duplicate_pair": ("left_id", "right_id")}
"""Two columns that mean the same either way round."""


def lines(connection: Connection, plan: Plan, sheet: Sheet, known: Known, names: Names) -> Iterator[bytes]:
    """Yield the rows of a table, in an order that does not depend on ids; what speaks of nothing that is there, not."""
    changes = {c.name: whole_texts.changes(sheet.key, c, known, names) for c in sheet.columns}
    for query in _queries(connection, plan, sheet):
        rows = connection.execute(query.execution_options(yield_per=BATCH)).mappings()
        for part in map(_plainly, rows.partitions(BATCH)):
            _fetch(sheet, part, names)
            for row in part:
                found = _written(sheet, row, changes, names)
                if found is not None:
                    yield json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plainly(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _queries(connection: Connection, plan: Plan, sheet: Sheet) -> Iterator[Select[Any]]:
    table = sheet.table
    if sheet.key == "custom_value":
        yield from _values(connection, plan, sheet)
        return
    query = select(*table.columns)
    if sheet.key == "blob":
        query = query.where(table.c.id.in_(_attached(plan)))
    elif sheet.key == "plugin_state":
        query = query.where(table.c.name.not_in(plan.missing))
    yield query.order_by(_bytewise(connection, table.c[sheet.name]) if sheet.name else table.c.id)


def _values(connection: Connection, plan: Plan, sheet: Sheet) -> Iterator[Select[Any]]:
    """Values of added fields have no id: they stand in the order of their fields and records."""
    fields = plan.sheet("custom_field")
    assert fields is not None
    own = sheet.table.c
    ordered = connection.execute(
        select(fields.table.c.id).order_by(_bytewise(connection, fields.table.c.uid))
    ).scalars()
    for number in ordered.all():
        of = plan.sheet(plan.added[number][0])
        if of is not None:
            query = select(*sheet.table.columns).join(of.table, of.table.c.id == own.record_id)
            yield query.where(own.field_id == number).order_by(_bytewise(connection, of.table.c.uid), own.pos)


def contents(connection: Connection, plan: Plan, sheet: Sheet) -> Iterator[Select[Any]]:
    """Return the selects of the contents of files that are exported."""
    return _queries(connection, plan, sheet)


def _attached(plan: Plan) -> Any:
    """Return the ids of all contents that something exported points at."""
    keys = [
        select(column)
        for sheet in plan.sheets
        for column in sheet.columns
        if any(key.column.table.name == "blob" for key in column.foreign_keys)
    ]
    return keys[0].union(*keys[1:])


def _bytewise(connection: Connection, column: Column[Any]) -> Any:
    return column.collate("C") if connection.dialect.name == "postgresql" else column


def _fetch(sheet: Sheet, rows: Sequence[Mapping[str, Any]], names: Names) -> None:
    wanted: dict[str, set[Any]] = {}
    for name, target in sheet.points.items():
        for row in rows:
            if row[name] and (table := target(row)):
                wanted.setdefault(table, set()).add(row[name])
    for table, ids in wanted.items():
        names.fetch(table, ids)


def _written(
    sheet: Sheet, row: Mapping[str, Any], changes: Mapping[str, Any], names: Names
) -> dict[str, Any] | None:
    """Return a row as it is exported, without what is empty; None for one that cannot stand alone."""
    found: dict[str, Any] = {}
    for column in sheet.columns:
        value = row[column.name]
        if value is None:
            continue
        target = sheet.points[column.name](row) if value and column.name in sheet.points else None
        if target is not None:
            value = names(target, value) if target else None
            if value is None and not column.nullable:
                return None
        elif (value := _plain(sheet.key, column, value)) is not None and (change := changes[column.name]):
            try:
                value = change(row, value)
            except Lost:
                return None
        if value is not None:
            found[column.name] = value
    return _paired(sheet, found)


def _paired(sheet: Sheet, found: dict[str, Any]) -> dict[str, Any]:
    if (pair := PAIRED.get(sheet.key)) is not None:
        found |= zip(pair, sorted(found[name] for name in pair), strict=True)
    return found


def _plain(table: str, column: Column[Any], value: Any) -> Any:
    if (table, column.name) in JSON_TEXTS:
        return whole_texts.loads(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, Decimal):
        scale = getattr(column.type, "scale", None)
        return format(value if scale is None else value.quantize(Decimal(1).scaleb(-scale)), "f")
    return value


# ---------------------------------------------------------------- the way back


class Unfit(Exception):
    """A line does not fit its table; the message says why."""


def read(sheet: Sheet, number: int, found: Mapping[str, Any], later: Sequence[str]) -> dict[str, Any]:
    """Return the values of a line as the database takes them, its number as its id; others still go by their names.

    Columns in `later` are empty for now. Raises Unfit.
    """
    known = {c.name for c in sheet.columns}
    if unknown := set(found) - known:
        raise Unfit(f"it has the unknown column {sorted(unknown)[0]!r} (a newer version may have made it)")
    row: dict[str, Any] = {"id": number} if "id" in sheet.table.columns else {}
    for column in sheet.columns:
        if column.name in later:
            continue
        value = found.get(column.name)
        if value is None:
            row[column.name] = None if column.nullable else _default(column)
        else:
            row[column.name] = value if column.name in sheet.points else _typed(sheet.key, column, value)
    for column in sheet.table.columns:
        if (instead := column.info.get("instead")) is not None:
            row[column.name] = instead(number)
    return row


def _default(column: Column[Any]) -> Any:
    """Return what stands in a column that the line does not have: it may be younger than the export."""
    default: Any = column.default
    if default is None:
        raise Unfit(f"it lacks {column.name!r}")
    return default.arg if default.is_scalar else default.arg(None)


def resolve(sheet: Sheet, row: dict[str, Any], ids: Ids, changes: Mapping[str, Any]) -> None:
    """Put ids in the place of names, within a row that `read` returned. Raises Unfit."""
    for name, target in sheet.points.items():
        value = row.get(name)
        if not value:
            continue
        table = target(row)
        if table is None:
            continue
        row[name] = ids(table, value)
        if row[name] is None:
            raise Unfit(f"{name} names {value!r}, and there is none")
    if (pair := PAIRED.get(sheet.key)) is not None:
        row |= zip(pair, sorted(row[name] for name in pair), strict=True)
    for column in sheet.columns:
        if column.name in row and row[column.name] is not None:
            _finish(sheet.key, column, row, changes.get(column.name))


def _finish(table: str, column: Column[Any], row: dict[str, Any], change: Any) -> None:
    if change is not None:
        row[column.name] = change(row, row[column.name])
    if (table, column.name) in JSON_TEXTS:
        row[column.name] = whole_texts.dumps(table, row[column.name])


def _typed(table: str, column: Column[Any], value: Any) -> Any:
    kind: Any = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, JSON) or (table, column.name) in JSON_TEXTS:
        return value
    try:
        if isinstance(kind, DateTime):
            return datetime.fromisoformat(value)
        if isinstance(kind, Float):
            return float(value)
        if isinstance(kind, Numeric):
            return Decimal(value)
    except (TypeError, ValueError, InvalidOperation):
        raise Unfit(f"{column.name} is {value!r}") from None
    wanted = bool if isinstance(kind, Boolean) else int if isinstance(kind, Integer) else str
    if not isinstance(kind, Boolean | Integer | String) or type(value) is not wanted:
        raise Unfit(f"{column.name} is {value!r}")
    return value
