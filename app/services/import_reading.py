"""A file as a numbered list of finds: the same bytes and choices give the same numbers, whenever they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.formats import files, json_lines, sniff, xlsx_read
from app.formats.card import N_, Card, Format, Problem, left_out
from app.formats.csv_dates import DateOrder
from app.formats.csv_read import REACH, numbered, record_rows
from app.formats.csv_rows import Row
from app.formats.csv_table import Layout, Table, data_rows, read_table, table_of
from app.formats.csv_texts import Texts, numbered_texts, of_fields
from app.formats.jcard import load_json
from app.formats.text_encoding import detect
from app.services.import_options import Options

ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp932", "gb18030", "big5", "euc_kr")
"""Encodings to choose from when the guess is wrong."""

MAX_JSON = 8 * 1024 * 1024
"""JSON is held in memory as a whole, at up to twenty times its size (TRUST S13)."""

HEAD = 400
CARD = "contact"
"""The entity of address books; tables of all others are read field by field."""

ORDERS = {"day": DateOrder.DAY_FIRST, "month": DateOrder.MONTH_FIRST}
TABLES = (Format.CSV, Format.WORKBOOK, Format.LINES)
_JSON = N_(
    "A JSON file may have %(limit)s megabytes. Split it, or export the contacts as vCard (.vcf) or CSV."
)
_PAGE = N_(
    "The file is a web page or drawing and no address book. Export the contacts as vCard (.vcf) or CSV."
)


@dataclass(frozen=True, slots=True)
class Item:
    """One find of a file: `number` counts finds from 1; `row` is the table's row it came from, if any."""

    number: int
    found: Card | Texts | Problem
    row: Row | None = None

    @property
    def line(self) -> int:
        """The row of the table, the line of a problem, or 0."""
        if self.row is not None:
            return self.row.number
        return self.found.line if isinstance(self.found, Problem) else 0


def refusal(data: bytes, name: str) -> Problem | None:
    """Return why a file cannot be imported at all: empty, no address book, or what a browser would run (TRUST S11)."""
    if (
        len(data) > MAX_JSON
        and not json_lines.is_lines(data)
        and data[:HEAD].decode(detect(data[:HEAD]), "replace").lstrip("\ufeff \t\r\n")[:1] in "[{"
    ):
        return left_out(1, name, _JSON, limit=MAX_JSON >> 20)
    kind = sniff.sniff(data, name)
    if kind is Format.WORKBOOK:
        return xlsx_read.refusal(data, name)
    if kind is Format.XCARD and files.sniff(data, name) in {"image/svg+xml", "text/html"}:
        return left_out(1, name, _PAGE)
    if kind in (Format.EMPTY, Format.UNKNOWN) or len(data) > sniff.MAX_BYTES:
        return next(found for found in sniff.read_each(data, name) if isinstance(found, Problem))
    return None


def items(data: bytes, name: str, options: Options) -> Iterator[Item]:
    """Yield everything a file holds, in its order, in bounded memory."""
    made = table(data, name, options)
    if made is None:
        found = sniff.read_each(data, name, encoding=options.encoding)
        yield from (Item(number, one) for number, one in enumerate(found, start=1))
        return
    empty = True
    for number, (row, one) in enumerate(_of_table(data, name, made, options), start=1):
        empty = False
        yield Item(number, one, row)
    if empty:
        yield from (Item(1, one) for one in sniff.read_each(b"", name))


def _of_table(
    data: bytes, name: str, made: Table, options: Options
) -> Iterator[tuple[Row | None, Card | Texts | Problem]]:
    if options.entity != CARD or of_fields(made.mapping):
        return numbered_texts(made, _rows(data, name, made, options), made.mapping)
    order = ORDERS.get(options.dates, DateOrder.UNKNOWN)
    if sniff.sniff(data, name) is Format.RECORDS:
        rows = record_rows(sniff.records_in(load_json(data, options.encoding)))
        return numbered(made, rows[1:], made.mapping, essential=REACH, order=order)
    return numbered(made, data_rows(data, made), made.mapping, order=order)


def _rows(data: bytes, name: str, made: Table, options: Options) -> Iterator[Row | Problem]:
    if sniff.sniff(data, name) is Format.RECORDS:
        yield from record_rows(sniff.records_in(load_json(data, options.encoding)))[1:]
    else:
        yield from data_rows(data, made)


def table(data: bytes, name: str, options: Options) -> Table | None:
    """Return the beginning of a table, its columns as chosen or guessed; None for formats without columns."""
    kind = sniff.sniff(data, name)
    if kind in TABLES:
        made = read_table(data, layout_of(options))
    elif kind is Format.RECORDS:
        made = table_of(record_rows(sniff.records_in(load_json(data, options.encoding))), named=True)
    else:
        return None
    return replace(
        made, mapping=made.mapping | options.mapping if options.entity == CARD else options.mapping
    )


def layout_of(options: Options) -> Layout:
    """Return how somebody wants a table to be read."""
    return Layout(options.encoding, options.delimiter, options.header_row, options.sheet)


def encoding_of(data: bytes, options: Options) -> str:
    """Return the encoding a file is read in."""
    return options.encoding or detect(data)


def format_of(data: bytes, name: str) -> str:
    """Return the name of a file's format, one of `app.formats.card.Format`."""
    return str(sniff.sniff(data, name))
