"""JSON Lines: a record per line, read as the rows of a table without holding the whole of it."""

import json
from collections.abc import Iterator

from app.formats.card import N_, Problem, left_out
from app.formats.csv_rows import Row
from app.formats.text_encoding import detect

MOST_KEYS = 1_000
_BROKEN = N_("This line is no JSON object. Correct it, or export the file again.")


def is_lines(data: bytes) -> bool:
    """Tell whether a file is JSON Lines: its first line is an object, and so begins the next that holds anything."""
    first, _, rest = data.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if not first.startswith(b"{") or rest.lstrip()[:1] not in (b"", b"{"):
        return False
    return _object(first) is not None and bool(rest.strip() or first.strip())


def _object(line: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(line.decode(detect(line), "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    start, number = 0, 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        number += 1
        yield number, data[start:end].removeprefix(b"\xef\xbb\xbf").strip()
        start = end + 1


def rows(data: bytes) -> Iterator[Row | Problem]:
    """Yield the keys as a first row numbered 0, then each record; what is no object is a problem."""
    keys: dict[str, int] = {}
    for _number, line in _lines(data):
        for key in (_object(line) or {}) if line else ():
            if len(keys) < MOST_KEYS:
                keys.setdefault(key, len(keys))
    yield Row(0, tuple(keys))
    for number, line in _lines(data):
        if not line:
            continue
        record = _object(line)
        if record is None:
            yield left_out(number, line[:200].decode("utf-8", "replace"), _BROKEN)
        else:
            yield Row(number, tuple(text_of(record.get(key)) for key in keys))


def text_of(value: object) -> str:
    """Return a JSON value as the text of a cell; lists and objects stay JSON."""
    if value in (None, [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
