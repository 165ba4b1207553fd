"""Connections: pragmas and explicit BEGIN on SQLite, statement limits on PostgreSQL, and the fair write lock."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError

from app.config import Config
from app.formats.plain import plain

WRITE = "kith_write"
"""Execution option of a connection whose transaction will write."""

PLAIN = "kith_plain"
"""The function by which SQLite compares texts in filters (app.formats.plain)."""

BUSY_MS = 5000
WAIT_S = 10.0
STATEMENT_S = 15
RESTED_S = 1.0
PAGE = 50
"""Rows of one INSERT that tells the ids: always the same text is read and planned by the database but once."""
LAST_USED = "kith_last_used"


class FairLock:
    """A lock that is granted in the order in which it was asked for; SQLite's own waiting is unfair."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Event] = deque()

    def acquire(self, timeout: float) -> bool:
        """Take the lock; return False when it was not granted within `timeout` seconds."""
        with self._mutex:
            if not self._held and not self._waiting:
                self._held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._mutex:
            if turn.is_set():
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Hand the lock to whoever waits longest, or free it."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


class Busy(Exception):
    """Another writer held the database for too long; answered as 503 with Retry-After."""


_lock = FairLock()


@contextmanager
def writing(dialect: str) -> Iterator[None]:
    """Hold the process's write lock on SQLite; nothing on PostgreSQL. Raises Busy after ten seconds."""
    if dialect != "sqlite":
        yield
        return
    if not _lock.acquire(WAIT_S):
        raise Busy("The database is busy. Nothing was changed; try again in a moment.")
    try:
        yield
    finally:
        _lock.release()


def engine_options(config: Config) -> dict[str, Any]:
    """Return the options for the engine: pool sizes, and timeouts so that nothing hangs."""
    if make_url(config.database).get_backend_name() == "sqlite":
        return {
            "connect_args": {"timeout": BUSY_MS / 1000, "check_same_thread": False},
            "pool_size": config.threads + 4,
            "max_overflow": 8,
            "insertmanyvalues_page_size": PAGE,
        }
    return {
        "pool_size": config.threads + 2,
        "max_overflow": 4,
        "pool_timeout": 10,
        "insertmanyvalues_page_size": PAGE,
        "connect_args": {
            "connect_timeout": 5,
            "options": f"-c statement_timeout={STATEMENT_S}s -c timezone=UTC",
        },
    }


def _plain(value: Any) -> str | None:
    return None if value is None else plain(str(value))


def prepare(engine: Engine, config: Config) -> None:
    """Install the connection events on an engine of either database."""
    if engine.dialect.name != "sqlite":
        _ask_rested(engine)
        return
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={config.sqlite_synchronous}",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        "cache_size=-2048",
        "mmap_size=268435456",
        "temp_store=MEMORY",
        "journal_size_limit=67108864",
        "wal_autocheckpoint=4000",
    )

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin and commit behind our back
        connection.create_function(PLAIN, 1, _plain, deterministic=True)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _ask_rested(engine: Engine) -> None:
    """Let a connection that has rested be asked whether it still works; one in steady use is not asked each time."""

    @event.listens_for(engine, "checkin")
    def checkin(connection: Any, record: Any) -> None:
        record.info[LAST_USED] = monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(connection: Any, record: Any, proxy: Any) -> None:
        if monotonic() - record.info.get(LAST_USED, monotonic()) < RESTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError(
                "The database has closed the connection."
            ) from error  # the pool opens another
