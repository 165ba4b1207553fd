"""A database for the tests: migrated once, brought back to its first state after each test."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url

from app.extensions import db
from app.house import house
from app.services import principals

WRITTEN = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)

NUMBERED = "SELECT 1 FROM information_schema.columns WHERE table_name = :table AND column_name = 'id'"
"""Whether a table of PostgreSQL has ids at all."""


@contextmanager
def address(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database on what KITH_TEST_DATABASE names: sqlite, or a PostgreSQL server."""
    server = os.environ.get("KITH_TEST_DATABASE", "sqlite")
    if server == "sqlite":
        yield f"sqlite:///{folder / 'kith.db'}"
        return
    url = make_url(server.replace("postgresql://", "postgresql+psycopg://", 1))
    name = f"kith_test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()


def in_any_order(engine: Engine) -> None:
    """Have SQLite return rows that no ORDER BY orders backwards: PostgreSQL returns them as it likes.

    A test (or a page) that relies on an order it did not ask for fails at the desk then, not now and then elsewhere.
    Source: https://www.sqlite.org/pragma.html#pragma_reverse_unordered_selects
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, record: Any) -> None:
        connection.execute("PRAGMA reverse_unordered_selects=ON")

    engine.dispose()  # those that are open already were opened without it


class Baseline:
    """The state after migration, to which `restore` returns: a copy of the file, or the rows of touched tables."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._touched: set[str] = set()
        with app.app_context():
            self._engine = db.engine
            self._lite = self._engine.dialect.name == "sqlite"
            if self._lite:
                self._copy = sqlite3.connect(":memory:", check_same_thread=False)
                with sqlite3.connect(str(self._engine.url.database)) as source:
                    source.backup(self._copy)
            else:
                self._rows = self._read()
            event.listen(self._engine, "before_cursor_execute", self._note)

    def restore(self) -> None:
        """Bring the database back and forget what the process has cached of it."""
        with self._app.app_context():
            db.session.remove()
            if not self._touched:
                return
            if self._lite:
                with sqlite3.connect(str(self._engine.url.database)) as target:
                    self._copy.backup(target)
            else:
                self._rewrite()
            self._touched.clear()
            forget(self._app)

    def _note(self, conn: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        if match := WRITTEN.match(statement):
            self._touched.add(match.group(1))

    def _read(self) -> dict[str, list[dict[str, Any]]]:
        with self._engine.connect() as connection:
            names = [n for n in inspect(connection).get_table_names() if not n.startswith("kith_version")]
            found = {
                n: [dict(r._mapping) for r in connection.execute(text(f'SELECT * FROM "{n}"'))] for n in names
            }
            return found

    def _rewrite(self) -> None:
        names = (self._touched & set(self._rows)) | {name for name, rows in self._rows.items() if rows}
        with self._engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no cascades, no order
            for name in sorted(names):
                connection.execute(text(f'DELETE FROM "{name}"'))
                self._fill(connection, name)

    def _fill(self, connection: Connection, name: str) -> None:
        rows = self._rows[name]
        for row in rows:
            columns = ", ".join(f'"{c}"' for c in row)
            marks = ", ".join(f":{c}" for c in row)
            connection.execute(text(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})'), _sendable(row))
        if not connection.scalar(text(NUMBERED), {"table": name}):
            return
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": f'"{name}"'}
        )
        if sequence:
            last = max((row["id"] for row in rows), default=0)
            connection.execute(text("SELECT setval(:seq, :next, false)"), {"seq": sequence, "next": last + 1})


def _sendable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose JSON values are texts again: a bare statement knows no types of columns."""
    return {name: json.dumps(v) if isinstance(v, list | dict) else v for name, v in row.items()}


def forget(app: Flask) -> None:
    """Empty the process's caches: epochs of one test must not be taken for those of the next."""
    kith = house(app)
    kith.schema_cache = None
    kith.settings_cache = None
    kith.principal_cache.clear()
    principals.system.cache_clear()
    kith.views_cache.clear()
    kith.host.states.forget()
