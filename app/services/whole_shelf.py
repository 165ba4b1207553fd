"""Exports of everything that administrators asked for on the screen: made in the background, kept until three are newer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import JobRow
from app.services import access, audit, jobs, whole_export, whole_files
from app.services.unit import unit

RIGHT = "admin.export"
"""The right to take out everything: administrators have it from the start, and nobody else."""

JOB = "whole.export"
NAME = re.compile(r"kith-everything-(\d{8}T\d{6}Z)\.zip")
STAMP = "%Y%m%dT%H%M%SZ"
KEPT = 3


@dataclass(frozen=True, kw_only=True)
class Made:
    """An export that is there to be fetched; `missing` names the plugins and files that it could not read."""

    name: str
    at: datetime
    size: int
    rows: int
    files: int
    missing: Sequence[str]


def folder() -> Path:
    """Return where exports are kept, in the data folder."""
    return house().config.data / "exports"


def every(ctx: Context) -> Sequence[Made]:
    """Return the exports that are there, the newest first."""
    access.require(ctx, RIGHT)
    found = [path for path in folder().glob("kith-everything-*.zip") if NAME.fullmatch(path.name)]
    return [_made(path) for path in sorted(found, reverse=True)]


def _made(path: Path) -> Made:
    try:
        with whole_files.reading(path) as found:
            told = found.manifest
    except whole_files.BadExport:
        told = {"members": {}, "files": {}, "incomplete": {"files": [path.name]}}
    return Made(
        name=path.name,
        at=datetime.strptime(path.name[16:32], STAMP).replace(tzinfo=UTC),
        size=path.stat().st_size,
        rows=sum(one.get("lines", 0) for one in told["members"].values()),
        files=told["files"].get("count", 0),
        missing=[name for found in told["incomplete"].values() for name in found],
    )


def state(ctx: Context) -> str:
    """Return how an export that was asked for is: "ready" (waits), "running", "dead" (failed) or "" (none)."""
    access.require(ctx, RIGHT)
    return ctx.session.scalar(select(JobRow.state).where(JobRow.key == JOB)) or ""


@unit
def start(ctx: Context) -> None:
    """Ask for an export; a second wish while one is made is the same wish."""
    access.require(ctx, RIGHT)
    if state(ctx) not in ("ready", "running"):
        jobs.enqueue(ctx, JOB, {}, key=JOB, user_id=None)
        audit.note(ctx, "export.everything")


def run(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job: make an export and remove the oldest."""
    target = folder() / f"kith-everything-{ctx.now.astimezone(UTC).strftime(STAMP)}.zip"
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    if not target.exists():
        made = whole_export.write(ctx, target)
        ctx.log.info("everything exported: %s (%d rows, %d files)", target.name, made.rows, made.files)
    found = sorted((path for path in folder().glob("*.zip") if NAME.fullmatch(path.name)), reverse=True)
    for path in found[KEPT:]:
        path.unlink(missing_ok=True)


def fetch(ctx: Context, name: str) -> Path:
    """Return the file of an export for somebody to take away; the audit says who did. Raises NotVisible."""
    path = _path(ctx, name)
    audit.note(ctx, "export.fetched", f"export:{name}")
    return path


def remove(ctx: Context, name: str) -> None:
    """Delete an export. Raises NotVisible."""
    _path(ctx, name).unlink(missing_ok=True)
    audit.note(ctx, "export.removed", f"export:{name}")


def _path(ctx: Context, name: str) -> Path:
    access.require(ctx, RIGHT)
    path = folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotVisible(_("There is no such export. It was deleted, or newer ones took its place."))
    return path
