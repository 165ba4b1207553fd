"""A file as a numbered list of finds: the same bytes and choices give the same numbers, whenever they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from app.formats import files, json_stream, sniff, xlsx_read
from app.formats.card import N_, Card, Format, Problem, left_out
from app.formats.csv_dates import DateOrder
from app.formats.csv_read import REACH, numbered, record_rows
from app.formats.csv_rows import Row
from app.formats.csv_table import SAMPLE, Layout, Table, data_rows, read_table, table_of
from app.formats.csv_texts import Texts, numbered_texts, of_fields
from app.formats.jcard import load_json
from app.formats.profiles import shape
from app.formats.source import Data, Mark, Source, source_of
from app.formats.text_encoding import detect
from app.services.import_options import NO_PROFILE, Options
from app.services.import_shapes import shapes

ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp932", "gb18030", "big5", "euc_kr")
"""Encodings to choose from when the guess is wrong."""

HEAD = 400
CARD = "contact"
"""The entity of address books; tables of all others are read field by field."""

ORDERS = {"day": DateOrder.DAY_FIRST, "month": DateOrder.MONTH_FIRST}
TABLES = (Format.CSV, Format.WORKBOOK, Format.LINES, Format.RECORDS)
_JSON = N_(
    "A JSON file may have %(limit)s megabytes. Split it, or export the contacts as vCard (.vcf) or CSV."
)
_PAGE = N_(
    "The file is a web page or drawing and no address book. Export the contacts as vCard (.vcf) or CSV."
)


@dataclass(frozen=True, slots=True)
class Since:
    """A place in a file from which reading gives the same finds as from its beginning: the mark, and the finds before."""

    mark: Mark
    before: int

    @classmethod
    def of(cls, told: Mapping[str, int] | None) -> Since | None:
        """Return the place that was kept with a run."""
        if not told:
            return None
        return cls(Mark(told["at"], told["line"], told["state"]), told["before"])

    def told(self) -> dict[str, int]:
        """Return the place as it is kept."""
        return {"at": self.mark.at, "line": self.mark.line, "state": self.mark.state, "before": self.before}


@dataclass(frozen=True, slots=True)
class Item:
    """One find of a file: `number` counts finds from 1; `row` is the table's row it came from, if any.

    Reading may begin again at `since` to come to it; None where a format can only be read from its beginning.
    """

    number: int
    found: Card | Texts | Problem
    row: Row | None = None
    since: Since | None = None
    beside: Texts | None = None
    """The cells of a card's row whose columns name fields, where a profile read them; None: as the row has them."""

    @property
    def line(self) -> int:
        """The row of the table, the line of a problem, or 0."""
        if self.row is not None:
            return self.row.number
        return self.found.line if isinstance(self.found, Problem) else 0


def refusal(data: Data, name: str) -> Problem | None:
    """Return why a file cannot be imported at all: empty, no address book, or what a browser would run (TRUST S11)."""
    source = source_of(data)
    kind = sniff.sniff(source, name)
    if kind is Format.UNKNOWN and sniff.is_streamed(source) and _begins_json(source):
        return left_out(1, name, _JSON, limit=sniff.MAX_JSON >> 20)
    if kind is Format.WORKBOOK:
        return xlsx_read.refusal(source, name) or _held(source, kind, name)
    if kind is Format.XCARD and files.sniff(source.head, name) in {"image/svg+xml", "text/html"}:
        return left_out(1, name, _PAGE)
    if kind in (Format.EMPTY, Format.UNKNOWN):
        return next(found for found in sniff.read_each(source, name) if isinstance(found, Problem))
    return _held(source, kind, name)


def _held(source: Source, kind: Format, name: str) -> Problem | None:
    """Return why a file that has to be held as a whole is not taken."""
    if not sniff.is_too_large(source, kind):
        return None
    return next(found for found in sniff.read_each(source, name) if isinstance(found, Problem))


def _begins_json(source: Source) -> bool:
    head = source.first(HEAD)
    return head.decode(detect(head), "replace").lstrip("\ufeff \t\r\n")[:1] in ("[", "{")


def items(data: Data, name: str, options: Options, since: Since | None = None) -> Iterator[Item]:
    """Yield everything a file holds, in its order, in bounded memory; from a place on if one is given."""
    source = source_of(data)
    mark = since.mark.copy() if since is not None else Mark()
    before = since.before if since is not None else 0
    made = table(source, name, options)
    if made is None:
        found = (
            (None, one, None) for one in sniff.read_each(source, name, encoding=options.encoding, mark=mark)
        )
        yield from _numbered(found, mark, before)
        return
    empty = before == 0
    for item in _numbered(_found(source, name, made, options, mark), mark, before):
        empty = False
        yield item
    if empty:
        yield from (Item(1, one) for one in sniff.read_each(b"", name))


def _numbered(
    found: Iterator[tuple[Row | None, Card | Texts | Problem, Texts | None]], mark: Mark, before: int
) -> Iterator[Item]:
    """Number what readers find, each with the place of the record it came from: the mark as it stood then."""
    since: Since | None = None
    for number, (row, one, beside) in enumerate(found, start=before + 1):
        if mark.at and (since is None or since.mark != mark):
            since = Since(mark.copy(), number - 1)
        yield Item(number, one, row, since, beside)


def _found(
    data: Source, name: str, made: Table, options: Options, mark: Mark
) -> Iterator[tuple[Row | None, Card | Texts | Problem, Texts | None]]:
    profiled = shapes(options, made) if made.problem is None else None
    if profiled is not None:
        rows = _rows(data, name, made, options, mark)
        yield from shape.read(profiled[0], rows, profiled[1], begun=mark.at > 0)
    else:
        yield from ((row, one, None) for row, one in _of_table(data, name, made, options, mark))


def _rows(data: Source, name: str, made: Table, options: Options, mark: Mark) -> Iterator[Row | Problem]:
    records = sniff.sniff(data, name) is Format.RECORDS
    return _records(data, options, mark) if records else data_rows(data, made, mark)


def _of_table(
    data: Source, name: str, made: Table, options: Options, mark: Mark
) -> Iterator[tuple[Row | None, Card | Texts | Problem]]:
    begun = mark.at > 0
    records = sniff.sniff(data, name) is Format.RECORDS
    rows = _rows(data, name, made, options, mark)
    if options.entity != CARD or of_fields(made.mapping):
        return numbered_texts(made, rows, made.mapping)
    order = ORDERS.get(options.dates, DateOrder.UNKNOWN)
    if records:
        return numbered(made, rows, made.mapping, essential=REACH, order=order, begun=begun)
    return numbered(made, rows, made.mapping, order=order, begun=begun)


def _records(data: Source, options: Options, mark: Mark) -> Iterator[Row | Problem]:
    """Yield the rows of a JSON list, held as a whole or streamed."""
    if sniff.is_streamed(data):
        yield from json_stream.rows(data, mark)
    else:
        yield from record_rows(sniff.records_in(load_json(data.whole(), options.encoding)))[1:]


def table(data: Data, name: str, options: Options) -> Table | None:
    """Return the beginning of a table, its columns as chosen or guessed; None for formats without columns."""
    source = source_of(data)
    kind = sniff.sniff(source, name)
    if kind is Format.RECORDS:
        made = table_of(_first_records(source, options), named=True)
    elif kind in TABLES:
        made = read_table(source, layout_of(options))
    else:
        return None
    guessed = options.entity == CARD and options.profile in ("", NO_PROFILE)
    return replace(made, mapping=made.mapping | options.mapping if guessed else options.mapping)


def _first_records(source: Source, options: Options) -> list[Row]:
    if not sniff.is_streamed(source):
        return record_rows(sniff.records_in(load_json(source.whole(), options.encoding)))
    first = islice(json_stream.rows(source), SAMPLE)
    return [
        Row(1, tuple(json_stream.keys_of(source))),
        *(row for row in first if isinstance(row, Row)),
    ]


def layout_of(options: Options) -> Layout:
    """Return how somebody wants a table to be read."""
    return Layout(options.encoding, options.delimiter, options.header_row, options.sheet)


def encoding_of(data: Data, options: Options) -> str:
    """Return the encoding a file is read in."""
    return options.encoding or source_of(data).encoding


def format_of(data: Data, name: str) -> str:
    """Return the name of a file's format, one of `app.formats.card.Format`."""
    return str(sniff.sniff(data, name))
