"""Backups while people work: one instant of the database, the files it names, and a manifest, in one archive."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app import version as program
from app.config import Config, secret_key
from app.house import house
from app.kernel.context import Context
from app.kernel.errors import KithError
from app.services import archive, backup_files, secrets

SECRET = {"secret_key", "secret_key_old", "database_url", "smtp_url", "plugin_settings"}
FILES = "files"
"""The folder of blobs inside the data folder."""

VERSIONS = "kith_version"
SPARE = 50 * 1024 * 1024


class BackupError(KithError):
    """A backup could not be taken; the message says why and what to do."""


def nightly(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `backup`: take one into the data folder and remove the oldest."""
    made = make(house().config)
    ctx.log.info("backup written: %s (%d bytes)", made.name, made.stat().st_size)
    for gone in backup_files.prune(house().config):
        ctx.log.info("old backup removed: %s", gone.name)


def make(config: Config, target: Path | None = None, *, label: str = "") -> Path:
    """Take a backup and return its file; `target` is a file or a folder, by default the folder of backups.

    Raises BackupError. A file of the name exists only if the backup is complete and on the disk.
    """
    folder = backup_files.folder(config)
    name = backup_files.name(datetime.now(UTC), label)
    path = folder / name if target is None else target / name if target.is_dir() else target
    if path.exists():
        raise BackupError(f"{path} exists already. Name another file.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with _alone(folder), tempfile.TemporaryDirectory(prefix=".work-", dir=folder) as work:
            manifest = describe(config)
            with archive.writing(path, manifest) as writer:
                manifest["rows"], manifest["revisions"] = _database(config, Path(work), writer)
                _files(config, writer)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup was not taken: {error}. Nothing of it was left behind.") from error
    return path


def verify(path: Path) -> Mapping[str, Any]:
    """Check a backup to its last byte and, of SQLite, the database in it; returns its manifest. Raises BadArchive."""
    with tempfile.TemporaryDirectory(prefix="kith-verify-") as folder:
        manifest = archive.read(path, Path(folder))
        inside = Path(folder) / "database" / "kith.db"
        if manifest["database"] == "sqlite":
            check_sqlite(inside, manifest["rows"])
        return manifest


def describe(config: Config) -> dict[str, Any]:
    """Return what the manifest says of this installation; nothing secret, but fingerprints of it."""
    values = {k: v for k, v in asdict(config).items() if k not in SECRET}
    return {
        "kith": program.current(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": make_url(config.database).get_backend_name(),
        "secret_key": fingerprint(secret_key(config)),
        "secrets": list(secrets.fingerprints(config)),
        "settings": {k: v for k, v in values.items() if v != getattr(Config(), k)},
        "revisions": {},
        "rows": {},
    }


def fingerprint(key: str) -> str:
    """Return by what a secret key is recognised: it tells nothing of the key."""
    return hmac.new(key.encode(), b"kith backup", hashlib.sha256).hexdigest()[:16]


def _database(
    config: Config, work: Path, writer: archive.Writer
) -> tuple[Mapping[str, int], Mapping[str, str]]:
    """Add the database as of one instant; returns its rows per table and the revision of each owner."""
    if make_url(config.database).get_backend_name() != "sqlite":
        from app.services import pg_copy

        rows, versions = pg_copy.dump(
            config.database, work, lambda name, path: writer.add(f"database/{name}", path)
        )
        return rows, {owner_of(table): at for table, at in versions.items()}
    source = Path(make_url(config.database).database or "")
    _room(source.stat().st_size, work)
    copy = work / "kith.db"
    copy_sqlite(source, copy)
    rows, at = count_sqlite(copy), _revisions(copy)
    writer.add("database/kith.db", copy)
    copy.unlink()
    return rows, at


def _revisions(path: Path) -> Mapping[str, str]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        tables = [name for name in count_sqlite(path) if name.startswith(VERSIONS)]
        found = {name: connection.execute(f'SELECT version_num FROM "{name}"').fetchone() for name in tables}  # noqa: S608 (from the catalogue)
    return {owner_of(name): row[0] for name, row in found.items() if row}


def owner_of(table: str) -> str:
    """Return whose revision a version table holds: kith_version is the core's, kith_version_sales that of sales."""
    return table.removeprefix(VERSIONS).removeprefix("_") or "core"


def _room(size: int, where: Path) -> None:
    """A copy of the database and its compressed form stand side by side for a while."""
    wanted = size * 2 + SPARE
    if (free := shutil.disk_usage(where).free) < wanted:
        megabytes = f"{wanted // 1_000_000} MB are needed, {free // 1_000_000} MB are free"
        raise BackupError(f"There is no room for a backup in {where.parent}: {megabytes}.")


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that is in use, as of one instant, by SQLite's own means; writers go on meanwhile."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=30)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal beside it


def count_sqlite(path: Path) -> Mapping[str, int]:
    """Return how many rows each table of a database file has."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        names = [name for (name,) in connection.execute(query)]
        return {name: _count(connection, name) for name in names}


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = '"' + table.replace('"', '""') + '"'
    found: int = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0]  # noqa: S608 (quoted)
    return found


def check_sqlite(path: Path, rows: Mapping[str, int]) -> None:
    """Raise BadArchive unless a database file is sound and has the rows that the manifest says."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
        counted = count_sqlite(path)
    except sqlite3.Error as error:
        raise archive.BadArchive(f"The database in the backup cannot be read: {error}.") from error
    if said != ["ok"] or broken:
        raise archive.BadArchive(f"The database in the backup is damaged: {said[:3]} {broken[:3]}.")
    if counted != rows:
        wrong = sorted(name for name in {*rows, *counted} if rows.get(name) != counted.get(name))
        raise archive.BadArchive(f"The database in the backup has other rows than its manifest: {wrong[:5]}.")


def _files(config: Config, writer: archive.Writer) -> None:
    """Add the blobs. They never change under their name; what is being written or was just removed is left out."""
    root = config.data / FILES
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.suffix in {".part", ".tmp"}:
            continue
        try:
            writer.add(f"{FILES}/{path.relative_to(root).as_posix()}", path)
        except FileNotFoundError:
            continue


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time: the nightly one, the one before an upgrade, and that of an administrator."""
    with (folder / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup is being taken just now. Wait until it is done.") from None
        for rest in [*folder.glob(".work-*"), *folder.glob("*.part")]:
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink(missing_ok=True)
        yield
