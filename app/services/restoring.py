"""Puts a backup back: into an empty installation, or aside of what is there; checked before anything is touched."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.engine import make_url

from app.config import Config, secret_key
from app.kernel.errors import KithError
from app.services import archive, backups, secrets

LOCK = "kith.lock"


class RestoreError(KithError):
    """The backup was not restored; the message says why and what to do. What was there is still there."""


class Upgrade(Protocol):
    """What restoring needs of the migrations (the host has them)."""

    def known(self, revisions: Mapping[str, str]) -> None:
        """Raise KithError when a revision of the core is unknown here."""

    def to(self, revisions: Mapping[str, str]) -> None:
        """Make the tables of an empty database as they were at some revisions."""

    def forward(self) -> None:
        """Bring every owner to its newest revision."""


@contextmanager
def in_use(config: Config) -> Iterator[None]:
    """Hold the data folder as one of those that use it (servers, workers). Raises RestoreError during a restore."""
    with _locked(config, fcntl.LOCK_SH, "A restore is going on. Start Kith when it is done."):
        yield


def restore(config: Config, path: Path, upgrade: Upgrade, *, force: bool = False) -> Mapping[str, Any]:
    """Restore a backup and bring it to this version; returns its manifest.

    With `force` what is there is set aside: SQLite and files in the folder `replaced-…`, PostgreSQL as a backup.
    Raises RestoreError or BadArchive; the present data stay until the backup was found to be whole.
    """
    with _locked(config, fcntl.LOCK_EX, "Kith is running on this data folder. Stop it first."):
        if not force and not empty(config):
            raise RestoreError(
                "There are data here already. Restore into an empty data folder, or use --force."
            )
        staged = config.data / f"restoring-{_stamp()}"
        staged.mkdir(mode=0o700)
        try:
            manifest = _checked(config, path, staged)
            upgrade.known(manifest.get("revisions", {}))
            _put(config, staged, manifest, upgrade)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return manifest


def empty(config: Config) -> bool:
    """Tell whether there are neither tables nor files here."""
    if any((config.data / backups.FILES).glob("*")):
        return False
    url = make_url(config.database)
    if url.get_backend_name() != "sqlite":
        from app.services import pg_copy

        return pg_copy.empty(config.database)
    file = Path(url.database or "")
    if not file.exists():
        return True
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def same_key(config: Config, manifest: Mapping[str, Any]) -> bool:
    """Tell whether the backup was taken under the secret key that is set here (or its former one)."""
    keys = [secret_key(config), config.secret_key_old]
    return manifest.get("secret_key") in [backups.fingerprint(key) for key in keys if key]


def same_secrets(config: Config, manifest: Mapping[str, Any]) -> bool:
    """Tell whether the key is here that sealed the secrets of plugins when the backup was taken."""
    needed = manifest.get("secrets") or []
    return not needed or needed[0] in secrets.fingerprints(config)


def _checked(config: Config, path: Path, staged: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise RestoreError(f"There is no file {path}.")
    if (free := shutil.disk_usage(staged).free) < path.stat().st_size * 2 + backups.SPARE:
        raise RestoreError(f"There is no room to unpack the backup: {free // 1_000_000} MB are free.")
    manifest = archive.read(path, staged)
    here = make_url(config.database).get_backend_name()
    if manifest["database"] != here:
        raise RestoreError(f"This is a backup of {manifest['database']}, and KITH_DATABASE_URL names {here}.")
    if here == "sqlite":
        backups.check_sqlite(staged / "database" / "kith.db", manifest["rows"])
    return manifest


def _put(config: Config, staged: Path, manifest: Mapping[str, Any], upgrade: Upgrade) -> None:
    aside = config.data / f"replaced-{_stamp()}"
    url = make_url(config.database)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        for old in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            _aside(old, aside)
        (staged / "database" / "kith.db").rename(file)
    else:
        _postgresql(config, staged, manifest, upgrade)
    _aside(config.data / backups.FILES, aside)
    if (staged / backups.FILES).exists():
        (staged / backups.FILES).rename(config.data / backups.FILES)
    upgrade.forward()


def _postgresql(config: Config, staged: Path, manifest: Mapping[str, Any], upgrade: Upgrade) -> None:
    from app.services import pg_copy

    if not pg_copy.empty(config.database):
        backups.make(config, label="before-restore")
        pg_copy.clear(config.database)
    upgrade.to(manifest["revisions"])
    try:
        pg_copy.load(config.database, staged / "database", manifest["rows"])
    except Exception:
        pg_copy.clear(config.database)
        raise


def _aside(old: Path, aside: Path) -> None:
    if old.exists():
        aside.mkdir(exist_ok=True, mode=0o700)
        old.rename(aside / old.name)


@contextmanager
def _locked(config: Config, how: int, otherwise: str) -> Iterator[None]:
    config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (config.data / LOCK).open("a") as handle:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RestoreError(otherwise) from None
        yield


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
