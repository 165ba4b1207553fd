"""Dates of vCards: ISO 8601, basic or extended, possibly truncated (RFC 6350 section 4.3)."""

import re
from datetime import date

_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_MONTH_DAY = re.compile(r"--(\d\d)-?(\d\d)")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d\d)")
_TIME = re.compile(r"(\d\d)(?::?(\d\d)(?::?(\d\d))?)?(Z|[+-]\d\d(?::?\d\d)?)?", re.IGNORECASE)


def iso_date(text: str) -> str:
    """Return the date as extended ISO 8601 ("1980-03-22", "--04-12", "1953-10"), or "" if it is none.

    A time is kept ("2009-08-08T14:30-05:00") unless it is midnight, which writers add to plain dates.
    """
    text = text.strip()
    day, mark, clock = text.partition("T") if "T" in text else text.partition(" ")
    iso = _iso_day(day)
    if not iso or not mark:
        return iso
    time = _iso_time(clock)
    if time is None or len(iso) != 10:
        return ""
    return iso + time


def _iso_day(text: str) -> str:
    if found := _DATE.fullmatch(text):
        return _real(int(found[1]), found[2], found[3], f"{found[1]}-")
    if found := _MONTH_DAY.fullmatch(text):
        return _real(2000, found[1], found[2], "--")
    if (found := _YEAR_MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return text
    if re.fullmatch(r"[12]\d{3}", text):
        return text
    if (found := re.fullmatch(r"--(\d\d)", text)) and 1 <= int(found[1]) <= 12:
        return text
    if (found := re.fullmatch(r"---(\d\d)", text)) and 1 <= int(found[1]) <= 31:
        return text
    return ""


def _real(year: int, month: str, day: str, prefix: str) -> str:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return ""
    return f"{prefix}{month}-{day}"


def _iso_time(text: str) -> str | None:
    """The time with its "T", "" for midnight, None for no time."""
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 24 or int(found[2] or 0) > 59 or int(found[3] or 0) > 60:
        return None
    hour, minute, second, zone = found[1], found[2] or "00", found[3], (found[4] or "").upper()
    if int(hour) % 24 == int(minute) == int(second or 0) == 0 and not zone.strip("Z0:+-"):
        return ""
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    return "T" + ":".join(part for part in (hour, minute, second) if part) + zone


def basic_date(iso: str) -> str:
    """Return an extended ISO 8601 date in the basic form of vCard 4 ("19800322", "--0412"; "1953-10" stays)."""
    day, mark, clock = iso.partition("T")
    if len(day) != 7 or day.startswith("-"):
        lead = "--" if day.startswith("--") else ""
        day = day if day.startswith("---") else lead + day.removeprefix("--").replace("-", "")
    if not mark:
        return day
    return f"{day}T{clock.replace(':', '')}"
