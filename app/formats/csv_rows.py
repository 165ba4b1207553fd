"""Rows of a CSV or tab-separated file: its delimiter found, quotation marks that are never closed survived."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from app.formats.card import N_, Problem, problem
from app.formats.clean_text import clean
from app.formats.csv_safe import restore
from app.formats.source import Mark, Source
from app.formats.source import lines as source_lines

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARS = 64 * 1024
SAMPLE_ROWS = 60
MAX_LINE = 16 * 1024 * 1024
MAX_ROW_LINES = 2_000
MAX_MENDED = 20
"""After so many unclosed quotation marks the rest of the file is read as if it had none."""
_UNCLOSED = N_(
    "A quotation mark in this row is never closed. The row was read without quotation marks; check it."
)
_UNREADABLE = N_(
    "Some letters of this row cannot be read as %(encoding)s. Choose another encoding, or correct them afterwards."
)
_PROTECTED_PHONE = re.compile(r"'\+?[0-9]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file from 1, its cleaned and stripped cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a text table are divided: the mark between them, around them, and before a mark inside them."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""


def find_dialect(text: str, delimiter: str = "") -> Dialect:
    """Return how the beginning of a file divides its cells, with the delimiter that somebody chose if he did."""
    mark = delimiter or find_delimiter(text)
    single, double = (_around(text, mark, quote) for quote in ("'", '"'))
    quote = "'" if single > 5 and single > 4 * double else '"'
    escaped, doubled = text.count(f"\\{quote}"), text.count(quote * 2)
    return Dialect(mark, quote, "\\" if escaped > max(1, doubled) else "")


def _around(text: str, mark: str, quote: str) -> int:
    """How often a quotation mark stands at the edge of a cell."""
    return text.count(f"{mark}{quote}") + text.count(f"{quote}{mark}")


def find_delimiter(text: str) -> str:
    """Return the delimiter that cuts the beginning of a file into rows of the same length."""
    if text[:4].lower() == "sep=" and text[4:5] in DELIMITERS:
        return text[4]
    return max(DELIMITERS, key=lambda mark: _evenness(text, mark))


def _evenness(text: str, mark: str) -> tuple[float, int]:
    lengths: Counter[int] = Counter()
    try:
        for _, row in zip(
            range(SAMPLE_ROWS), csv.reader(io.StringIO(text, newline=""), delimiter=mark), strict=False
        ):
            lengths[len(row)] += bool(row)
    except csv.Error:
        pass  # a cell beyond the limit: what was counted so far decides
    length, count = max(lengths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
    if length < 2:
        return (0.0, 0)
    share = count / max(1, sum(lengths.values()))
    return (round(min(share, 0.8), 1), length)


class Text:
    """The lines of a text file one by one, and the byte behind the last one (0 where that cannot be told)."""

    def __init__(self, source: Source, encoding: str, at: int = 0) -> None:
        codec = "utf-8-sig" if encoding == "utf-8" else encoding
        self.behind = at
        self._lines = self._wide(source, codec) if is_wide(encoding) else self._plain(source, codec, at)

    def _wide(self, source: Source, codec: str) -> Iterator[tuple[int, str]]:
        with io.TextIOWrapper(source.open(), encoding=codec, errors="replace", newline="") as stream:
            for line in iter(lambda: stream.readline(MAX_LINE), ""):
                yield 0, line

    def _plain(self, source: Source, codec: str, at: int) -> Iterator[tuple[int, str]]:
        """Lines end at the same bytes in all encodings but UTF-16 and UTF-32, so each is decoded alone."""
        first, codec = codec, codec.removesuffix("-sig")
        for behind, line in source_lines(source, at, MAX_LINE):
            yield behind, line.decode(first if behind == len(line) else codec, "replace")

    def readline(self) -> str:
        """Return the next line with its end, "" behind the last one."""
        self.behind, line = next(self._lines, (self.behind, ""))
        return line


def is_wide(encoding: str) -> bool:
    """Tell whether each letter of an encoding has several bytes, also those that end lines."""
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf16", "utf-32", "utf32"))


def read_rows(
    text: Text, dialect: Dialect, encoding: str = "", mark: Mark | None = None
) -> Iterator[Row | Problem]:
    """Yield the rows that hold anything, numbered as a spreadsheet numbers them, and what was wrong with them.

    `mark` says where the text begins and is moved from row to row.
    """
    mark = mark or Mark()
    lines = _Lines(text)
    number, delimiter = mark.line, dialect.delimiter
    lines.mended = mark.state
    mark.move(text.behind, number, lines.mended)
    for cells, whole in _records(lines, dialect):
        mark.move(lines.begun, number, lines.mended_before)
        number += 1
        if not whole:
            yield problem(number, delimiter.join(cells), _UNCLOSED)
        if encoding and any("\ufffd" in cell for cell in cells):
            yield problem(number, delimiter.join(cells), _UNREADABLE, encoding=encoding)
        clean_cells = tuple(map(cell_text, cells))
        if number == 1 and delimiter.join(cells)[:5].lower() == f"sep={delimiter}":
            continue
        if any(clean_cells):
            yield Row(number, clean_cells)


class _Lines:
    """The lines of a file, those of the current row kept, so that they can be read again in another way.

    `begun` is the byte at which the current row begins, `behind` the one behind the last line.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.again: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self.begun = self.behind = text.behind
        self.mended = self.mended_before = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) > MAX_ROW_LINES:
            raise StopIteration
        if self.again:
            self.behind, line = self.again.popleft()
        else:
            line = self.text.readline()
            self.behind = self.text.behind
        if not line:
            raise StopIteration
        self.taken.append((self.behind, line))
        return line

    def begin(self) -> None:
        """Begin another row."""
        self.begun, self.mended_before = self.behind, self.mended
        self.taken.clear()

    def keep_first(self) -> str:
        """Give all lines of the row but its first back, to be read again, and return the first."""
        if not self.taken:
            return ""
        (self.behind, first), *rest = self.taken
        self.again.extendleft(reversed(rest))
        self.mended += 1
        return first


def _records(lines: _Lines, dialect: Dialect) -> Iterator[tuple[list[str], bool]]:
    reader = _reader(lines, dialect)
    while True:
        lines.begin()
        try:
            yield next(reader), True
        except StopIteration:
            return
        except csv.Error:
            first = lines.keep_first()
            if not first:
                return
            yield _one_row(first, dialect), False
            reader = _reader(lines, dialect)


def _reader(lines: _Lines, dialect: Dialect) -> Iterator[list[str]]:
    if lines.mended >= MAX_MENDED:
        return csv.reader(lines, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape or None,
        strict=True,
    )


def _one_row(line: str, dialect: Dialect) -> list[str]:
    """The cells of one line, quotation marks taken off only where they enclose a whole cell."""
    cells = line.rstrip("\r\n").split(dialect.delimiter)
    return [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == dialect.quote else cell for cell in cells]


def cell_text(cell: str) -> str:
    """Return a cell without blanks around it and without what protects formulas in spreadsheets (`'+49`, `="01"`)."""
    text = clean(cell).strip()
    if text[:2] == '="' and text[-1:] == '"' and len(text) > 2:
        return text[2:-1]
    if _PROTECTED_PHONE.match(text):
        return text[1:]
    return restore(text)
