"""vCard 2.1, 3.0 and 4.0 files read into cards; nested cards of AGENT become cards of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.formats.card import N_, Card, Problem, Property, left_out, problem
from app.formats.clean_text import clean
from app.formats.source import Data, Mark, Source
from app.formats.vcard_fields import card_of
from app.formats.vcard_lines import LogicalLine, ascii_compatible, logical_lines
from app.formats.vcard_names import BINARY_NAMES, CALLING, default_type
from app.formats.vcard_syntax import ContentLine, parse_line
from app.formats.vcard_values import to_property, unescape

MAX_DEPTH = 6
"""Deepest nesting of cards in cards; a card beyond it ends the one around it."""
MAX_PROPERTIES = 5_000
"""Most lines taken from one card."""

_ONE_LINE = frozenset(("email", "tel", *CALLING))
_EMPTY = N_("This card holds nothing and was left out.")
_STRAY = N_(
    "This text stands outside of any card and was left out. If it belongs to a contact, add it there."
)
_NOT_ENDED = N_(
    "The card that begins in line %(begin)s has no end. It was read up to here; check that it is complete."
)
_UNREADABLE = N_("This line is no vCard property and was put into the note.")
_LOST = N_("Some characters of this line could not be read. Correct them after the import.")
_CUT = N_("This line is longer than %(limit)s megabytes and was cut off. Add what is missing by hand.")
_MANY = N_("The card has more than %(limit)s lines; the rest of it was left out.")
_TOO_DEEP = N_("The cards are nested too deeply; this one was read as a card of its own.")
_BINARY = N_("The picture or key in this line is damaged. Its text was kept.")


@dataclass(slots=True)
class _Open:
    """A card whose END has not been read; its version may come in any of its lines."""

    number: int
    version: str = ""
    lines: list[tuple[int, ContentLine]] = field(default_factory=list)
    agents: list[Property] = field(default_factory=list)
    full: bool = False


def read_vcards(
    data: Data, encoding: str = "", *, depth: int = 0, mark: Mark | None = None
) -> Iterator[Card | Problem]:
    """Yield the cards of a file and what was wrong with it, in file order; `encoding` overrides the guess.

    `mark` says where to begin and is moved from card to card.
    """
    source, fallback = ascii_compatible(data, encoding)
    yield from _Reader(fallback, depth).read(source, mark or Mark())


class _Reader:
    def __init__(self, fallback: str, depth: int) -> None:
        self.fallback = fallback
        self.depth = depth
        self.open: list[_Open] = []

    def read(self, source: Source, mark: Mark) -> Iterator[Card | Problem]:
        line = LogicalLine(1, b"")
        for line in logical_lines(source, mark):
            frame = _FRAME.fullmatch(line.content[:200])
            if frame and not self.open:
                mark.move(line.begins, line.number - 1)
            if line.cut:
                yield left_out(line.number, _start(line), _CUT, limit=16)
            if frame and frame[1].upper() == b"BEGIN":
                yield from self._begin(line)
            elif frame:
                yield from self._end()
            else:
                yield from self._line(line)
        while self.open:
            yield problem(line.number, _start(line), _NOT_ENDED, begin=self.open[-1].number)
            yield from self._end()

    def _begin(self, line: LogicalLine) -> Iterator[Card | Problem]:
        if self.open and (not self.open[-1].lines or self.open[-1].lines[-1][1].name != "agent"):
            yield problem(line.number, _start(line), _NOT_ENDED, begin=self.open[-1].number)
            yield from self._end()
        elif len(self.open) >= MAX_DEPTH:
            yield problem(line.number, _start(line), _TOO_DEEP)
            yield from self._end()
        self.open.append(_Open(line.number))

    def _line(self, line: LogicalLine) -> Iterator[Problem]:
        if not self.open:
            yield left_out(line.number, _start(line), _STRAY)
            return
        card = self.open[-1]
        if len(card.lines) >= MAX_PROPERTIES:
            if not card.full:
                yield left_out(line.number, _start(line), _MANY, limit=MAX_PROPERTIES)
            card.full = True
            return
        content = parse_line(line.content, self.fallback, card.version)
        if content is None:
            yield problem(line.number, _start(line), _UNREADABLE)
            text = clean(line.content.decode(self.fallback, errors="replace"))
            content = ContentLine("note", text.replace("\\", "\\\\"))
        elif content.doubtful:
            yield problem(line.number, f"{content.name}: {content.value}", _LOST)
        content.value, _, stray = _first_line(content)
        if stray:
            yield problem(line.number, stray, _UNREADABLE)
            card.lines.append((line.number, ContentLine("note", stray)))
        if content.name == "version":
            card.version = content.value.strip()
        card.lines.append((line.number, content))

    def _end(self) -> Iterator[Card | Problem]:
        if not self.open:
            return
        card = self.open.pop()
        version = card.version or ("3.0" if any("=" in str(line.params) for _, line in card.lines) else "2.1")
        properties: list[Property] = []
        for number, line in card.lines:
            if line.name == "agent" and "BEGIN:VCARD" in line.value[:400].upper():
                yield from self._inline_agent(line, properties)
                continue
            if line.name == "agent" and not line.value.strip():
                continue
            prop = to_property(line, version)
            if prop.type == "text" and line.encoding == "base64":
                yield problem(number, f"{line.name}: {line.value}", _BINARY)
            properties.append(prop)
        if not any(prop.name != "version" for prop in (*properties, *card.agents)):
            yield problem(card.number, "", _EMPTY)
            return
        made = card_of(properties + card.agents)
        if self.open:
            self.open[-1].agents.append(_agent(made))
        yield made

    def _inline_agent(self, line: ContentLine, properties: list[Property]) -> Iterator[Card | Problem]:
        """A card of vCard 3.0 inside the escaped value of AGENT; beyond the depth it is kept as text."""
        if self.depth >= MAX_DEPTH:
            properties.append(Property("agent", (unescape(line.value),), "text", line.params))
            return
        for found in read_vcards(unescape(line.value).encode(), "utf-8", depth=self.depth + 1):
            if isinstance(found, Card):
                properties.append(_agent(found))
            yield found


def _agent(card: Card) -> Property:
    return Property("related", (card.formatted_name,), "text", {"type": ("agent",)})


def _first_line(content: ContentLine) -> tuple[str, str, str]:
    """A value of one line, and the text after it that belongs to no property."""
    one_line = default_type(content.name) not in ("text", "unknown") or content.name in _ONE_LINE
    if not one_line or content.encoding == "base64" or content.name in BINARY_NAMES:
        return content.value, "", ""
    return content.value.partition("\n")


def _start(line: LogicalLine) -> str:
    return line.content[:400].decode("utf-8", errors="replace")


_FRAME = re.compile(rb"\s*(BEGIN|END)\s*:\s*VCARD\s*", re.IGNORECASE)
