"""The folder or ZIP file of an export of everything: members, and a manifest with their sizes, lines and SHA-256.

The same members give the same bytes. Whoever reads one trusts nothing in it: names, sizes and hashes are checked first.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from app.kernel.errors import KithError

FORMAT, VERSION = "kith-export", 1
MANIFEST = "manifest.json"
SCHEMA = "schema.json"
DATA = re.compile(r"data/[a-z][a-z0-9_]{0,79}\.jsonl")
CONTENT = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}")
LONGEST = 64 * 1024 * 1024
"""Bytes of a line, and of the manifest."""

CHUNK = 1024 * 1024
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of all members: that of the export is no part of what is exported."""


class BadExport(KithError):
    """What was given is no complete, unchanged export; the message says what is wrong with it."""


@dataclass
class Writer:
    """Adds members; `members` is what the manifest says of them, `files` counts contents and their bytes."""

    target: Path
    archive: zipfile.ZipFile | None
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=lambda: {"count": 0, "bytes": 0})

    def lines(self, name: str, found: Iterable[bytes]) -> int:
        """Add a member of lines, unless there are none; return how many."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self._opened(name) as sink:
            for line in found:
                digest.update(line)
                sink.write(line)
                size, count = size + len(line), count + 1
        self.members[name] = {"lines": count, "bytes": size, "sha256": digest.hexdigest()}
        return count

    def content(self, sha256: str, path: Path) -> None:
        """Add the content of a file. Raises BadExport when it is not what its name says."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as source, self._opened(place(sha256)) as sink:
            while data := source.read(CHUNK):
                digest.update(data)
                sink.write(data)
                size += len(data)
        if digest.hexdigest() != sha256:
            raise BadExport(
                f"The file {path.name} is damaged: it is not what was stored. Restore it from a backup."
            )
        self.files["count"] += 1
        self.files["bytes"] += size

    def manifest(self, said: Mapping[str, Any]) -> None:
        """Add the manifest, as the last member."""
        told = {"format": FORMAT, "version": VERSION, **said, "members": self.members, "files": self.files}
        with self._opened(MANIFEST) as sink:
            sink.write(json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        if self.archive is not None:
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with self.archive.open(info, "w", force_zip64=True) as member:
                yield member
            return
        path = self.target / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as stream:
            yield stream


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write an export into a new folder, or into a file if its name ends in .zip; it gets its name when it is complete.

    Raises BadExport when there is something of that name already.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise BadExport(f"{target} exists already. Name a new folder, or a new file that ends in .zip.")
    part = target.with_name(f".{target.name}.part")
    _remove(part)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if target.suffix.lower() == ".zip":
            with (
                os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream,
                zipfile.ZipFile(stream, "w") as archive,
            ):
                yield Writer(part, archive)
        else:
            part.mkdir(mode=0o700)
            yield Writer(part, None)
        if target.is_dir():
            target.rmdir()
        part.rename(target)
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)


def place(sha256: str) -> str:
    """Return the name of the member that holds a content."""
    return f"files/{sha256[:2]}/{sha256}"


# ---------------------------------------------------------------- reading


class Reader:
    """Reads members of an export that nobody has vouched for yet."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._archive = None if source.is_dir() else _archive(source)
        self.manifest = self._manifest()

    def close(self) -> None:
        """Close the file."""
        if self._archive is not None:
            self._archive.close()

    def names(self) -> set[str]:
        """Return the names of all members."""
        if self._archive is not None:
            return {name for name in self._archive.namelist() if not name.endswith("/")}
        found = (path for path in self._source.rglob("*") if not path.is_dir() or path.is_symlink())
        return {path.relative_to(self._source).as_posix() for path in found}

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a member. Raises BadExport when it is missing or damaged."""
        try:
            if self._archive is not None:
                with self._archive.open(name) as member:
                    yield member
            else:
                path = self._source / name
                if path.is_symlink():
                    raise BadExport(f"{name} is a link; an export holds none.")
                with path.open("rb") as stream:
                    yield stream
        except (KeyError, FileNotFoundError):
            raise BadExport(f"The export is not complete: {name} is missing.") from None
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BadExport(f"{name} is damaged ({error}).") from None

    def lines(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the lines of a member with their numbers. Raises BadExport."""
        if name not in self.manifest["members"]:
            return
        with self.open(name) as stream:
            for number, line in enumerate(iter(lambda: stream.readline(LONGEST), b""), 1):
                try:
                    found = json.loads(line)
                except ValueError:
                    found = None
                if not isinstance(found, dict):
                    raise BadExport(f"{name}, line {number}: this is no JSON object.")
                yield number, found

    def verify(self) -> None:
        """Read everything once and compare it with the manifest and with its name. Raises BadExport."""
        members, there = self.manifest["members"], self.names() - {MANIFEST}
        for name in sorted(members.keys() - there):
            raise BadExport(f"The export is not complete: {name} is missing.")
        count = size = 0
        for name in sorted(there):
            told = members.get(name)
            if told is None and not CONTENT.fullmatch(name):
                raise BadExport(f"The export holds {name!r}, of which its manifest knows nothing.")
            found = self._measured(name, told["bytes"] if told else LONGEST * 1024)
            expected = name.rpartition("/")[2] if told is None else told["sha256"]
            if found[0] != expected or (told is not None and found[1:] != (told["bytes"], told.get("lines"))):
                raise BadExport(f"The export was changed or damaged: {name} is not what it was.")
            if told is None:
                count, size = count + 1, size + found[1]
        if {"count": count, "bytes": size} != self.manifest["files"]:
            raise BadExport(f"The export has {count} files of {size} bytes; its manifest says otherwise.")

    def _measured(self, name: str, most: int) -> tuple[str, int, int | None]:
        digest, size, lines = hashlib.sha256(), 0, 0
        with self.open(name) as stream:
            while (data := stream.read(CHUNK)) and size <= most:
                digest.update(data)
                size += len(data)
                lines += data.count(b"\n")
        return digest.hexdigest(), size, lines if name.endswith(".jsonl") else None

    def _manifest(self) -> dict[str, Any]:
        with self.open(MANIFEST) as stream:
            text = stream.read(LONGEST)
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise BadExport(f"{self._source} is no export of Kith: its manifest is none.")
        if found.get("version") != VERSION:
            raise BadExport(f"The export has version {found.get('version')!r}; this Kith reads {VERSION}.")
        members = found.get("members")
        if not isinstance(members, dict) or not all(map(_is_told, members.items())):
            raise BadExport("The manifest of the export is damaged.")
        return {"owners": {}, "incomplete": {}, "files": {}} | found


def _is_told(item: tuple[str, Any]) -> bool:
    name, said = item
    plain = (
        isinstance(said, dict) and isinstance(said.get("bytes"), int) and isinstance(said.get("sha256"), str)
    )
    return plain and bool(DATA.fullmatch(name) or name == SCHEMA)


@contextmanager
def reading(source: Path) -> Iterator[Reader]:
    """Open an export, a folder or a ZIP file. Raises BadExport."""
    with closing(Reader(source)) as reader:
        yield reader


def _archive(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise BadExport(f"{source} is no export of Kith ({error}).") from None
