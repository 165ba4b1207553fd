"""Logical lines of a vCard file, made from its physical ones: folding, soft breaks and the damage of real writers.

Works on bytes, because a fold may cut a character in two and because vCard 2.1 names an encoding per line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.formats.source import Data, Mark, Source, lines, source_of

MAX_LINE = 16 * 1024 * 1024
"""Longest logical line kept, in bytes: a photo of 12 MB. What is beyond is cut off and reported."""

_PROPERTY = re.compile(rb"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*[ \t]*[;:]")
_SOFT = re.compile(rb"[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]", re.IGNORECASE)
_FRAME = re.compile(rb"\s*(?:BEGIN|END)\s*:", re.IGNORECASE)
_OLD = re.compile(rb"\s*VERSION\s*:\s*2\.1\s*", re.IGNORECASE)
_BASE64 = re.compile(rb"[^:]*;(?:ENCODING=)?(?:BASE64|B)[;:]", re.IGNORECASE)
_FOLD_WIDTHS = frozenset((74, 75, 76))


@dataclass(slots=True)
class LogicalLine:
    """One unfolded line; `number` counts physical lines from 1; `cut` if it was longer than MAX_LINE.

    `begins` is the byte of the file at which it begins.
    """

    number: int
    content: bytes
    cut: bool = False
    begins: int = 0


class _Growing:
    """A logical line that may still be continued."""

    def __init__(self, number: int, first: bytes, old: bool) -> None:
        self.number = number
        self.begins = 0
        self.content = bytearray(first)
        self.last = 0
        self.width = len(first)
        self.soft = _SOFT.match(first) is not None
        self.keeps_blank = old and not self.soft and _BASE64.match(first) is None
        self.frame = _FRAME.match(first) is not None
        self.cut = False

    def add(self, more: bytes) -> None:
        if len(self.content) + len(more) > MAX_LINE:
            self.cut = True
            return
        self.last = len(self.content)
        self.content += more

    def fold(self, line: bytes) -> None:
        # vCard 2.1 folds before a blank that belongs to the text; newer writers add the blank at a fixed width
        keep = self.keeps_blank and self.width not in _FOLD_WIDTHS
        self.add(line if keep else line[1:])
        self.width = len(line)

    def takes_soft_break(self) -> bool:
        return self.soft and self.content[self.last :].rstrip(b" \t").endswith(b"=")

    def join_soft(self, line: bytes) -> None:
        part = self.content[self.last :].rstrip(b" \t")
        del self.content[self.last + len(part) - 1 :]
        self.add(line)

    def finished(self) -> LogicalLine:
        return LogicalLine(self.number, bytes(self.content), self.cut, self.begins)


def logical_lines(data: Data, mark: Mark | None = None) -> Iterator[LogicalLine]:
    """Yield the unfolded lines of a file in an ASCII-compatible encoding; blank ones are left out.

    A line that is no property and no fold continues the one before it with a line break, so that a note with raw
    line breaks stays whole. Each line knows the byte at which it begins.
    """
    current: _Growing | None = None
    blanks, old = 0, False
    for number, begins, line in physical_lines(data, mark):
        if current is not None and current.takes_soft_break() and not _FRAME.match(line):
            current.join_soft(line)
            continue
        if not line.strip():
            blanks += 1
            continue
        if current is not None and not current.frame and line[:1] in b" \t" and not _FRAME.match(line):
            current.fold(line)
        elif current is not None and not current.frame and not _PROPERTY.match(line):
            current.add(b"\n" * (blanks + 1) + line)
        else:
            if current is not None:
                yield current.finished()
            old = (old or _OLD.fullmatch(line) is not None) and not _FRAME.match(line)
            current = _Growing(number, line, old)
            current.begins = begins
        blanks = 0
    if current is not None:
        yield current.finished()


def physical_lines(data: Data, mark: Mark | None = None) -> Iterator[tuple[int, int, bytes]]:
    """Yield the lines of a file as (number from 1, byte at which it begins, line without its end), from a mark on.

    Whatever system wrote them: where no LF ends a line, CR does.
    """
    source, mark = source_of(data), mark or Mark()
    begins = mark.at
    for number, line in enumerate(_raw_lines(source, begins), start=mark.line + 1):
        bare = line.rstrip(b"\r\n")
        yield number, begins, bare if begins else bare.removeprefix(b"\xef\xbb\xbf")
        begins += len(line)


def _raw_lines(source: Source, at: int) -> Iterator[bytes]:
    if b"\n" not in source.head and b"\r" in source.head:
        yield from (line for _behind, line in lines(source, at, MAX_LINE))
        return
    with source.open(at) as stream:
        yield from iter(lambda: stream.readline(MAX_LINE), b"")


def ascii_compatible(data: Data, encoding: str) -> tuple[Source, str]:
    """Return a file in an encoding whose ASCII part is ASCII: UTF-16 and UTF-32 become UTF-8, in memory."""
    source = source_of(data)
    found = encoding or source.encoding
    if found.startswith(("utf-16", "utf-32")):
        return Source(source.whole().decode(found, errors="replace").encode()), "utf-8"
    return source, found.replace("utf-8-sig", "utf-8")
