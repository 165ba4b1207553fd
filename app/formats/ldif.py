"""LDIF (RFC 2849) address books of Thunderbird, Mozilla and LDAP directories read into cards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.formats.card import N_, Card, Problem, left_out, problem
from app.formats.clean_text import clean
from app.formats.ldif_fields import Attribute, card_of_entry
from app.formats.text_encoding import detect
from app.formats.vcard_lines import MAX_LINE, physical_lines
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


def read_ldif(data: bytes, encoding: str = "") -> Iterator[Card | Problem]:
    """Yield the entries of an LDIF file as cards and what was wrong with it, in file order."""
    fallback = encoding or detect(data)
    if fallback.startswith(("utf-16", "utf-32")):
        data, fallback = data.decode(fallback, errors="replace").encode(), "utf-8"
    fallback = fallback.replace("utf-8-sig", "utf-8")
    entry = _Entry(1)
    for number, line, cut in _unfolded(data.removeprefix(b"\xef\xbb\xbf")):
        if cut:
            yield left_out(number, line[:200].decode(fallback, errors="replace"), _CUT, limit=MAX_LINE >> 20)
        if line:
            yield from _line(entry, number, line, fallback)
            continue
        yield from _finished(entry)
        entry = _Entry(number + 1)
    yield from _finished(entry)


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """The logical lines with their numbers; an empty one ends an entry. Comments are left out."""
    held: bytearray | None = None
    start, cut = 1, False
    for number, raw in physical_lines(data):
        if raw[:1] == b" " and held is not None:
            cut = cut or len(held) + len(raw) > MAX_LINE
            held += b"" if cut else raw[1:]
            continue
        if held is not None and not held.startswith(b"#"):
            yield start, bytes(held), cut
        held, start, cut = bytearray(raw[:MAX_LINE]), number, len(raw) > MAX_LINE
        if not raw.strip():
            yield number, b"", False
            held = None
    if held is not None and not held.startswith(b"#"):
        yield start, bytes(held), cut


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
