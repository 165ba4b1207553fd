"""A file to be read from its beginning or from a byte on, without holding it: on disk, or a few bytes in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from app.formats import text_encoding

HEAD = 64 * 1024
CHUNK = 256 * 1024
LOOKED_AT = 256 * 1024 * 1024
"""Bytes from which the encoding is told; what is written in another way behind them is told row by row."""

SMALL = 4 * 1024 * 1024
"""Files up to here are looked at as a whole, because that costs nothing."""


@dataclass
class Mark:
    """Where a reader is: the byte at which its present record begins, how many lines or records came before it, and what
    else it must know (`state`) to go on there as if it had read all that is before. Readers move it as they read."""

    at: int = 0
    line: int = 0
    state: int = 0

    def move(self, at: int, line: int, state: int = 0) -> None:
        """Note that a record begins here."""
        self.at, self.line, self.state = at, line, state

    def copy(self) -> Mark:
        """Return the place as it is now."""
        return Mark(self.at, self.line, self.state)


@dataclass(frozen=True)
class Source:
    """The bytes of a file: in memory, or at a path on disk whose content never changes."""

    data: bytes = b""
    path: Path | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.data) if self.path is None else self.path.stat().st_size
        object.__setattr__(self, "size", size)

    def open(self, at: int = 0) -> BinaryIO:
        """Return the bytes from one on as a stream."""
        stream: BinaryIO = io.BytesIO(self.data) if self.path is None else self.path.open("rb")
        stream.seek(at)
        return stream

    def first(self, count: int) -> bytes:
        """Return the first bytes."""
        if self.path is None:
            return self.data[:count]
        with self.path.open("rb") as stream:
            return stream.read(count)

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB."""
        return self.first(HEAD)

    def whole(self) -> bytes:
        """Return everything; only for formats that must be held, whose files are small."""
        return self.data if self.path is None else self.path.read_bytes()

    @cached_property
    def encoding(self) -> str:
        """The codec that reads the text; see `text_encoding.detect`."""
        if self.size <= SMALL:
            return text_encoding.detect(self.whole())
        found = text_encoding.detect(self.head)
        return found if found not in ("utf-8", "utf-8-sig") else self._as_utf8()

    def _as_utf8(self) -> str:
        """Return utf-8, or what the first bytes that are none look like."""
        with self.open() as stream:
            bad = text_encoding.not_utf8(iter(lambda: stream.read(CHUNK), b""), LOOKED_AT)
        return text_encoding.detect(bad) if bad else text_encoding.detect(self.head)


Data = bytes | Source
"""What readers take: bytes, or a file on disk."""


def source_of(data: Data) -> Source:
    """Return a file for what a reader was given."""
    return data if isinstance(data, Source) else Source(data)


def lines(source: Source, at: int = 0, most: int = 16 * 1024 * 1024) -> Iterator[tuple[int, bytes]]:
    """Yield (byte behind it, line with its end) from a byte on, whatever ends lines; longer ones come in pieces."""
    with source.open(at) as stream:
        held = b""
        while True:
            chunk = stream.read(CHUNK)
            pieces = (held + chunk).splitlines(keepends=True)
            held = pieces.pop() if chunk and pieces and _is_open(pieces[-1], most) else b""
            for piece in pieces:
                at += len(piece)
                yield at, piece
            if not chunk:
                return


def _is_open(piece: bytes, most: int) -> bool:
    """Tell whether a line may go on in what was not read yet: a CR at the end may be half of CRLF."""
    return not piece.endswith(b"\n") and len(piece) < most
