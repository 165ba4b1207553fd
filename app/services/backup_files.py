"""Where backups are, what they are called, and which are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.config import Config

NAME = re.compile(r"kith-(\d{8}T\d{6}Z)(?:-[a-z0-9-]+)?\.tar\.gz")
STAMP = "%Y%m%dT%H%M%SZ"


def folder(config: Config) -> Path:
    """Return the folder of the backups, inside the data folder."""
    return config.data / "backups"


def name(at: datetime, label: str = "") -> str:
    """Return the file name of a backup taken at an instant; the label says what for ("before-upgrade")."""
    return f"kith-{at.astimezone(UTC).strftime(STAMP)}{'-' + label if label else ''}.tar.gz"


def taken_at(path: Path) -> datetime:
    """Return when a backup was taken, by its name. Raises ValueError for another file."""
    found = NAME.fullmatch(path.name)
    if found is None:
        raise ValueError(f"{path.name} is no backup of Kith by its name.")
    return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)


def every(config: Config) -> Sequence[Path]:
    """Return the finished backups, newest first."""
    found = [path for path in folder(config).glob("kith-*.tar.gz") if NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def newest(config: Config) -> Path | None:
    """Return the newest finished backup."""
    return next(iter(every(config)), None)


def prune(config: Config) -> Sequence[Path]:
    """Remove the oldest nightly backups beyond `backup_keep` and what an interrupted one left; returns what went.

    Backups with a label (before an upgrade or a restore) count for themselves: the newest three are kept.
    """
    found = every(config)
    plain = [path for path in found if path.name.count("-") == 1]
    labelled = [path for path in found if path.name.count("-") > 1]
    gone = [*plain[max(1, config.backup_keep) :], *labelled[3:]]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
