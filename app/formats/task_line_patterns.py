"""What days, times, rules and priorities look like in the words of a language: patterns and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from app.formats.recurrence import WORKDAYS, Rule
from app.formats.task_line_words import LANGUAGES, Words

Day = Callable[[re.Match[str], date, bool], date | None]
Repeat = Callable[[re.Match[str]], Rule | None]
FREQUENCIES = {"d": "DAILY", "w": "WEEKLY", "m": "MONTHLY", "y": "YEARLY"}
YEAR = r"(?:(?:\s*,?\s*(?:{of})?\s*)(?P<year>\d{{4}}))?"
LEFT, RIGHT = r"(?<![\w.:/@!'’-])", r"(?![\w/:]|[.,]\d|-\w)"


@dataclass(frozen=True)
class Patterns:
    """The patterns of one language, in the order in which they are tried."""

    words: Words
    mate: re.Pattern[str]
    priority: re.Pattern[str]
    repeats: Sequence[tuple[re.Pattern[str], Repeat]]
    times: Sequence[re.Pattern[str]]
    days: Sequence[tuple[re.Pattern[str], Day]]

    def urgency(self, match: re.Match[str]) -> str:
        """Return what a sign of priority means."""
        word = match["word"] or ""
        if word.isdecimal():
            return "high" if int(word) < 5 else "normal" if word == "5" else "low"
        if word in self.words.low.split("|"):
            return "low"
        return "high" if not word or word in self.words.high.split("|") else ""


@lru_cache(maxsize=16)
def patterns(language: str, own: bool) -> Patterns | None:
    """Return the patterns of a language, or None for one that is not known.

    Short names of weekdays count only in the reader's own language: "mon" is French for "my".
    """
    words = LANGUAGES.get(language)
    return _Made(words, own).all() if words else None


class _Made:
    """Makes the patterns out of the words."""

    def __init__(self, words: Words, own: bool) -> None:
        self.words, self.own = words, own
        self.number = "|".join(["\\d{1,3}", *words.numbers])
        self.unit = "|".join(
            f"(?P<{name}>{text})"
            for name, text in zip("dwmy", (words.day, words.week, words.month, words.year), strict=True)
        )
        self.weekday = "|".join(f"(?P<w{n}>{text})s?" for n, text in enumerate(words.weekdays))

    def all(self) -> Patterns:
        """Return all of them."""
        w = self.words
        return Patterns(
            words=w,
            mate=re.compile(r"(?<!\S)@([\w.\-]{2,60})(?!\S)"),
            priority=re.compile(rf"(?<!\S)!{{1,3}}(?P<word>{w.high}|{w.low}|[1-9])?(?!\S)"),
            repeats=self.repeats(),
            times=self.times(),
            days=self.days(),
        )

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        return re.compile(f"{LEFT}(?:{pattern}){RIGHT}")

    def _count(self, text: str | None) -> int:
        if not text:
            return 1
        if text.isdecimal():
            return int(text)
        return next(n for n, names in enumerate(self.words.numbers, 1) if text in names.split("|"))

    @staticmethod
    def _unit(match: re.Match[str]) -> str:
        return next(name for name in "dwmy" if match[name])

    @staticmethod
    def _weekdays(match: re.Match[str]) -> tuple[int, ...]:
        return tuple(n for n in range(7) if match[f"w{n}"])

    def repeats(self) -> Sequence[tuple[re.Pattern[str], Repeat]]:
        """Return what says how often."""
        w = self.words
        names = "|".join(f"(?:{text})s?" for text in w.weekdays)
        named = f"(?:{w.every}) (?P<names>(?:{names})(?:\\s*(?:{w.link})\\s*(?:{names}))*)"
        single = {"d": w.daily, "w": w.weekly, "m": w.monthly, "y": w.yearly}
        found: list[tuple[str, Repeat]] = [
            (w.workdays, lambda m: Rule(freq="WEEKLY", weekdays=WORKDAYS)),
            (f"(?:{w.every}) (?:(?P<other>{w.others}) |(?P<n>{self.number}) )?(?:{self.unit})", self._every),
            (named, self._named),
        ]
        for unit, text in single.items():
            found.append((text, lambda m, unit=unit: Rule(freq=FREQUENCIES[unit])))  # type: ignore[misc]
        return [(self._compiled(text), meant) for text, meant in found]

    def _every(self, match: re.Match[str]) -> Rule | None:
        number = 2 if match["other"] else self._count(match["n"])
        return Rule(freq=FREQUENCIES[self._unit(match)], interval=number) if 0 < number < 1000 else None

    def _named(self, match: re.Match[str]) -> Rule | None:
        days = list(re.finditer(f"(?:{self.weekday})(?!\\w)", match["names"]))
        found = sorted({n for m in days for n in self._weekdays(m)})
        return Rule(freq="WEEKLY", weekdays=tuple(found)) if found else None

    def times(self) -> Sequence[re.Pattern[str]]:
        """Return what says at what time."""
        w = self.words
        at = f"(?:(?:{w.at}) )?"
        half = r"(?P<half>[ap]\.?\s?m\.?)"
        found = [
            rf"{at}(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?\s?{half}",
            rf"{at}(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)\s?(?:{w.hour}|h)",
            rf"{at}(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?:\s?h)?",
            rf"{at}(?P<hour>\d{{1,2}})\s?h\s?(?P<minute>\d\d)?",
            rf"{at}(?P<hour>\d{{1,2}})\s?(?:{w.hour})",
            rf"(?:(?:{w.at}) )?(?P<noon>{w.noon})",
        ]
        if w.bare_at:
            found.append(rf"(?P<bare>{w.bare_at}) (?P<hour>\d{{1,2}})")
        return [self._compiled(text) for text in found]

    def days(self) -> Sequence[tuple[re.Pattern[str], Day]]:
        """Return what says on which day, the plainest first."""
        w = self.words
        pre = f"(?:(?:{w.before}) )?"
        months = "|".join(f"(?P<m{n}>{text})" for n, text in enumerate(w.months, 1))
        year, of = YEAR.format(of=w.of), f"(?:(?:{w.of}) )?" if w.of else ""
        fore = f"(?:(?P<next>{w.next}) )?" if w.next else "(?P<next>(?!))?"
        aft = f"(?: (?P<after>{w.following}))?" if w.following else "(?P<after>(?!))?"
        ordinal = r"(?:st|nd|rd|th|er|º|o|\.)?"
        found: list[tuple[str, Day]] = [
            (rf"{pre}(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)", _iso),
            (rf"{pre}(?P<day>\d{{1,2}}){ordinal} {of}(?:{months})\.?{year}", _named_month),
            (rf"{pre}(?:{months})\.? (?P<day>\d{{1,2}}){ordinal}{year}", _named_month),
            (rf"{pre}(?P<a>\d{{1,2}})(?P<sign>/)(?P<b>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d\d))?", _numbers),
            (rf"{pre}(?P<a>\d{{1,2}})(?P<sign>\.)\s?(?P<b>\d{{1,2}})\.(?:\s?(?P<year>\d{{4}}|\d\d))?", _numbers),
            (rf"{pre}(?P<a>\d{{1,2}})(?P<sign>\.)(?P<b>\d\d)(?P<year>(?!))?", _numbers),
            (rf"{pre}(?:{w.overmorrow})", lambda m, today, _first: today + timedelta(days=2)),
            (rf"{pre}(?:{w.tomorrow})", lambda m, today, _first: today + timedelta(days=1)),
            (rf"{pre}(?:{w.today})", lambda m, today, _first: today),
            (rf"(?:{w.within}) (?P<n>{self.number}) (?:{self.unit})", self._within),
            (rf"{pre}{fore}(?:{self.weekday}){aft}", self._weekday),
        ]  # fmt: skip
        if w.next:
            found.append((rf"{pre}(?:{w.next}) (?:{self.unit})", self._next))
        if w.following:
            found.append((rf"(?:la |le |el |a |o |na |no )?(?:{self.unit}) (?:{w.following})", self._next))
        made = [(self._compiled(text), day) for text, day in found]
        if self.own:
            short = "|".join(f"(?P<w{n}>{text})" for n, text in enumerate(self._short()))
            said = rf"(?:(?:{w.before}) (?:{short})\.?{RIGHT}|(?:{short})\.?\s*$)"
            made.append((re.compile(f"{LEFT}{_twice(said)}"), self._weekday))
        return made

    def _short(self) -> Sequence[str]:
        """Return the short names by weekday; Spanish has none for Tuesday, which would be a month."""
        found = list(self.words.short)
        return found if len(found) == 7 else [found[0], "mart", *found[1:]]

    def _within(self, match: re.Match[str], today: date, _first: bool) -> date | None:
        return _ahead(today, self._count(match["n"]), self._unit(match))

    def _weekday(self, match: re.Match[str], today: date, _first: bool) -> date | None:
        names = match.groupdict()
        wanted = next(int(name[1]) for name, text in names.items() if re.fullmatch(r"w\db?", name) and text)
        if names.get("next") or names.get("after"):
            return today + timedelta(days=7 - today.weekday() + wanted)
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)

    def _next(self, match: re.Match[str], today: date, _first: bool) -> date | None:
        unit = self._unit(match)
        if unit == "w":
            return today + timedelta(days=7 - today.weekday())
        if unit == "m":
            return today.replace(day=1) + relativedelta(months=1)
        return _ahead(today, 1, unit)


def _twice(said: str) -> str:
    """Let names of groups stand twice: those of the second alternative end in "b"."""
    head, bar, tail = said.partition(r"|(?:(?P<w0>")
    return head + bar.replace("w0", "w0b") + re.sub(r"\?P<w(\d)>", r"?P<w\1b>", tail) if bar else said


def _iso(match: re.Match[str], today: date, _first: bool) -> date | None:
    return _date(int(match["year"]), int(match["month"]), int(match["day"]))


def _named_month(match: re.Match[str], today: date, _first: bool) -> date | None:
    month = next(n for n in range(1, 13) if match[f"m{n}"])
    return _coming(match["year"], month, int(match["day"]), today)


def _numbers(match: re.Match[str], today: date, month_first: bool) -> date | None:
    day, month = int(match["a"]), int(match["b"])
    if match["sign"] == "/" and ((month_first and day <= 12) or month > 12):
        day, month = month, day
    return _coming(match["year"], month, day, today)


def _coming(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = range(today.year, today.year + 9)
    found = (_date(each, month, day) for each in years)
    return next((d for d in found if d is not None and d >= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 2000 <= year < 2200 else None


def _ahead(today: date, number: int, unit: str) -> date | None:
    """Return the day so many days, weeks, months or years ahead; None beyond a hundred years."""
    if number * {"d": 1, "w": 7, "m": 31, "y": 366}[unit] > 36600:
        return None
    if unit in {"d", "w"}:
        return today + timedelta(days=number * (7 if unit == "w" else 1))
    return today + relativedelta(months=number * (12 if unit == "y" else 1))
