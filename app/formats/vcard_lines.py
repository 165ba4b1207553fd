"""Logical lines of a vCard file, made from its physical ones: folding, soft breaks and the damage of real writers.

Works on bytes, because a fold may cut a character in two and because vCard 2.1 names an encoding per line.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

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
    """One unfolded line; `number` counts physical lines from 1; `cut` if it was longer than MAX_LINE."""

    number: int
    content: bytes
    cut: bool = False


class _Growing:
    """A logical line that may still be continued."""

    def __init__(self, number: int, first: bytes, old: bool) -> None:
        self.number = number
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
        return LogicalLine(self.number, bytes(self.content), self.cut)


def logical_lines(data: bytes) -> Iterator[LogicalLine]:
    """Yield the unfolded lines of a file in an ASCII-compatible encoding; blank ones are left out.

    A line that is no property and no fold continues the one before it with a line break, so that a note with raw
    line breaks stays whole.
    """
    current: _Growing | None = None
    blanks, old = 0, False
    for number, line in physical_lines(data):
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
        blanks = 0
    if current is not None:
        yield current.finished()


def physical_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers from 1, without line ends, whatever the system that wrote them."""
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    stream = io.BytesIO(data)
    for number, line in enumerate(iter(lambda: stream.readline(MAX_LINE), b""), start=1):
        yield number, line.rstrip(b"\r\n")
