"""Dates of which a part may be unknown, such as a birthday without its year (RFC 6350, section 4.3)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_month_names

from app.formats.fold import fold
from app.i18n import _

# What address books write for "year unknown": Apple, Outlook, Exchange.
_NO_YEARS = frozenset({0, 1604})
_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
_LEAP = 2000

_ISO = re.compile(r"(\d{4})(?:-?(\d\d)-?(\d\d)|-(\d\d))?(?:[T ]\d\d.*)?")
_TRUNCATED = re.compile(r"--(?:-(\d\d)|(\d\d)(?:-?(\d\d))?)")
_NUMBERS = re.compile(r"(\d{1,4})\s*([./\- ])\s*(\d{1,2})(?:\s*[./\- ]\s*(\d{1,4}))?\s*\.?")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{4})")
_CLOCK = re.compile(
    r"[ T,]+\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?$"
)
_EASTERN = re.compile(r"(?:(\d{4})\s*[年년]\s*)?(?:(\d{1,2})\s*[月월]\s*)?(?:(\d{1,2})\s*[日일])?")
_FILLERS = frozenset({"de", "del", "of", "the", "le", "am", "el", "den", "dem", "a", "d"})
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|o|º|ª|\.)", re.IGNORECASE)


class DateError(ValueError):
    """A text that is no date; its message is a sentence for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day of the calendar of which year, month or day may be unknown. Raises DateError if there is none."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no calendar has, and a year with a day but no month."""
        if self.year is None and self.month is None and self.day is None:
            raise DateError("no part of the date is known")
        if self.year is not None and not 1 <= self.year <= 9999:
            raise DateError("the year is out of range")
        if self.month is not None and not 1 <= self.month <= 12:
            raise DateError("the month is out of range")
        if self.day is not None and not 1 <= self.day <= self._longest():
            raise DateError("the month has no such day")
        if self.year is not None and self.month is None and self.day is not None:
            raise DateError("a day needs its month")

    def _longest(self) -> int:
        return calendar.monthrange(self.year or _LEAP, self.month)[1] if self.month else 31

    def __str__(self) -> str:
        """Return extended ISO 8601 as vCards truncate it: 2026-02-28, --02-28, 2026-02, 2026, --02, ---28."""
        month = f"{self.month:02}" if self.month else ""
        day = f"{self.day:02}" if self.day else ""
        if self.year is not None:
            return "-".join(filter(None, (f"{self.year:04}", month, day)))
        return f"--{month}-{day}" if month and day else f"--{month}" if month else f"---{day}"

    @property
    def full(self) -> date | None:
        """Return the plain date if year, month and day are known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def from_iso(text: str) -> PartialDate:
    """Return the date that `str(PartialDate)` or a vCard wrote. Raises DateError."""
    if found := _TRUNCATED.fullmatch(text.strip()):
        day_only, month, day = found.groups()
        return _checked(text, None, month, day or day_only)
    if found := _ISO.fullmatch(text.strip()):
        year, month, day, month_only = found.groups()
        return _checked(text, int(year), month or month_only, day)
    raise DateError(_sentence(text))


def parse(text: str, locale: str = "en", today: date | None = None) -> PartialDate:
    """Return the date a person wrote, in figures or with the name of a month in the languages of the house.

    The locale tells whether 04/05 is April or May; years of two figures are not in the future. Raises
    DateError with a sentence that shows what to write.
    """
    written = _CLOCK.sub("", " ".join(text.split()))
    if _TRUNCATED.fullmatch(written) or _ISO.fullmatch(written):
        return from_iso(written)
    this_year = (today or date.today()).year
    found = (
        _from_eastern(written)
        or _from_numbers(written, locale, this_year)
        or _from_words(written, locale, this_year)
    )
    if found is None:
        raise DateError(_sentence(text))
    return _checked(text, *found)


def display(when: PartialDate, locale: str = "en", width: str = "long") -> str:
    """Return the date as people of the locale write it: 12. April 1980, April 12, abril de 1953."""
    place = _locale(locale)
    if when.full:
        return format_date(when.full, width, locale=place)
    if when.month is None:
        return f"{when.year:04}" if when.year is not None else str(when.day)
    example = date(when.year or _LEAP, when.month, when.day or 1)
    skeleton = "yMMMM" if when.year is not None else "MMMMd" if when.day else "MMMM"
    return format_skeleton(skeleton, example, locale=place)


def next_occurrence(when: PartialDate, today: date) -> date | None:
    """Return the next day, today included, on which the date returns; 29 February is kept on the 28th."""
    if when.month is None or when.day is None:
        return None
    year = today.year if (when.month, when.day) >= (today.month, today.day) else today.year + 1
    if (
        (when.month, when.day) == (2, 29)
        and (today.month, today.day) == (2, 28)
        and not calendar.isleap(today.year)
    ):
        year = today.year
    return date(year, when.month, min(when.day, calendar.monthrange(year, when.month)[1]))


def age(when: PartialDate, today: date) -> int | None:
    """Return the completed years since a full date, or None if it is not full or in the future."""
    if when.full is None or when.full > today:
        return None
    birthday = (when.full.month, when.full.day)
    if birthday == (2, 29) and not calendar.isleap(today.year):
        birthday = (2, 28)
    return today.year - when.full.year - ((today.month, today.day) < birthday)


def _checked(text: str, year: int | None, month: str | int | None, day: str | int | None) -> PartialDate:
    known = None if year in _NO_YEARS else year
    try:
        return PartialDate(known, int(month) if month else None, int(day) if day else None)
    except DateError as error:
        raise DateError(_sentence(text)) from error


def _sentence(text: str) -> str:
    shown = text.strip() if len(text.strip()) <= 40 else text.strip()[:39] + "…"
    return _(
        "“%(written)s” is no date. Write it as 2026-02-28 or 28.02.2026, or leave it empty.",
        written=shown,
    )


_Parts = tuple[int | None, str | int | None, str | int | None]


def _from_eastern(text: str) -> _Parts | None:
    found = _EASTERN.fullmatch(text)
    if not text or not found or not any(found.groups()):
        return None
    return int(found[1]) if found[1] else None, found[2], found[3]


def _from_numbers(text: str, locale: str, this_year: int) -> _Parts | None:
    if found := _MONTH_YEAR.fullmatch(text):
        return int(found[2]), found[1], None
    found = _NUMBERS.fullmatch(text)
    if not found:
        return None
    first, sign, second, third = found.groups()
    if len(first) == 4:
        return int(first), second, third
    if len(first) == 3 or (third and len(third) == 3):
        return None
    if third is None and len(second) == 2 and int(second) > 31:
        return None
    year = None if third is None else _year(third, this_year)
    day_first = int(first) > 12 or (int(second) <= 12 and (sign == "." or not _month_first(locale)))
    return (year, second, first) if day_first else (year, first, second)


def _from_words(text: str, locale: str, this_year: int) -> _Parts | None:
    """Read "28. Februar 2026", "Feb 28, 2026", "12 de abril", "abril de 1953"."""
    plain = _ORDINAL.sub(r"\1 ", text).replace(",", " ").replace("/", " ").replace("-", " ")
    words = [word.strip(".") for word in fold(plain).split()]
    words = [word for word in words if word and word not in _FILLERS]
    months = _month_names(locale)
    named = [months[word] for word in words if word in months]
    figures = [word for word in words if word.isdecimal()]
    if len(named) != 1 or len(figures) + 1 != len(words) or not 1 <= len(figures) <= 2:
        return None
    years = [figure for figure in figures if len(figure) == 4]
    if len(figures) == 1:
        return (int(years[0]), named[0], None) if years else (None, named[0], figures[0])
    day, year = (figures[1], figures[0]) if figures[0] in years else figures
    return (_year(year, this_year), named[0], day) if len(day) <= 2 else None


def _year(figures: str, this_year: int) -> int | None:
    if len(figures) > 2:
        return int(figures)
    century = this_year - this_year % 100
    return century + int(figures) if century + int(figures) <= this_year else century - 100 + int(figures)


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=64)
def _month_first(locale: str) -> bool:
    pattern = str(_locale(locale).date_formats["short"].pattern)
    return pattern.find("M") < pattern.find("d")


@lru_cache(maxsize=64)
def _month_names(locale: str) -> dict[str, int]:
    """Return the folded long and short names of the months in the languages of the house and of the reader."""
    places = [Locale(code) for code in _LANGUAGES] + [_locale(locale)]
    return {
        fold(name).strip("."): number
        for place in places
        for width in ("abbreviated", "wide")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, place).items()
        if not name.isdecimal()
    }
