"""One entrance for every address-book file: which format it is in, and its contacts."""

import re
from collections.abc import Iterator, Mapping

from app.formats import json_lines, json_stream, xlsx_read
from app.formats.card import N_, Card, Format, Problem, Reading, left_out
from app.formats.csv_read import read_csv, read_records, record_rows
from app.formats.csv_table import AS_FOUND, Layout, Table, read_table, table_of
from app.formats.jcard import has_jcards, load_json, read_jcards
from app.formats.ldif import read_ldif
from app.formats.source import Data, Mark, Source, source_of
from app.formats.text_encoding import detect
from app.formats.vcard_read import read_vcards
from app.formats.xcard import NAMESPACE, read_xcards

MAX_BYTES = 128 * 1024 * 1024
"""Formats that are held as a whole: workbooks and xCard."""

MAX_JSON = 8 * 1024 * 1024
"""JSON is held in memory as a whole, at up to twenty times its size (TRUST S13); a longer list of objects is streamed."""

STREAMED = frozenset((Format.CSV, Format.LINES, Format.VCARD, Format.LDIF))
"""Formats that are read from the disk as they are needed, however long the file is."""
_TOO_LARGE = N_("The file is larger than %(limit)s megabytes. Split it and import the parts one by one.")
_UNKNOWN = N_("The file is no address book that can be read. Export the contacts as vCard (.vcf) or CSV.")
_ARCHIVE = N_(
    "The file is an archive or document. Unpack it, or save its table as XLSX or CSV, and import that."
)
_EMPTY = N_("The file is empty. Export the contacts again and check that there are any.")
_NO_CONTACT = N_("The file holds no contact. Export the contacts as vCard (.vcf) or CSV.")
_VCARD = re.compile(r"^\s*BEGIN\s*:\s*VCARD", re.IGNORECASE | re.MULTILINE)
_LDIF = re.compile(r"^(?:dn|DN)::?\s?\S", re.MULTILINE)


def sniff(data: Data, filename: str = "") -> Format:
    """Return the format of a file by its content; the ending of its name decides only where the content does not."""
    source = source_of(data)
    if not source.head.strip(_NOTHING) and not source.first(MAX_JSON).strip(_NOTHING):
        return Format.EMPTY
    if xlsx_read.is_workbook(source):
        return Format.WORKBOOK
    head = source.head
    if source.size > len(head):
        head = head[: head.rfind(b"\n") + 1 or len(head)]
    text = head.decode(detect(head), errors="replace").lstrip("\ufeff \t\r\n\0")
    if _VCARD.search(text):
        return Format.VCARD
    if text.startswith("<"):
        return Format.XCARD if NAMESPACE in text or "<vcard" in text.lower() else Format.UNKNOWN
    if not text:
        return Format.UNKNOWN
    if text[0] == "{" and json_lines.is_lines(source):
        return _lines_format(source)
    if text[0] in "[{":
        return _json_format(source)
    if _LDIF.search(text):
        return Format.LDIF
    return Format.UNKNOWN if _binary(head, text) else Format.CSV


_NOTHING = b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"


def _lines_format(source: Source) -> Format:
    """One line alone may as well be a file of another kind."""
    start = source.first(MAX_JSON).strip()
    found = _json_format(source) if b"\n" not in start else Format.LINES
    return Format.LINES if found is Format.UNKNOWN and start != b"{}" else found


def _json_format(source: Source) -> Format:
    if is_streamed(source):
        return Format.RECORDS if isinstance(json_stream.first(source), dict) else Format.UNKNOWN
    value = load_json(source.whole())
    if isinstance(value, Problem) or has_jcards(value):
        return Format.JCARD
    return Format.RECORDS if records_in(value) else Format.UNKNOWN


def is_streamed(data: Data) -> bool:
    """Tell whether JSON is too long to be held, and read object by object instead."""
    return source_of(data).size > MAX_JSON


def records_in(value: object) -> list[object]:
    """Return the list of objects in a JSON value: itself, or what it holds as "records", "contacts" and the like."""
    if isinstance(value, dict):
        value = next((value[name] for name in json_stream.LISTS if isinstance(value.get(name), list)), None)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return value
    return []


def _binary(head: bytes, text: str) -> bool:
    """Whether the beginning of a file is no text: many control characters, or the signature of a container."""
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"SQLite format 3")):
        return True
    odd = sum(1 for mark in text[:4000] if ord(mark) < 32 and mark not in "\t\r\n\x0b\x0c\0")
    return odd > len(text[:4000]) * 0.05


def read_each(
    data: Data,
    filename: str = "",
    mapping: Mapping[int, str] | None = None,
    *,
    encoding: str = "",
    mark: Mark | None = None,
) -> Iterator[Card | Problem]:
    """Yield the contacts of a file of any format and what was wrong with it, in file order and bounded memory.

    `mapping` (column to target) overrides the guess for tables, `encoding` the guess for text. `mark` says where to
    begin and is moved along, if the format can be read from a place on.
    """
    source = source_of(data)
    kind = sniff(source, filename)
    if is_too_large(source, kind):
        yield left_out(1, filename, _TOO_LARGE, limit=MAX_BYTES >> 20)
        return
    found = mark is not None and mark.at > 0
    for item in _read_as(kind, source, filename, mapping, encoding, mark):
        found = True
        yield item
    if not found:
        yield left_out(1, filename, _NO_CONTACT)


def is_too_large(source: Source, kind: Format) -> bool:
    """Tell whether a file of a format that is held as a whole is too large for that."""
    streamed = kind in STREAMED or (kind is Format.RECORDS and is_streamed(source))
    return source.size > MAX_BYTES and not streamed


def _read_as(
    kind: Format,
    data: Source,
    filename: str,
    mapping: Mapping[int, str] | None,
    encoding: str,
    mark: Mark | None,
) -> Iterator[Card | Problem]:
    match kind:
        case Format.VCARD:
            yield from read_vcards(data, encoding, mark=mark)
        case Format.LDIF:
            yield from read_ldif(data, encoding, mark)
        case Format.XCARD:
            yield from read_xcards(data.whole())
        case Format.JCARD | Format.RECORDS:
            value = load_json(data.whole(), encoding)
            if isinstance(value, Problem):
                yield value
            elif kind is Format.JCARD:
                yield from read_jcards(value)
            else:
                yield from read_records(records_in(value), mapping)
        case Format.CSV | Format.WORKBOOK | Format.LINES:
            yield from read_csv(data, mapping, encoding)
        case Format.EMPTY:
            yield left_out(1, filename, _EMPTY)
        case _:
            yield left_out(1, filename, _ARCHIVE if data.head[:2] in (b"PK", b"\xd0\xcf") else _UNKNOWN)


def read(
    data: bytes, filename: str = "", mapping: Mapping[int, str] | None = None, *, encoding: str = ""
) -> Reading:
    """Return all contacts of a file and all problems; see `read_each` for files of any length."""
    cards: list[Card] = []
    problems: list[Problem] = []
    for item in read_each(data, filename, mapping, encoding=encoding):
        if isinstance(item, Card):
            cards.append(item)
        else:
            problems.append(item)
    return Reading(tuple(cards), tuple(problems), sniff(data, filename), encoding or detect(data))


def table(data: bytes, filename: str = "", layout: Layout = AS_FOUND) -> Table | None:
    """Return the beginning of a table with its guessed mapping, for a preview; None for formats without columns."""
    kind = sniff(data, filename)
    if kind in (Format.CSV, Format.WORKBOOK, Format.LINES):
        return read_table(data, layout)
    if kind is Format.RECORDS:
        value = load_json(data, layout.encoding)
        return table_of(record_rows(records_in(value)), named=True)
    return None
