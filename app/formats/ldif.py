"""LDIF (RFC 2849) address books of Thunderbird, Mozilla and LDAP directories read into cards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.formats.card import N_, Card, Problem, left_out, problem
from app.formats.clean_text import clean
from app.formats.ldif_fields import Attribute, card_of_entry
from app.formats.source import Data, Mark, Source
from app.formats.vcard_lines import MAX_LINE, ascii_compatible, physical_lines
from app.formats.vcard_values import decode_base64

MAX_ATTRIBUTES = 5_000
_LINE = re.compile(rb"([A-Za-z0-9][A-Za-z0-9.;_-]*)(::|:<|:)[ \t]*(.*)", re.DOTALL)
_UNREADABLE = N_("This line is no LDIF attribute and was put into the note.")
_CHANGE = N_("This entry is a change (%(change)s) and no contact; it was left out.")
_MANY = N_("The entry has more than %(limit)s lines; the rest of it was left out.")
_CUT = N_("This line is longer than %(limit)s megabytes and was cut off. Add what is missing by hand.")
_LOST = N_("Some characters of this line could not be read. Correct them after the import.")


@dataclass(slots=True)
class _Entry:
    number: int
    attributes: list[Attribute] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    change: str = ""


def read_ldif(data: Data, encoding: str = "", mark: Mark | None = None) -> Iterator[Card | Problem]:
    """Yield the entries of an LDIF file as cards and what was wrong with it, in file order.

    `mark` says where to begin and is moved from entry to entry.
    """
    source, fallback = ascii_compatible(data, encoding)
    mark = mark or Mark()
    entry = _Entry(mark.line + 1)
    for number, begins, line, cut in _unfolded(source, mark.copy()):
        if not (entry.attributes or entry.stray or entry.change):
            mark.move(begins, number - 1)
        if cut:
            yield left_out(number, line[:200].decode(fallback, errors="replace"), _CUT, limit=MAX_LINE >> 20)
        if line:
            yield from _line(entry, number, line, fallback)
            continue
        yield from _finished(entry)
        entry = _Entry(number + 1)
    yield from _finished(entry)


def _unfolded(source: Source, mark: Mark) -> Iterator[tuple[int, int, bytes, bool]]:
    """The logical lines with their numbers and places; an empty one ends an entry. Comments are left out."""
    held: bytearray | None = None
    start, place, cut = 1, mark.at, False
    for number, begins, raw in physical_lines(source, mark):
        if raw[:1] == b" " and held is not None:
            cut = cut or len(held) + len(raw) > MAX_LINE
            held += b"" if cut else raw[1:]
            continue
        if held is not None and not held.startswith(b"#"):
            yield start, place, bytes(held), cut
        held, start, place, cut = bytearray(raw[:MAX_LINE]), number, begins, len(raw) > MAX_LINE
        if not raw.strip():
            yield number, begins, b"", False
            held = None
    if held is not None and not held.startswith(b"#"):
        yield start, place, bytes(held), cut


def _line(entry: _Entry, number: int, line: bytes, fallback: str) -> Iterator[Problem]:
    if len(entry.attributes) >= MAX_ATTRIBUTES:
        if entry.attributes[-1].name:
            yield left_out(number, line[:200].decode(fallback, errors="replace"), _MANY, limit=MAX_ATTRIBUTES)
            entry.attributes[-1] = Attribute("", "")
        return
    found = _LINE.fullmatch(line)
    if found is None:
        text, _ = _decoded(line, fallback)
        if line.strip() != b"-":
            yield problem(number, text, _UNREADABLE)
            entry.stray.append(text)
        return
    name, *options = found[1].decode().lower().split(";")
    raw = decode_base64(found[3].decode("ascii", errors="ignore")) if found[2] == b"::" else found[3]
    text, lost = _decoded(raw, fallback)
    binary = found[2] == b"::" and lost
    if lost and not binary:
        yield problem(number, text, _LOST)
    if name == "changetype":
        entry.change = text.strip().lower()
    elif not (name == "version" and not entry.attributes):
        entry.attributes.append(
            Attribute(name, text, raw if found[2] == b"::" else b"", tuple(options), binary)
        )


def _decoded(raw: bytes, fallback: str) -> tuple[str, bool]:
    for encoding in ("utf-8", fallback):
        try:
            return clean(raw.decode(encoding)), False
        except (UnicodeDecodeError, LookupError):
            continue
    return clean(raw.decode("utf-8", errors="replace")), True


def _finished(entry: _Entry) -> Iterator[Card | Problem]:
    if entry.change not in ("", "add"):
        words = next((item.text for item in entry.attributes if item.name == "dn"), "")
        yield left_out(entry.number, words, _CHANGE, change=entry.change)
    elif entry.attributes or entry.stray:
        yield card_of_entry(entry.attributes, "\n".join(entry.stray))
