"""The full-text indexes, which no model describes: made by migrations, and made anew when one re-creates their tables.

SQLite: FTS5 over external content, kept by triggers (a batch migration of `search_doc` or `interaction` drops them:
call `create` again at its end). PostgreSQL: GIN indexes. STACK 9C, trap 5 and 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.kernel.errors import KithError


@dataclass(frozen=True)
class Index:
    """A text index: FTS5 table `name` over a column of a table, its tokenizer, and the GIN expression."""

    name: str
    table: str
    column: str
    tokenizer: str
    expression: str


ALL = (
    Index("search_doc_fts", "search_doc", "doc", "trigram", "doc gin_trgm_ops"),
    Index("interaction_fts", "interaction", "text_key", "unicode61", "to_tsvector('simple', text_key)"),
)


def create(connection: Connection) -> None:
    """Create the indexes over whatever the tables hold; existing ones are replaced."""
    drop(connection)
    if connection.dialect.name == "postgresql":
        _extension(connection)
    else:
        _fts5(connection)
    for index in ALL:
        for statement in _sqlite(index) if connection.dialect.name == "sqlite" else _postgresql(index):
            connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Remove the indexes and their triggers, if they are there."""
    for index in ALL:
        if connection.dialect.name == "sqlite":
            for moment in ("insert", "delete", "update"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {index.name}_{moment}"))
            connection.execute(text(f"DROP TABLE IF EXISTS {index.name}"))
        else:
            connection.execute(text(f"DROP INDEX IF EXISTS search_index_{index.table}"))


def missing(connection: Connection) -> list[str]:
    """Return the names of triggers (SQLite) and indexes (PostgreSQL) that should be there and are not."""
    if connection.dialect.name == "sqlite":
        found = set(connection.execute(text("SELECT name FROM sqlite_master")).scalars())
        wanted = [f"{index.name}_{moment}" for index in ALL for moment in ("insert", "delete", "update")]
    else:
        found = set(connection.execute(text("SELECT indexname FROM pg_indexes")).scalars())
        wanted = [f"search_index_{index.table}" for index in ALL]
    return [name for name in wanted if name not in found]


def _sqlite(index: Index) -> Iterator[str]:
    name, table, column = index.name, index.table, index.column
    out = f"INSERT INTO {name}({name}, rowid, {column}) VALUES ('delete', old.id, old.{column});"  # noqa: S608 (names of this file)
    into = f"INSERT INTO {name}(rowid, {column}) VALUES (new.id, new.{column});"  # noqa: S608
    yield (
        f"CREATE VIRTUAL TABLE {name} USING fts5({column}, content='{table}', content_rowid='id', "
        f"tokenize='{index.tokenizer}')"
    )
    yield f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {into} END"
    yield f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {out} END"
    yield f"CREATE TRIGGER {name}_update AFTER UPDATE OF {column} ON {table} BEGIN {out} {into} END"
    yield f"INSERT INTO {name}({name}) VALUES ('rebuild')"  # noqa: S608


def _postgresql(index: Index) -> Iterator[str]:
    yield f"CREATE INDEX search_index_{index.table} ON {index.table} USING gin ({index.expression})"
    yield f"ANALYZE {index.table}"  # without it the planner ignores an expression index: seconds for milliseconds


def _fts5(connection: Connection) -> None:
    try:
        connection.execute(text("CREATE VIRTUAL TABLE search_probe USING fts5(doc, tokenize='trigram')"))
    except DBAPIError as error:
        raise KithError(
            f"Search needs SQLite 3.34 or newer with FTS5, and this Python has not got it ({error.orig}). Use a Python "
            "with a newer SQLite, or PostgreSQL by KITH_DATABASE_URL."
        ) from error
    connection.execute(text("DROP TABLE search_probe"))


def _extension(connection: Connection) -> None:
    if connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")).scalar():
        return
    try:
        connection.execute(text("CREATE EXTENSION pg_trgm"))
    except DBAPIError as error:
        raise KithError(
            "Search needs the PostgreSQL extension pg_trgm, and it could not be created. Ask whoever runs the server to "
            f"install its contrib package and to run CREATE EXTENSION pg_trgm in the database "
            f"“{connection.engine.url.database}”; then start again. ({error.orig})"
        ) from error
