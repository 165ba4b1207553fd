"""A zip with several files: looked at before anything is unpacked, so that none of them can do harm (TRUST S12, S13)."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from app.formats import xlsx_read
from app.formats.card import N_, Problem, left_out
from app.formats.source import Data, source_of

MOST_FILES = 200
MOST_BYTES = 4 * 1024 * 1024 * 1024
MOST_RATIO = 200
SMALL = 4 * 1024 * 1024
"""Files that unpack to less are no bomb, whatever their ratio."""

ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst", ".jar")
STRAY = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
"""What file managers add to archives."""

_WRONG = {
    "broken": N_("The zip is damaged. Make it anew, or import its files one by one."),
    "many": N_("The zip holds %(count)s files. At most %(limit)s can be imported at once."),
    "bomb": N_("The zip unpacks to %(size)s megabytes, which no real export does. It is not opened."),
    "locked": N_("“%(name)s” in the zip is protected by a password. Make the zip without one."),
    "path": N_("“%(name)s” in the zip points outside of it. It is not opened."),
    "nested": N_("“%(name)s” in the zip is an archive itself. Unpack it, and put its files in directly."),
    "empty": N_("The zip holds no file that can be imported."),
}


@dataclass(frozen=True)
class Member:
    """A file in a zip: its path there, its name without folders, and its size."""

    path: str
    name: str
    size: int


def is_zip(data: Data) -> bool:
    """Tell whether a file is a zip and no workbook, which is one, too."""
    source = source_of(data)
    return source.head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not xlsx_read.is_workbook(source)


def members(data: Data, name: str = "") -> list[Member] | Problem:
    """Return the files of a zip in its order, or why it is not opened; nothing is unpacked for that."""
    try:
        with source_of(data).open() as stream:
            parts = zipfile.ZipFile(stream).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return left_out(1, name, _WRONG["broken"])
    files = [one for one in parts if not one.is_dir() and not _is_stray(one.filename)]
    if len(files) > MOST_FILES:
        return left_out(1, name, _WRONG["many"], count=f"{len(files):,}", limit=MOST_FILES)
    for one in files:
        if (why := _why_not(one)) is not None:
            return left_out(1, name, _WRONG[why], name=one.filename[:80])
    total = sum(one.file_size for one in files)
    if total > MOST_BYTES or any(map(_is_swollen, files)):
        return left_out(1, name, _WRONG["bomb"], size=f"{total >> 20:,}")
    if not files:
        return left_out(1, name, _WRONG["empty"])
    return [Member(one.filename, PurePosixPath(one.filename).name, one.file_size) for one in files]


def _is_stray(path: str) -> bool:
    lowered = path.lower()
    return (
        lowered.startswith(STRAY) or lowered.endswith(STRAY[1:]) or PurePosixPath(path).name.startswith("._")
    )


def _why_not(part: zipfile.ZipInfo) -> str | None:
    path = part.filename
    linked = stat.S_ISLNK(part.external_attr >> 16)
    if linked or "\\" in path or "\0" in path or path.startswith("/") or ":" in path[:3]:
        return "path"
    if ".." in PurePosixPath(path).parts:
        return "path"
    if part.flag_bits & 1:
        return "locked"
    return "nested" if path.lower().endswith(ARCHIVES) else None


def _is_swollen(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL and part.file_size > MOST_RATIO * max(1, part.compress_size)


@contextmanager
def opened(data: Data, member: Member) -> Iterator[IO[bytes]]:
    """Open a file of a zip that was looked at; it gives no more bytes than the zip says of it."""
    with source_of(data).open() as stream, zipfile.ZipFile(stream).open(member.path) as part:
        yield part


def is_archive(head: bytes) -> bool:
    """Tell whether a file is an archive by its first bytes, whatever it is called; workbooks are looked at elsewhere."""
    return head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ"))
