"""Dates and times as exports write them, in ISO 8601; what cannot be understood stays as it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from app.formats.csv_dates import DateOrder, table_date

_CLOCK = re.compile(
    r"(?:[T ,]+(?:at |um )?)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$"
)
_EPOCH = re.compile(r"\d{13}|\d{10}")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_WORDED = re.compile(
    r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})|(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?[ -](\d{4})"
)


def _worded(text: str) -> str:
    """Return "Mar 1, 2024" and "01-Mar-2024" in ISO 8601, another text as it is."""
    found = _WORDED.fullmatch(text)
    if found is None:
        return text
    name, number, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
    month = _MONTHS.get(name.lower())
    return f"{year}-{month:02}-{int(number):02}" if month else text


def _parts(text: str, order: DateOrder) -> tuple[str, str, str] | None:
    """Return day, clock and zone of a text, or None for what is no date."""
    text = text.strip().strip('"')
    if _EPOCH.fullmatch(text):
        at = datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
        return f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", "+00:00"
    found = _CLOCK.search(text)
    date = _worded(text[: found.start()] if found else text)
    iso, clear = table_date(date, order)
    if not clear or not re.fullmatch(r"\d{4}-\d\d-\d\d", iso):
        return None
    if found is None:
        return iso, "", ""
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    zone = {"Z": "+00:00", "UTC": "+00:00", "GMT": "+00:00"}.get(found[5] or "", found[5] or "")
    if hour > 23 or int(found[2]) > 59:
        return None
    return iso, f"{hour:02}:{found[2]}:{found[3] or '00'}", zone


def instant(text: str, order: DateOrder, zone: str = "") -> str:
    """Return a time; one that says no zone is in `zone`, which is UTC or the reader's own."""
    found = _parts(text, order)
    if found is None:
        return text
    date, clock, offset = found
    if not clock:
        return date
    return f"{date} {clock}{offset or ('+00:00' if zone == 'UTC' else '')}"


def day(text: str, order: DateOrder) -> str:
    """Return the day of a date or time."""
    found = _parts(text, order)
    return found[0] if found else text


def elapsed(start: str, end: str, order: DateOrder) -> str:
    """Return the seconds between two times, "" where one is missing or the end comes first."""
    begun, done = _parts(start, order), _parts(end, order)
    if begun is None or done is None or not begun[1] or not done[1]:
        return ""
    first, last = (datetime.fromisoformat(f"{date}T{clock}") for date, clock, _zone in (begun, done))
    seconds = int((last - first).total_seconds())
    return str(seconds) if seconds >= 0 else ""
