"""The file of a backup: a compressed tar, written and read as a stream, with a manifest of sizes and hashes at its end.

Whoever reads one trusts nothing in it: names, kinds and sizes of members are checked before anything is written.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from app.kernel.errors import KithError

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_MAX = 64 * 1024 * 1024
MEMBER = re.compile(r"(?:database|files)(?:/[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*)+")
CHUNK = 1024 * 1024


class BadArchive(KithError):
    """The file is no complete, unchanged backup; the message says what is wrong with it."""


@dataclass
class Writer:
    """Adds members to an archive that is being written; `members` is what the manifest will say of them."""

    tar: tarfile.TarFile
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Add a file under a name; its size is that at the beginning. Raises OSError, BadArchive if it shrank."""
        if not MEMBER.fullmatch(name):
            raise BadArchive(f"A backup cannot hold a file of the name {name!r}.")
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            hashed = Hashed(stream)
            self.tar.addfile(_info(name, size), hashed)
        self.members[name] = {"size": size, "sha256": hashed.hexdigest()}


class Hashed(io.RawIOBase):
    """A stream that hashes what is read through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._hash = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on, at most `size` bytes."""
        data = self._stream.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        """Return the SHA-256 of all that was read."""
        return self._hash.hexdigest()


@contextmanager
def writing(path: Path, manifest: dict[str, Any]) -> Iterator[Writer]:
    """Write an archive: the block adds members and fills the manifest; only then the file gets its name.

    Whatever happens before leaves no file of that name, and no rest of one.
    """
    part = path.with_name(path.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw:
            with (
                gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=3, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                writer = Writer(tar)
                yield writer
                _finish(writer, manifest)
            raw.flush()
            os.fsync(raw.fileno())
        part.rename(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _finish(writer: Writer, manifest: dict[str, Any]) -> None:
    text = json.dumps({"format": FORMAT, **manifest, "members": writer.members}, indent=1).encode()
    writer.tar.addfile(_info(MANIFEST, len(text)), io.BytesIO(text))


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path, into: Path | None = None) -> Mapping[str, Any]:
    """Read an archive to its end, check every byte against the manifest, and return that.

    With `into`, an empty folder, the members are written there. Raises BadArchive; OSError where the disk is full.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with gzip.open(path, "rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for info in tar:
                if manifest is not None:
                    raise BadArchive("There is something behind the manifest.")
                stream = _stream(tar, info, found)
                if info.name == MANIFEST:
                    manifest = _manifest(stream.read())
                else:
                    found[info.name] = _take(stream, into / info.name if into else None)
            while packed.read(CHUNK):
                pass  # to the end, where gzip keeps its checksum
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadArchive(f"{path.name} is damaged or not complete ({error}).") from error
    if manifest is None:
        raise BadArchive(f"{path.name} is not complete: it has no manifest.")
    if manifest["members"] != found:
        names = {*manifest["members"], *found}
        wrong = sorted(name for name in names if manifest["members"].get(name) != found.get(name))
        raise BadArchive(f"{path.name} was changed: {', '.join(wrong[:5])} differ from the manifest.")
    return manifest


def _stream(tar: tarfile.TarFile, info: tarfile.TarInfo, found: Mapping[str, Any]) -> IO[bytes]:
    if info.name == MANIFEST and info.isreg() and info.size <= MANIFEST_MAX:
        pass
    elif not info.isreg() or not MEMBER.fullmatch(info.name) or info.name in found:
        raise BadArchive(f"A backup of Kith holds no {info.name!r}; nothing of it is trusted.")
    stream = tar.extractfile(info)
    assert stream is not None
    return stream


def _take(stream: IO[bytes], target: Path | None) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sink = target.open("xb") if target is not None else open(os.devnull, "wb")  # noqa: SIM115 (closed below)
    with sink:
        while data := stream.read(CHUNK):
            digest.update(data)
            sink.write(data)
            size += len(data)
    return {"size": size, "sha256": digest.hexdigest()}


def _manifest(text: bytes) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise BadArchive("The manifest cannot be read.") from error
    if not isinstance(values, dict) or not isinstance(values.get("members"), dict):
        raise BadArchive("The manifest is none of Kith.")
    if values.get("format") != FORMAT:
        raise BadArchive(f"The backup has format {values.get('format')!r}, this version reads {FORMAT}.")
    return values
