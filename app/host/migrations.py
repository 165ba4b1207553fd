"""Alembic, one history per owner: the core's and each plugin's have a folder and a version table of their own.

A removed plugin therefore never stops the core from being upgraded. Everything of one owner happens in one
transaction, under a lock that holds for all processes.
"""

from __future__ import annotations

import fcntl
import io
import logging
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from app import paths
from app.database import WRITE, writing
from app.host.revisions import History
from app.kernel.errors import KithError
from app.migrations import search_index
from app.migrations.ownership import version_table

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger("kith.host")

ENVIRONMENT = paths.APP / "migrations"
LOCK = 0x6B697468
"""The key of the advisory lock on PostgreSQL."""


class MigrationError(KithError):
    """A migration failed and was rolled back, or cannot be run; the message says whose and what to do."""


class NewerDatabase(MigrationError):
    """The database was written by newer code than this."""


@dataclass(frozen=True)
class Lineage:
    """An owner's migrations: the folder with the version files."""

    owner: str
    versions: Path


@dataclass(frozen=True)
class Step:
    """What an upgrade did for one owner: the revisions before and after ("" is none), and what went wrong."""

    owner: str
    before: str
    after: str
    error: str = ""


CORE = Lineage("core", ENVIRONMENT / "versions")


class Migrations:
    """The histories of all owners over one database. `lineages` are in the order in which they depend on another."""

    def __init__(
        self, engine: Callable[[], Engine], metadata: MetaData, lineages: Callable[[], Sequence[Lineage]]
    ) -> None:
        self._engine, self._metadata, self._lineages = engine, metadata, lineages

    def current(self) -> Mapping[str, str]:
        """Return each owner's revision in the database; "" where nothing was ever installed."""
        with self._engine().connect() as connection:
            known = set(inspect(connection).get_table_names())
            return {line.owner: _revision(connection, line.owner, known) for line in self._lineages()}

    def pending(self) -> Mapping[str, Sequence[str]]:
        """Return, for each owner that is behind, the revisions to come. Raises NewerDatabase for the core.

        A plugin whose files form no history is left out: nothing of it can be run.
        """
        found = {}
        for owner, revision in self.current().items():
            history = History(self._line(owner).versions)
            if owner != "core" and not history.is_sound:
                continue
            if revision and revision not in history.revisions:
                if owner == "core":
                    raise _newer(owner, revision)
                continue
            if waiting := history.after(revision):
                found[owner] = waiting
        return found

    def upgrade_all(self, owners: Sequence[str] | None = None, also: Sequence[str] = ()) -> Sequence[Step]:
        """Bring the core, then the named plugins (default: those installed, and `also`), to their newest revision.

        Raises MigrationError when the core's fails; a plugin's failure is reported in its step and stops nobody else.
        """
        steps = []
        with self._locked():
            known = self.current()
            for line in self._lineages():
                wanted = (
                    bool(known[line.owner]) or line.owner in also if owners is None else line.owner in owners
                )
                if line.owner != "core" and not wanted:
                    continue
                try:
                    steps.append(self._upgrade(line, known[line.owner]))
                except MigrationError as error:
                    if line.owner == "core":
                        raise
                    steps.append(Step(line.owner, known[line.owner], known[line.owner], str(error)))
        return steps

    def upgrade(self, owner: str) -> Step:
        """Bring one owner to its newest revision. Raises MigrationError; nothing is left half done."""
        with self._locked():
            return self._upgrade(self._line(owner), self.current()[owner])

    def upgrade_to(self, owner: str, revision: str) -> None:
        """Bring one owner to a named revision: that of a backup, before its rows are put back."""
        from alembic import command

        with self._locked():
            self._run(self._line(owner), lambda config: command.upgrade(config, revision))

    def downgrade(self, owner: str, revision: str = "base") -> None:
        """Go back to a revision; "base" removes the owner's tables and its version table. Data in them is lost."""
        from alembic import command

        with self._locked():
            self._run(self._line(owner), lambda config: command.downgrade(config, revision))
            if revision == "base":
                with self._engine().begin() as connection:
                    connection.execute(text(f'DROP TABLE IF EXISTS "{version_table(owner)}"'))

    def remove(
        self, owner: str, ledger: Sequence[str], also: Callable[[Connection], None] = lambda connection: None
    ) -> Sequence[str]:
        """Take away an owner's tables and its version table in one transaction, and return the names of the tables.

        With its migrations at hand they go down to base; what is then left of the `ledger` (all of it when the code has
        gone, or its way down fails) is dropped. `also` runs in the same transaction. Raises MigrationError, and nothing
        has changed, when tables of others point to them.
        """
        line = next((line for line in self._lineages() if line.owner == owner), None)
        gone: list[str] = []

        def work(config: Config) -> None:
            connection = config.attributes["connection"]
            gone.extend(_take_away(config, connection, owner, ledger, here=line is not None))
            also(connection)

        with self._locked():
            self._run(line or Lineage(owner, ENVIRONMENT / "none"), work)
        return gone

    def mend(self) -> None:
        """Make search indexes anew that are missing: a migration that re-creates their table loses them."""
        engine = self._engine()
        with self._locked(), writing(engine.dialect.name), engine.connect() as plain:
            connection = plain.execution_options(**{WRITE: True})
            with connection.begin():
                if search_index.missing(connection):
                    search_index.create(connection)

    def check(self, owner: str = "") -> Mapping[str, Sequence[str]]:
        """Return, per installed owner, how the models differ from what the migrations made; empty when nothing does."""
        known = self.current()
        lines = [self._line(owner)] if owner else self._lineages()
        lines = [line for line in lines if line.owner == "core" or known[line.owner]]
        return {line.owner: drift for line in lines if (drift := self._drift(line))}

    def revision(self, owner: str, message: str) -> Path:
        """Write the next version file of an owner from the difference between models and database; its path."""
        from alembic import command

        line = self._line(owner)
        line.versions.mkdir(parents=True, exist_ok=True)
        number = f"{len(History(line.versions).revisions) + 1:04}"
        made: list[Any] = []
        self._run(
            line,
            lambda config: made.append(command.revision(config, message, autogenerate=True, rev_id=number)),
        )
        path = Path(made[0].path)
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "Alembic" not in line), "utf-8")  # its own remarks
        return path

    # ---------------------------------------------------------------- inside

    def _line(self, owner: str) -> Lineage:
        for line in self._lineages():
            if line.owner == owner:
                return line
        raise MigrationError(
            f"“{owner}” has no migrations: there is no such plugin with a folder “migrations”."
        )

    def _upgrade(self, line: Lineage, before: str) -> Step:
        from alembic import command

        history = History(line.versions)
        if line.owner != "core" and not history.is_sound:
            raise MigrationError(f"The migrations of {line.owner} cannot be read: {history.problem}")
        if before and before not in history.revisions:
            raise _newer(line.owner, before)
        if history.after(before):
            self._run(line, lambda config: command.upgrade(config, "head"))
        return Step(line.owner, before, history.head)

    def _drift(self, line: Lineage) -> Sequence[str]:
        from alembic import command
        from alembic.util.exc import AutogenerateDiffsDetected, CommandError

        try:
            self._run(line, command.check)
        except MigrationError as error:
            cause = error.__cause__
            if isinstance(cause, AutogenerateDiffsDetected):
                return [str(diff) for diff in cause.diffs]
            if isinstance(cause, CommandError):
                return [str(cause)]
            raise
        return ()

    def _run(self, line: Lineage, command: Callable[[Config], Any]) -> None:
        """Run an Alembic command for one owner in one transaction."""
        from alembic.util.exc import CommandError

        engine = self._engine()
        with writing(engine.dialect.name), engine.connect() as plain:
            connection = plain.execution_options(**{WRITE: True})
            with _without_foreign_keys(connection), connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                    connection.execute(text("SET LOCAL lock_timeout = '30s'"))
                try:
                    command(self._config(line, connection))
                    _check_foreign_keys(connection)
                except (SQLAlchemyError, CommandError, KithError) as error:
                    raise MigrationError(f"The migration of {line.owner} was rolled back: {error}") from error
                except (Exception, SystemExit) as error:  # a version file may do anything
                    what = f"{type(error).__name__}: {error}"
                    raise MigrationError(f"The migration of {line.owner} was rolled back: {what}") from error

    def _config(self, line: Lineage, connection: Connection) -> Config:
        from alembic.config import Config

        config = Config(stdout=io.StringIO(), cmd_opts=Namespace(quiet=True))
        config.set_main_option("script_location", str(ENVIRONMENT))
        config.set_main_option("version_locations", str(line.versions))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.attributes.update(
            connection=connection,
            owner=line.owner,
            owners=[other.owner for other in self._lineages()],
            metadata=self._metadata,
            batch=bool(History(line.versions).revisions),
        )
        return config

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time migrate; the others wait for it and then find nothing left to do."""
        engine = self._engine()
        if engine.dialect.name == "postgresql":
            with engine.begin() as connection:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                yield
            return
        database = engine.url.database
        if not database or database == ":memory:":
            yield
            return
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        with Path(f"{database}.migrating").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _revision(connection: Connection, owner: str, tables: set[str]) -> str:
    table = version_table(owner)
    if table not in tables:
        return ""
    return connection.execute(text(f'SELECT version_num FROM "{table}"')).scalar() or ""  # noqa: S608 (a checked name)


def _take_away(
    config: Config, connection: Connection, owner: str, ledger: Sequence[str], *, here: bool
) -> Sequence[str]:
    """Go down to base where the code is `here`, drop what is left of the ledger, and the version table."""
    from alembic import command

    found = inspect(connection)
    known = set(found.get_table_names())
    mine = {name for name in ledger if name in known and name.startswith(f"{owner}_")}
    for name in sorted(known - mine):
        keys = found.get_foreign_keys(name)
        if not name.startswith(f"{owner}_") and (to := {key["referred_table"] for key in keys} & mine):
            raise MigrationError(
                f"{name} points to {', '.join(sorted(to))}. Remove the plugin of {name} first"
            )
    if here and _revision(connection, owner, known):
        try:
            with connection.begin_nested():
                command.downgrade(config, "base")
        except Exception:
            log.warning("The way down of %s failed: its tables are dropped.", owner, exc_info=True)
    left = set(inspect(connection).get_table_names())
    for name in sorted(mine & left):
        rest = " CASCADE" if connection.dialect.name == "postgresql" else ""  # their keys among each other
        connection.execute(text(f'DROP TABLE "{name}"{rest}'))
    connection.execute(text(f'DROP TABLE IF EXISTS "{version_table(owner)}"'))
    return sorted(mine)


def _newer(owner: str, revision: str) -> NewerDatabase:
    what = "Kith" if owner == "core" else f"the plugin “{owner}”"
    return NewerDatabase(
        f"The database was written by a newer version of {what} (its revision {revision} is unknown here). Start the "
        "newer version again, or restore the backup that was made before the upgrade."
    )


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off before BEGIN: batch mode re-creates a table, and ON would cascade the delete."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        rows = ", ".join(f"{row[0]} (row {row[1]}) → {row[2]}" for row in broken)
        raise MigrationError(f"rows would point to nothing: {rows}")
