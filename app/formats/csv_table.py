"""A table of contacts: where its header is, what its columns hold, and its rows."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from app.formats import json_lines, xlsx_read
from app.formats.card import N_, Problem, left_out, problem
from app.formats.csv_guess import guess_columns
from app.formats.csv_headers import guess_target, words_of
from app.formats.csv_rows import SAMPLE_CHARS, Dialect, Row, Text, find_dialect, read_rows
from app.formats.csv_targets import MANY, parse_target
from app.formats.source import Data, Mark, Source, source_of

SAMPLE = 100
HEADER_WITHIN = 15
EVEN_ROWS = 5
MAX_COLUMNS = 1_000
_WIDE = N_("The table has %(count)s columns. At most 1,000 can be read; delete those that are not needed.")
_UNEVEN = N_(
    "This row has %(count)s cells, the others have %(usual)s. Check that each stands under the right column."
)
_ALPHABETIC = re.compile(r"[^\W\d_]")
_ALTERNATIVES = {
    "title": ("title", "honorific_prefix"),
    "titel": ("title", "honorific_prefix"),
    "titre": ("title", "honorific_prefix"),
    "título": ("title", "honorific_prefix"),
    "titulo": ("title", "honorific_prefix"),
    "nom": ("formatted_name", "family_name"),
    "nombre": ("formatted_name", "given_name"),
    "nome": ("formatted_name", "given_name"),
    "name": ("formatted_name", "family_name"),
}
_PARTNER = {
    "title": "title",
    "nom": "given_name",
    "nombre": "family_name",
    "nome": "family_name",
    "name": "given_name",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is to be read as far as somebody says so; what is empty is guessed.

    `header_row` is the row that holds the column names (0: none does); `sheet` is for workbooks.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = None
    sheet: str = ""


AS_FOUND = Layout()


@dataclass(frozen=True, slots=True)
class Table:
    """The beginning of a table, for a preview in which the mapping can be changed.

    `header` has a name for every column ("" without one), `header_row` is its row in the file (0: there is none),
    `rows` are the first data rows, `mapping` the guessed target per column ("" or absent: kept aside). A workbook has
    the names of its `sheets`, one of which is `sheet`. `problem` says why the table cannot be read at all.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    encoding: str
    mapping: dict[int, str]
    header_row: int = 0
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    problem: Problem | None = None
    quote: str = '"'
    escape: str = ""
    width: int = 0
    """How many cells its rows have, if nearly all have the same number; else 0."""


def read_table(data: Data, layout: Layout = AS_FOUND) -> Table:
    """Return the beginning of a table in text or of a workbook's sheet, its header and a guess of what its columns hold."""
    source = source_of(data)
    if xlsx_read.is_workbook(source):
        return _sheet(source.whole(), layout)
    encoding = layout.encoding or source.encoding
    if json_lines.is_lines(source):
        return _of_lines(source, encoding)
    dialect = find_dialect(_sample(source, encoding), layout.delimiter)
    rows: list[Row] = []
    for row in read_rows(Text(source, encoding), dialect):
        if isinstance(row, Row):
            if len(row.cells) > MAX_COLUMNS:
                wide = left_out(row.number, ", ".join(row.cells[:20]), _WIDE, count=f"{len(row.cells):,}")
                return Table((), (), dialect.delimiter, encoding, {}, problem=wide)
            rows.append(row)
        if len(rows) >= SAMPLE + HEADER_WITHIN:
            break
    found = table_of(rows, dialect.delimiter, encoding, header_row=layout.header_row)
    return replace(found, quote=dialect.quote, escape=dialect.escape)


def _of_lines(source: Source, encoding: str) -> Table:
    rows = [row for row in islice(json_lines.rows(source), SAMPLE) if isinstance(row, Row)]
    return table_of(rows, "", encoding, named=True)


def _sheet(data: bytes, layout: Layout) -> Table:
    sheets, first = xlsx_read.sheets(data, layout.sheet)
    rows = [row for row in first if isinstance(row, Row)]
    found = table_of(rows, "", "", header_row=layout.header_row)
    return replace(found, sheets=sheets.names, sheet=sheets.chosen, problem=sheets.problem)


def table_of(
    rows: list[Row],
    delimiter: str = ",",
    encoding: str = "utf-8",
    *,
    named: bool = False,
    header_row: int | None = None,
) -> Table:
    """Return the table of rows that were read already; `named` if the first one is known to hold the column names."""
    at = 0 if named and rows else _header_at(rows)
    if header_row is not None:
        at = next((n for n, row in enumerate(rows) if row.number == header_row), None)
    header = rows[at].cells if at is not None else ()
    sample = tuple(rows[at + 1 if at is not None else 0 :][:SAMPLE])
    width = max((len(row.cells) for row in (*sample, *([rows[at]] if at is not None else []))), default=0)
    header += ("",) * (width - len(header))
    sample = tuple(row for row in sample if not is_header(row.cells))
    mapping = header_mapping(header)
    mapping |= guess_columns([row.cells for row in sample], header, mapping)
    number = rows[at].number if at is not None else 0
    return Table(header, sample, delimiter, encoding, mapping, number, width=_usual_width(sample))


def _usual_width(rows: Sequence[Row]) -> int:
    width, count = Counter(len(row.cells) for row in rows).most_common(1)[0] if rows else (0, 0)
    return width if len(rows) >= EVEN_ROWS and count >= 0.9 * len(rows) else 0


def data_rows(data: Data, table: Table, mark: Mark | None = None) -> Iterator[Row | Problem]:
    """Yield the rows below the header, and what was wrong with them; `mark` says where to begin and is moved along."""
    told = 0
    for row in _every_row(source_of(data), table, mark):
        number = row.number if isinstance(row, Row) else row.line
        if number <= table.header_row:
            continue
        if isinstance(row, Problem):
            told = number
        elif table.width and len(row.cells) != table.width and told != number:
            said = {"count": len(row.cells), "usual": table.width}
            yield problem(number, ", ".join(filter(None, row.cells)), _UNEVEN, **said)
        yield row


def _every_row(source: Source, table: Table, mark: Mark | None) -> Iterator[Row | Problem]:
    if not table.delimiter and not table.sheets:
        yield from json_lines.rows(source, mark)
        return
    if not table.sheets:
        dialect = Dialect(table.delimiter, table.quote, table.escape)
        text = Text(source, table.encoding, mark.at if mark is not None else 0)
        yield from read_rows(text, dialect, table.encoding, mark)
        return
    for item in xlsx_read.read_rows(source.whole(), table.sheet):
        if not isinstance(item, xlsx_read.Sheets):
            yield item
        elif item.problem is not None:
            yield item.problem


def _sample(source: Source, encoding: str) -> str:
    """Return the beginning of a text."""
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    with io.TextIOWrapper(source.open(), encoding=codec, errors="replace", newline="") as stream:
        return stream.read(SAMPLE_CHARS)


def _known(cells: tuple[str, ...]) -> tuple[int, int]:
    """How many cells are known headers, and how many hold anything."""
    filled = [cell for cell in cells if cell]
    known = sum(
        1 for cell in filled if len(cell) < 80 and (guess_target(cell) or words_of(cell) in _ALTERNATIVES)
    )
    return known, len(filled)


def is_header(cells: tuple[str, ...]) -> bool:
    """Return whether a row is made of column names."""
    known, filled = _known(cells)
    return known >= 3 and known * 2 >= filled


def _header_at(rows: list[Row]) -> int | None:
    scores = [_known(row.cells) for row in rows[:HEADER_WITHIN]]
    for at, (known, filled) in enumerate(scores):
        if known * 2 >= filled and known >= min(2, filled) and (known > 1 or filled == 1 or at == 0):
            return at
    best = max(range(len(scores)), key=lambda at: scores[at][0], default=None)
    if best is not None and scores[best][0] >= 3:
        return best
    if len(rows) > 1 and _looks_like_names(rows[0].cells) and not _looks_like_names(rows[1].cells):
        return 0
    return None


def _looks_like_names(cells: tuple[str, ...]) -> bool:
    """Whether cells may be column names: words, no numbers, addresses or dates."""
    return all(_ALPHABETIC.search(cell) and not re.search(r"\d{3}|@|://", cell) for cell in cells if cell)


def header_mapping(header: tuple[str, ...]) -> dict[int, str]:
    """Return the targets that the header names, each single field once; some words mean what the others leave free."""
    mapping = {at: guess_target(name) for at, name in enumerate(header)}
    words = [words_of(name) for name in header]
    unsure = [at for at, word in enumerate(words) if word in _ALTERNATIVES]
    certain = {target for at, target in mapping.items() if target and at not in unsure}
    titles = [at for at in unsure if _ALTERNATIVES[words[at]][0] == "title"]
    for at in unsure:
        usual, other = _ALTERNATIVES[words[at]]
        first_of_two = at in titles[:-1]
        taken = (_PARTNER.get(words[at], "title")) in certain and other not in certain
        mapping[at] = other if first_of_two or taken else usual
    return _once(mapping)


def _once(mapping: dict[int, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    seen: set[str] = set()
    for at, target in mapping.items():
        if target and (target not in seen or parse_target(target).field in MANY):
            seen.add(target)
            found[at] = target
    return found
