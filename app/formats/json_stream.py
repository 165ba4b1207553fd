"""A JSON file with a long list of objects, read object by object without holding the whole of it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from app.formats.card import N_, Problem, left_out
from app.formats.csv_rows import Row
from app.formats.jcard import json_text
from app.formats.json_lines import BEGINNING, MOST_KEYS, beyond
from app.formats.source import CHUNK, Mark, Source

LISTS = ("records", "contacts", "results", "data", "items", "value")
"""Names under which programs put the list."""

MOST_OF_ONE = 4 * 1024 * 1024
_BROKEN = N_("From this place on the file is no valid JSON (%(reason)s). What comes behind it was not read.")
_OTHER = N_("This entry of the list is no object. It was left out.")
_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n\ufeff"


class _Window:
    """The part of a UTF-8 text that is being read; `byte` is where in the file its next character stands."""

    def __init__(self, stream: BinaryIO, byte: int) -> None:
        self.byte = byte
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self.text, self.at, self.over = "", 0, False

    def go(self, to: int) -> None:
        """Stand at another character further on."""
        self.byte += len(self.text[self.at : to].encode("utf-8", "surrogateescape"))
        self.at = to

    def more(self) -> None:
        """Forget what was read and take another piece of the file."""
        chunk = self._stream.read(CHUNK)
        self.over = not chunk
        self.text, self.at = self.text[self.at :] + self._decode(chunk, final=self.over), 0

    def peek(self) -> str:
        """Return the next character that is no blank, "" at the end, and stand at it."""
        to = self.at
        while True:
            while to < len(self.text) and self.text[to] in _BLANK:
                to += 1
            self.go(to)
            if to < len(self.text) or self.over:
                return self.text[to : to + 1]
            self.more()
            to = 0

    def value(self) -> Any:
        """Return the JSON value that begins here and stand behind it. Raises ValueError."""
        while True:
            try:
                found, end = _DECODER.raw_decode(self.text, self.at)
            except RecursionError as error:
                raise ValueError("nested too deeply") from error
            except ValueError:
                if self.over or len(self.text) - self.at > MOST_OF_ONE:
                    raise
            else:
                if end < len(self.text) or self.over:
                    self.go(end)
                    return found
            self.more()


def objects(source: Source, mark: Mark | None = None) -> Iterator[tuple[int, Any]]:
    """Yield (number from 1, value) of the list of a file, from a mark on, moving it. Raises ValueError where it breaks."""
    mark = mark or Mark()
    with source.open(mark.at) as stream:
        window = _Window(stream, mark.at)
        if mark.at or _into_list(window):
            yield from _each(window, mark)


def _each(window: _Window, mark: Mark) -> Iterator[tuple[int, Any]]:
    number = mark.line
    while (sign := window.peek()) not in ("]", ""):
        if sign == ",":
            window.go(window.at + 1)
            continue
        mark.move(window.byte, number)
        value = window.value()
        number += 1
        yield number, value


def _into_list(window: _Window) -> bool:
    """Go behind the bracket that opens the list: of the file itself, or of the first of the known names."""
    if window.peek() == "{":
        window.go(window.at + 1)
        while window.peek() not in ("}", ""):
            if window.peek() == ",":
                window.go(window.at + 1)
                continue
            name = window.value()
            if window.peek() != ":":
                return False
            window.go(window.at + 1)
            if window.peek() == "[" and name in LISTS:
                break
            window.value()
    if window.peek() != "[":
        return False
    window.go(window.at + 1)
    return True


def first(source: Source) -> Any:
    """Return the first value of the list, None where there is none."""
    try:
        return next((value for _number, value in objects(source)), None)
    except ValueError:
        return None


def keys_of(source: Source) -> dict[str, int]:
    """Return the columns: the keys of the first objects, in the order in which they come."""
    keys: dict[str, int] = {}
    try:
        for _number, value in islice(objects(source), BEGINNING):
            for key in value if isinstance(value, dict) else ():
                if len(keys) < MOST_KEYS and key != "attributes":
                    keys.setdefault(str(key), len(keys))
    except ValueError:
        pass  # told where the rows are read
    return keys


def rows(source: Source, mark: Mark | None = None) -> Iterator[Row | Problem]:
    """Yield the objects as rows, numbered from 2 as the keys are the first; what is no object is a problem."""
    mark = mark or Mark()
    keys = keys_of(source)
    try:
        for number, value in objects(source, mark):
            if not isinstance(value, dict):
                yield left_out(number + 1, json.dumps(value, ensure_ascii=False)[:200], _OTHER)
                continue
            if others := set(map(str, value)) - keys.keys() - {"attributes"}:
                yield beyond(number + 1, value, others)
            yield Row(number + 1, tuple(cell(value.get(key)) for key in keys))
    except ValueError as error:
        reason = getattr(error, "msg", str(error))
        yield left_out(mark.line + 2, "", _BROKEN, reason=reason)


def cell(value: object) -> str:
    """Return a JSON value as the text of a cell; lists and objects stay JSON."""
    if value in (None, [], {}):
        return ""
    text = json_text(value).strip()
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
