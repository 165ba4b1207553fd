"""Files that nothing points at any more: their rows and bytes go in the nightly tidying."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, select

from app.house import house
from app.kernel.context import Context
from app.models import Blob, Model
from app.services import field_files
from app.services.attachments import path_of

KEEP = timedelta(days=1)
"""A file may be on disk before its row is stored, and a row may wait for what points at it."""

BATCH = 200


def sweep(ctx: Context) -> int:
    """Remove the contents that no table points at, and files on disk without a row; returns how many files went."""
    gone = 0
    while field_files.sweep(ctx) == field_files.BATCH:
        pass
    while names := _forget(ctx):
        for name in names:
            path_of(name).unlink(missing_ok=True)
        gone += len(names)
    return gone + _strays(ctx)


def _forget(ctx: Context) -> list[str]:
    """Delete up to a batch of rows that nothing points at; returns the names of their files."""
    with ctx.unit():
        query = select(Blob).where(Blob.created_at < ctx.now - KEEP)
        for column in pointing():
            query = query.where(~select(column).where(column == Blob.id).exists())
        rows = ctx.session.execute(query.order_by(Blob.id).limit(BATCH)).scalars().all()
        names = [row.storage_name for row in rows]
        for row in rows:
            ctx.session.delete(row)
    return names


def pointing() -> list[Column[int]]:
    """Return the columns of all tables, plugins' too, that point at contents."""
    return [
        column
        for table in Model.metadata.tables.values()
        for column in table.c
        if any(key.target_fullname == "blob.id" for key in column.foreign_keys)
    ]


def _strays(ctx: Context) -> int:
    """Remove what was written for an upload that was then not stored."""
    folder, gone = house().config.data / "files", 0
    for path in folder.glob("??/*") if folder.is_dir() else ():
        known = ctx.session.scalar(select(Blob.id).where(Blob.storage_name == path.name))
        if known is None and _old(ctx, path):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _old(ctx: Context, path: Path) -> bool:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) < ctx.now - KEEP
