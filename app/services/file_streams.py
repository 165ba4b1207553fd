"""Files that are too large to be held: written to disk as they arrive, then kept like any other content."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import select

from app.house import house
from app.kernel.context import Context
from app.models import Blob
from app.services.attachments import path_of

CHUNK = 1024 * 1024
MOST_MB = 2047
"""What the column of sizes can hold on PostgreSQL."""


class TooLarge(Exception):
    """More arrived than may."""


@dataclass(frozen=True)
class Part:
    """A file on disk that nothing points at yet."""

    path: Path
    sha256: str
    size: int


@contextmanager
def arriving(stream: IO[bytes], most: int) -> Iterator[Part]:
    """Write a stream to disk and hand it over; what was not kept at the end is removed. Raises TooLarge."""
    name = secrets.token_hex(20)
    path = path_of(name).with_suffix(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield _written(path, stream, most)
    finally:
        path.unlink(missing_ok=True)


def _written(path: Path, stream: IO[bytes], most: int) -> Part:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for chunk in iter(lambda: stream.read(CHUNK), b""):
            size += len(chunk)
            if size > most:
                raise TooLarge
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return Part(path, digest.hexdigest(), size)


def keep(ctx: Context, part: Part, media_type: str = "application/octet-stream") -> int:
    """Keep a file that arrived and return the id of its row; the same content is stored once."""
    with ctx.unit():
        found = ctx.session.execute(select(Blob).where(Blob.sha256 == part.sha256)).scalar_one_or_none()
        if found is None:
            found = Blob(
                sha256=part.sha256,
                storage_name=part.path.stem,
                size=part.size,
                media_type=media_type,
                created_at=ctx.now,
            )
            ctx.session.add(found)
            ctx.session.flush()
        target = path_of(found.storage_name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(part.path, target)
        return found.id


def most_of_an_import() -> int:
    """Return how many bytes a file to be imported may have."""
    return min(house().config.import_max_mb, MOST_MB) * 1024 * 1024
