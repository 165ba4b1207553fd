"""Cells of foreign exports turned into what a field here expects: the transforms that lines of profiles name."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import nh3

from app.formats.csv_dates import DateOrder
from app.formats.profiles.profile import YES, Profile, plain
from app.formats.profiles.times import day, elapsed, instant
from app.formats.profiles.words import PARENT

_BLOCKS = re.compile(r"(?i)<br\s*/?>|<li\b[^<>]*>|</(?:p|div|tr|h\d|blockquote|ul|ol)>")
_TAG = re.compile(
    r"(?i)</?(?:p|div|br|span|a|b|i|u|ul|ol|li|strong|em|table|tr|td|h\d|blockquote|font|html|body)\b[^<>]*>"
)
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
_ODOO_ID = re.compile(r"__export__\.[a-z_]+?_(\d+)(?:_[0-9a-f]+)?")
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d\d)")
_NUMBER = re.compile(r"-?\d[\d.,\s'’\u00a0\u202f]*")


@dataclass(frozen=True, slots=True)
class Told:
    """What a transform may look at besides its cell: the row by plain header, the column's name, how dates are written."""

    row: Mapping[str, str]
    header: str
    profile: Profile
    order: DateOrder = DateOrder.UNKNOWN

    def one_of(self, headers: str) -> str:
        """Return the first filled cell under one of the headers ("this/that")."""
        cells = (self.row.get(plain(name), "") for name in headers.split("/"))
        return next((cell for cell in cells if cell), "")


Transform = Callable[[str, str, Told], str]


def _lines(cell: str, marks: str, _told: Told) -> str:
    """Several values of one cell, one in each line."""
    parts = re.split(f"[{re.escape(marks)}]", cell)
    return "\n".join(filter(None, (part.strip() for part in parts)))


def _commas(cell: str, marks: str, told: Told) -> str:
    return ", ".join(_lines(cell, marks, told).split("\n"))


def _first(cell: str, marks: str, told: Told) -> str:
    return _lines(cell, marks, told).partition("\n")[0]


def _several(cell: str, mark: str, _told: Told) -> str:
    """The cell only where it holds several values, of which another line took the first."""
    return cell if mark in cell else ""


def _bare(cell: str, _argument: str, _told: Told) -> str:
    """Names without what stands behind them in brackets ("Ana Lima (ana@x.pt)")."""
    return "\n".join(re.sub(r"\s*\([^()]*\)$", "", line) for line in cell.split("\n"))


def _without(cell: str, headers: str, told: Told) -> str:
    """The cell only where a better column is empty or missing."""
    return "" if told.one_of(headers) else cell


def _when(cell: str, condition: str, told: Told) -> str:
    """The cell only where another column says one of some words ("Parent Type=Contacts/Leads")."""
    headers, _equals, wanted = condition.partition("=")
    return cell if told.one_of(headers).casefold() in wanted.casefold().split("/") else ""


def _not(cell: str, condition: str, told: Told) -> str:
    return "" if _when("x", condition, told) else cell


def _starts(cell: str, beginnings: str, _told: Told) -> str:
    """An id of Salesforce only if it stands for one of some kinds."""
    return cell if cell.startswith(tuple(beginnings.split("/"))) else ""


def _short(cell: str, _argument: str, _told: Told) -> str:
    """An id of Salesforce in the form of fifteen signs, which the one of eighteen begins with."""
    return cell[:15] if len(cell) == 18 and cell.isalnum() else cell


def _typed(cell: str, entities: str, _told: Told) -> str:
    """References to records of the named kinds alone ("company#12")."""
    return "\n".join(f"{entities}#{line}" for line in cell.split("\n") if line)


def _parent(cell: str, _argument: str, told: Told) -> str:
    """A reference to a record of any kind that activities belong to; a word for such a kind is none."""
    return "" if cell.casefold() in PARENT else _typed(cell, "contact/company/sales.deal", told)


def _words(cell: str, table: str, told: Told) -> str:
    """What a word of the other system is here; one without a meaning stays as it is."""
    known = told.profile.words.get(table, {})
    folded = " ".join(cell.casefold().split())
    return known.get(folded) or known.get(folded.replace("_", " ")) or cell


def _yes(cell: str, word: str, _told: Told) -> str:
    return word if cell.casefold() in YES else ""


def _html(cell: str, _argument: str, _told: Told) -> str:
    """The text of HTML, with its line ends; what holds no tags stays as it is."""
    if not _TAG.search(cell):
        return html.unescape(cell) if re.search(r"&(?:\w{2,8}|#\d{1,6});", cell) else cell
    spaced = _BLOCKS.sub("\n", cell.replace("\r", ""))
    bare = nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style"})
    return _BLANK_LINES.sub("\n\n", html.unescape(bare).replace("\u00a0", " ")).strip()


def _named(cell: str, _argument: str, told: Told) -> str:
    return f"{told.header}: {cell}" if cell else ""


def _behind(cell: str, header: str, told: Told) -> str:
    return " ".join(filter(None, (cell, told.one_of(header))))


def _behind_comma(cell: str, _argument: str, _told: Told) -> str:
    """The person in "Acme, Ana Lima", as Odoo names people of a company."""
    return cell.rpartition(", ")[2]


def _number_of_id(cell: str, _argument: str, _told: Told) -> str:
    found = _ODOO_ID.fullmatch(cell)
    return found[1] if found else cell.removesuffix(".0")


def _prefix(cell: str, word: str, _told: Told) -> str:
    return f"{word}:{cell}"


def _time(cell: str, clock: str, told: Told) -> str:
    joined = f"{cell} {told.one_of(clock)}".strip() if clock else cell
    return instant(joined, told.order, told.profile.zone)


def _day(cell: str, _argument: str, told: Told) -> str:
    return day(cell, told.order)


def _seconds(cell: str, _argument: str, _told: Told) -> str:
    """A duration such as "01:30" (minutes and seconds) or "1:02:03", in seconds."""
    found = _CLOCK.fullmatch(cell.strip())
    if found is None:
        return cell
    return str(int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]))


def _scaled(cell: str, factor: float) -> str:
    try:
        return str(round(float(cell.replace(",", ".")) * factor))
    except ValueError:
        return cell


def _minutes(cell: str, _argument: str, _told: Told) -> str:
    """Minutes, or hours and minutes ("00:45", "1:30:00"), in seconds."""
    found = re.fullmatch(r"(\d+):(\d\d)(?::\d\d)?", cell.strip())
    return str(int(found[1]) * 3600 + int(found[2]) * 60) if found else _scaled(cell, 60)


def _milliseconds(cell: str, _argument: str, told: Told) -> str:
    """Milliseconds as programs write them, or a duration with colons as lists do, in seconds."""
    return _seconds(cell, "", told) if ":" in cell else _scaled(cell, 0.001)


def _hours(cell: str, minutes: str, told: Told) -> str:
    """Hours here and minutes in another column, in seconds."""
    try:
        return str(int(cell or 0) * 3600 + int(told.one_of(minutes) or 0) * 60)
    except ValueError:
        return cell


def _since(cell: str, start: str, told: Told) -> str:
    """The seconds from a time in another column to the one in this."""
    return elapsed(told.one_of(start), cell, told.order)


def _span(cell: str, headers: str, told: Told) -> str:
    """The same where date and time have columns of their own: time of the end, date and time of the begin."""
    end, first, begin = (told.row.get(plain(name), "") for name in headers.split("/"))
    return elapsed(f"{first} {begin}", f"{cell} {end}", told.order)


def _clock(cell: str, _argument: str, _told: Told) -> str:
    found = re.match(r"(\d{1,2}):(\d\d)", cell.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else cell


def _number(cell: str, _argument: str, _told: Told) -> str:
    """A number without what stands around it ("€ 1,200.50", "12 people"); a whole one without its fraction of zeros."""
    found = _NUMBER.search(cell)
    return re.sub(r"[.,]0{1,2}$", "", found[0].strip()) if found else cell


def _json(cell: str, key: str, _told: Told) -> str:
    """The values of a JSON list, or of one key of its objects, one in each line."""
    try:
        found = json.loads(cell)
    except ValueError:
        return cell
    rows = found if isinstance(found, list) else [found]
    values = [row.get(key, "") if isinstance(row, dict) else row for row in rows]
    return "\n".join(str(value) for value in values if value)


TRANSFORMS: Mapping[str, Transform] = {
    "lines": _lines,
    "commas": _commas,
    "first": _first,
    "several": _several,
    "bare": _bare,
    "without": _without,
    "when": _when,
    "not": _not,
    "starts": _starts,
    "short": _short,
    "typed": _typed,
    "parent": _parent,
    "words": _words,
    "yes": _yes,
    "html": _html,
    "named": _named,
    "behind": _behind,
    "behind_comma": _behind_comma,
    "number_of_id": _number_of_id,
    "prefix": _prefix,
    "time": _time,
    "day": _day,
    "clock": _clock,
    "seconds": _seconds,
    "minutes": _minutes,
    "milliseconds": _milliseconds,
    "hours": _hours,
    "since": _since,
    "span": _span,
    "number": _number,
    "json": _json,
}
