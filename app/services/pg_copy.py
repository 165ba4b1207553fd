"""A PostgreSQL database as files and back, by COPY alone: no client programs, no matter which server version.

Dumped in one REPEATABLE READ transaction: one instant of all tables. A file per table (COPY text format), and the
definition of each for the case that nobody knows the table any more (a plugin that is gone).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import MetaData, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from app.services.archive import BadArchive

Connection = psycopg.Connection[tuple[Any, ...]]

TABLES = "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1"
COLUMNS = """select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped
             and attgenerated = '' order by attnum"""
FOREIGN = """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
             where contype = 'f' and connamespace = 'public'::regnamespace"""
LAYOUT = "layout.json"


def connect(url: str) -> Connection:
    """Return a connection of its own, without the statement limit of requests."""
    made = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(made, connect_timeout=10, options="-c statement_timeout=0 -c timezone=UTC")


def dump(
    url: str, folder: Path, add: Callable[[str, Path], None]
) -> tuple[Mapping[str, int], Mapping[str, str]]:
    """Dump every table into `folder`, hand each file to `add(name, path)` and remove it.

    Returns the rows per table, and what each version table (kith_version…) says.
    """
    rows: dict[str, int] = {}
    versions: dict[str, str] = {}
    layout: dict[str, Any] = {}
    definitions = _definitions(url)
    with connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        for (table,) in connection.execute(TABLES).fetchall():
            columns = [name for (name,) in connection.execute(COLUMNS, [_quoted(table)])]
            path = folder / f"{table}.copy"
            rows[table] = _copy_out(connection, table, columns, path)
            layout[table] = {"columns": columns, "definition": definitions.get(table, [])}
            add(f"{table}.copy", path)
            path.unlink()
            if table.startswith("kith_version"):
                query = sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(table))
                versions[table] = (connection.execute(query).fetchone() or [""])[0]
    path = folder / LAYOUT
    path.write_text(json.dumps(layout), "utf-8")
    add(LAYOUT, path)
    path.unlink()
    return rows, versions


def load(url: str, folder: Path, rows: Mapping[str, int]) -> None:
    """Fill a database, whose tables exist as they were dumped, from the files of a dump; all of it or nothing.

    What the migrations put there is removed first. Raises BadArchive when a table has not the rows it should.
    """
    layout = json.loads((folder / LAYOUT).read_text("utf-8"))
    with connect(url) as connection:
        present = {name for (name,) in connection.execute(TABLES)}
        _define(connection, [layout[table]["definition"] for table in sorted(set(layout) - present)])
        foreign = connection.execute(FOREIGN).fetchall()
        for table, name, _definition in foreign:
            connection.execute(_alter(table, sql.SQL("DROP CONSTRAINT {}").format(sql.Identifier(name))))
        for table in sorted({*present, *layout}):
            connection.execute(sql.SQL("TRUNCATE TABLE {} CASCADE").format(sql.Identifier(table)))
        for table, shape in sorted(layout.items()):
            found = _copy_in(connection, table, shape["columns"], folder / f"{table}.copy")
            if found != rows.get(table):
                raise BadArchive(f"The table {table} has {found} rows instead of {rows.get(table)}.")
        for table, name, definition in foreign:
            made = sql.SQL("ADD CONSTRAINT {} ").format(sql.Identifier(name)) + sql.SQL(definition)
            connection.execute(_alter(table, made))
        _sequences(connection)


def empty(url: str) -> bool:
    """Tell whether a database has no table of ours."""
    with connect(url) as connection:
        return connection.execute(TABLES).fetchone() is None


def clear(url: str) -> None:
    """Remove every table of a database."""
    with connect(url) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(table)))


def _copy_out(connection: Connection, table: str, columns: Sequence[str], path: Path) -> int:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(names, sql.Identifier(table))
    with path.open("wb") as sink, connection.cursor() as cursor:
        with cursor.copy(query) as copy:
            for block in copy:
                sink.write(block)
        return cursor.rowcount


def _copy_in(connection: Connection, table: str, columns: Sequence[str], path: Path) -> int:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with path.open("rb") as source, connection.cursor() as cursor:
        with cursor.copy(query) as copy:
            while block := source.read(256 * 1024):
                copy.write(block)
        return cursor.rowcount


def _alter(table: str, change: sql.SQL | sql.Composed) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} ").format(sql.SQL(table)) + change


def _sequences(connection: Connection) -> None:
    for (table,) in connection.execute(TABLES).fetchall():
        for (column,) in connection.execute(COLUMNS, [_quoted(table)]).fetchall():
            found = connection.execute(
                "select pg_get_serial_sequence(%s, %s)", [_quoted(table), column]
            ).fetchone()
            if found and found[0]:
                query = sql.SQL("select setval(%s, coalesce((select max({}) from {}), 0) + 1, false)")
                connection.execute(query.format(sql.Identifier(column), sql.Identifier(table)), [found[0]])


def _definitions(url: str) -> Mapping[str, Sequence[str]]:
    """Return how each table was made, read back from the database; indexes only where they are of the plain kind."""
    engine = create_engine(url)
    try:
        known = MetaData()
        known.reflect(engine)
    finally:
        engine.dispose()
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return {
        table.name: [
            str(CreateTable(table).compile(dialect=dialect)),
            *(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes if _plain(index)),
        ]
        for table in known.tables.values()
    }


def _plain(index: Any) -> bool:
    return index.dialect_options["postgresql"]["using"] in {"", "btree", False, None}


def _define(connection: Connection, definitions: Sequence[Sequence[str]]) -> None:
    """Make tables that no migration knows, again and again until those that others need are there."""
    waiting = list(definitions)
    while waiting:
        later = []
        for definition in waiting:
            try:
                with connection.transaction():
                    for statement in definition:
                        connection.execute(statement)
            except psycopg.errors.UndefinedTable:
                later.append(definition)
        if len(later) == len(waiting):
            raise BadArchive(
                "Tables of a plugin that is gone cannot be made again. Install the plugin first."
            )
        waiting = later


def _quoted(table: str) -> str:
    return 'public."' + table.replace('"', '""') + '"'
