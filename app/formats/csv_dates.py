"""Dates in tables, which are written in the order of a country."""

import re
from collections.abc import Iterable
from enum import Enum

from app.formats.vcard_dates import iso_date

_NUMBERS = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d\d)?")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})")
_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?(?:Z| ?AM)?$")


class DateOrder(Enum):
    """Which number of "03/04/1980" is the day."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNKNOWN = "unknown"


def date_order(cells: Iterable[str]) -> DateOrder:
    """Return the order that the dates of a column show: a number over 12 is a day."""
    day_first = month_first = 0
    for cell in cells:
        found = _NUMBERS.fullmatch(_MIDNIGHT.sub("", cell.strip()))
        if found:
            day_first += int(found[1]) > 12
            month_first += int(found[3]) > 12
    if bool(day_first) == bool(month_first):
        return DateOrder.UNKNOWN
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def table_date(text: str, order: DateOrder) -> tuple[str, bool]:
    """Return a cell as ISO 8601, or as it stands if it is no date, and whether its meaning is clear.

    A date with dots is read day first, as such dates are written; years of two digits and "0/0/00" are not guessed.
    """
    text = text.strip()
    plain = _MIDNIGHT.sub("", text)
    iso = iso_date(plain)
    if iso:
        return iso, True
    if found := _YEAR_FIRST.fullmatch(plain):
        return iso_date("".join(part.zfill(2) for part in found.groups())) or text, True
    found = _NUMBERS.fullmatch(plain)
    if found is None or (found[4] is not None and len(found[4]) == 2):
        return text, True
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or first > 12 or first == second:
        order = DateOrder.DAY_FIRST
    elif second > 12:
        order = DateOrder.MONTH_FIRST
    if order is DateOrder.UNKNOWN:
        return text, False
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    return iso_date(f"{found[4] or '--'}{month:02}{day:02}") or text, True
