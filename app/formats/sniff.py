"""One entrance for every address-book file: which format it is in, and its contacts."""

import re
from collections.abc import Iterator, Mapping

from app.formats import json_lines, xlsx_read
from app.formats.card import N_, Card, Format, Problem, Reading, left_out
from app.formats.csv_read import read_csv, read_records, record_rows
from app.formats.csv_table import AS_FOUND, Layout, Table, read_table, table_of
from app.formats.jcard import has_jcards, load_json, read_jcards
from app.formats.ldif import read_ldif
from app.formats.text_encoding import detect
from app.formats.vcard_read import read_vcards
from app.formats.xcard import NAMESPACE, read_xcards

MAX_BYTES = 128 * 1024 * 1024
HEAD = 64 * 1024
_TOO_LARGE = N_("The file is larger than %(limit)s megabytes. Split it and import the parts one by one.")
_UNKNOWN = N_("The file is no address book that can be read. Export the contacts as vCard (.vcf) or CSV.")
_ARCHIVE = N_(
    "The file is an archive or document. Unpack it, or save its table as XLSX or CSV, and import that."
)
_EMPTY = N_("The file is empty. Export the contacts again and check that there are any.")
_NO_CONTACT = N_("The file holds no contact. Export the contacts as vCard (.vcf) or CSV.")
_VCARD = re.compile(r"^\s*BEGIN\s*:\s*VCARD", re.IGNORECASE | re.MULTILINE)
_LDIF = re.compile(r"^(?:dn|DN)::?\s?\S", re.MULTILINE)
_RECORD_LISTS = ("records", "contacts", "results", "data", "items", "value")


def sniff(data: bytes, filename: str = "") -> Format:
    """Return the format of a file by its content; the ending of its name decides only where the content does not."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        return Format.EMPTY
    if xlsx_read.is_workbook(data):
        return Format.WORKBOOK
    head = data if len(data) <= HEAD else data[: data.rfind(b"\n", 0, HEAD) + 1 or HEAD]
    text = head.decode(detect(head), errors="replace").lstrip("\ufeff \t\r\n\0")
    if _VCARD.search(text):
        return Format.VCARD
    if text.startswith("<"):
        return Format.XCARD if NAMESPACE in text or "<vcard" in text.lower() else Format.UNKNOWN
    if text[0] == "{" and json_lines.is_lines(data):
        return _lines_format(data)
    if text[0] in "[{":
        return _json_format(data)
    if _LDIF.search(text):
        return Format.LDIF
    return Format.UNKNOWN if _binary(head, text) else Format.CSV


def _lines_format(data: bytes) -> Format:
    """One line alone may as well be a file of another kind."""
    alone = b"\n" not in data.strip()
    found = _json_format(data) if alone else Format.LINES
    return Format.LINES if found is Format.UNKNOWN and data.strip() != b"{}" else found


def _json_format(data: bytes) -> Format:
    value = load_json(data) if len(data) <= MAX_BYTES else None
    if isinstance(value, Problem) or has_jcards(value):
        return Format.JCARD
    return Format.RECORDS if records_in(value) else Format.UNKNOWN


def records_in(value: object) -> list[object]:
    """Return the list of objects in a JSON value: itself, or what it holds as "records", "contacts" and the like."""
    if isinstance(value, dict):
        value = next((value[name] for name in _RECORD_LISTS if isinstance(value.get(name), list)), None)
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
    data: bytes, filename: str = "", mapping: Mapping[int, str] | None = None, *, encoding: str = ""
) -> Iterator[Card | Problem]:
    """Yield the contacts of a file of any format and what was wrong with it, in file order and bounded memory.

    `mapping` (column to target) overrides the guess for tables, `encoding` the guess for text.
    """
    if len(data) > MAX_BYTES:
        yield left_out(1, filename, _TOO_LARGE, limit=MAX_BYTES >> 20)
        return
    kind = sniff(data, filename)
    found = False
    for item in _read_as(kind, data, filename, mapping, encoding):
        found = True
        yield item
    if not found:
        yield left_out(1, filename, _NO_CONTACT)


def _read_as(
    kind: Format, data: bytes, filename: str, mapping: Mapping[int, str] | None, encoding: str
) -> Iterator[Card | Problem]:
    match kind:
        case Format.VCARD:
            yield from read_vcards(data, encoding)
        case Format.LDIF:
            yield from read_ldif(data, encoding)
        case Format.XCARD:
            yield from read_xcards(data)
        case Format.JCARD | Format.RECORDS:
            value = load_json(data, encoding)
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
            yield left_out(1, filename, _ARCHIVE if data[:2] in (b"PK", b"\xd0\xcf") else _UNKNOWN)


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
