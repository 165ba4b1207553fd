"""JSON Lines: a record per line, read as the rows of a table without holding the whole of it."""

import json
from collections.abc import Iterator
from itertools import islice

from app.formats.card import N_, Problem, left_out, problem
from app.formats.csv_rows import Row
from app.formats.source import Data, Mark, Source, lines, source_of
from app.formats.text_encoding import detect

MOST_KEYS = 1_000
BEGINNING = 20_000
"""Records whose keys are the columns; what a later one has under other keys is told."""

_BROKEN = N_("This line is no JSON object. Correct it, or export the file again.")
_KEYS = N_("This record has keys that the first %(count)s do not have; they were left out: %(keys)s")


def is_lines(data: Data) -> bool:
    """Tell whether a file is JSON Lines: its first line is an object, and so begins the next that holds anything."""
    head = source_of(data).first(4 * 1024 * 1024)
    first, _, rest = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if not first.startswith(b"{") or rest.lstrip()[:1] not in (b"", b"{"):
        return False
    return object_of(first) is not None and bool(rest.strip() or first.strip())


def object_of(line: bytes) -> dict[str, object] | None:
    """Return the JSON object that a line holds, None for anything else."""
    try:
        value = json.loads(line.decode(detect(line), "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _records(source: Source, mark: Mark) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold anything with their numbers, from where the mark stands, moving it."""
    number, begun = mark.line, mark.at
    for behind, line in lines(source, mark.at):
        mark.move(begun, number)
        begun, number = behind, number + 1
        if text := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield number, text


def keys_of(source: Source) -> dict[str, int]:
    """Return the columns: the keys of the first records, in the order in which they come."""
    keys: dict[str, int] = {}
    for _number, line in islice(_records(source, Mark()), BEGINNING):
        for key in object_of(line) or {}:
            if len(keys) < MOST_KEYS:
                keys.setdefault(key, len(keys))
    return keys


def rows(data: Data, mark: Mark | None = None) -> Iterator[Row | Problem]:
    """Yield the keys as a first row numbered 0, then each record; what is no object is a problem.

    `mark` says where to begin and is moved from record to record.
    """
    source = source_of(data)
    keys = keys_of(source)
    yield Row(0, tuple(keys))
    for number, line in _records(source, mark or Mark()):
        record = object_of(line)
        if record is None:
            yield left_out(number, line[:200].decode("utf-8", "replace"), _BROKEN)
            continue
        if others := record.keys() - keys.keys():
            yield beyond(number, record, others)
        yield Row(number, tuple(text_of(record.get(key)) for key in keys))


def beyond(number: int, record: dict[str, object], others: set[str]) -> Problem:
    """Return what is told of a record with keys that are no columns: what stands under them."""
    words = json.dumps({key: record[key] for key in sorted(others)}, ensure_ascii=False)
    return problem(number, words, _KEYS, count=f"{BEGINNING:,}", keys=", ".join(sorted(others))[:200])


def text_of(value: object) -> str:
    """Return a JSON value as the text of a cell; lists and objects stay JSON."""
    if value in (None, [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
