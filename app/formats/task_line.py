"""One line about something to do, understood: "Call Ana tomorrow 15:00 !high" (five languages)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.formats import recurrence
from app.formats.recurrence import Rule
from app.formats.task_line_patterns import Patterns, patterns

MAX_LENGTH = 500
FIRST_HOUR = 7
""" "At 3" is in the afternoon, "at 9" in the morning: people write of the hours in which they work."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """What a line says. `clock` is "15:00" or empty, `rule` an RRULE, `priority` high, normal, low or empty.

    `mate` is the name after "@". What was understood as none of these is the `summary`.
    """

    summary: str = ""
    due: date | None = None
    clock: str = ""
    priority: str = ""
    rule: str = ""
    mate: str = ""


@dataclass
class _Reading:
    """The line while pieces are taken out of it: `plain` is `text` without accents, as long as it, place by place."""

    text: str
    plain: str
    now: datetime
    month_first: bool
    due: date | None = None
    clock: str = ""
    rule: Rule | None = None
    found: dict[str, str] = field(default_factory=dict)

    def take(self, pattern: re.Pattern[str] | None, use: Callable[[re.Match[str]], bool]) -> bool:
        """Take the last piece that fits out of the line, if it means something."""
        for match in reversed(list(pattern.finditer(self.plain)) if pattern else []):
            if use(match):
                self._cut(*match.span())
                return True
        return False

    def _cut(self, start: int, end: int) -> None:
        self.text = f"{self.text[:start]} {self.text[end:]}"
        self.plain = f"{self.plain[:start]} {self.plain[end:]}"


def understand(text: str, now: datetime, language: str = "en", *, month_first: bool = False) -> TaskLine:
    """Return what a line says, for somebody for whom it is `now`; days and words in their language or English.

    A weekday is the next one to come, a day without a year the next such day, a time alone today's or tomorrow's.
    `month_first` reads 3/4 as 4 March.
    """
    line = " ".join(text[:MAX_LENGTH].split())
    reading = _Reading(text=line, plain=_plain(line), now=now, month_first=month_first)
    own = re.split("[_-]", language, maxsplit=1)[0]
    for words in dict.fromkeys((own, "en")):
        if (found := patterns(words, own == words)) is not None:
            _read(reading, found)
    due = _settled(reading)
    rule = str(_placed(reading.rule, due)) if reading.rule is not None else ""
    if rule and reading.due is None:
        due = recurrence.first_day(rule, now.date())
    return TaskLine(
        summary=_tidy(reading.text, line),
        due=due,
        clock=reading.clock,
        priority=reading.found.get("priority", ""),
        rule=rule,
        mate=reading.found.get("mate", ""),
    )


def _plain(text: str) -> str:
    return "".join((unicodedata.normalize("NFD", sign)[0].lower() or sign)[0] for sign in text)


def _tidy(rest: str, line: str) -> str:
    if rest == line:
        return line if any(sign.isalnum() for sign in line) else ""
    clean = re.sub(r"\s+([,;.:!?])", r"\1", " ".join(rest.split())).strip(" ,;:-–—")
    return clean if any(sign.isalnum() for sign in clean) else ""


def _read(reading: _Reading, found: Patterns) -> None:
    """Take out what a language has words for, the plainest first."""
    today = reading.now.date()
    reading.take(found.mate, lambda m: _note(reading, "mate", m[1]))
    reading.take(found.priority, lambda m: _note(reading, "priority", found.urgency(m)))
    if reading.rule is None:
        for pattern, meant in found.repeats:
            if reading.take(pattern, lambda m, meant=meant: _repeat(reading, meant(m))):  # type: ignore[misc]
                break
    if not reading.clock:
        for pattern in found.times:
            if reading.take(pattern, lambda m: _time(reading, found, m)):
                break
    if reading.due is None:
        for pattern, day in found.days:
            if reading.take(
                pattern,
                lambda m, day=day: _day(reading, day(m, today, reading.month_first)),  # type: ignore[misc]
            ):
                break


def _note(reading: _Reading, name: str, value: str) -> bool:
    if not value or name in reading.found:
        return False
    reading.found[name] = value
    return True


def _repeat(reading: _Reading, rule: Rule | None) -> bool:
    reading.rule = rule
    return rule is not None


def _day(reading: _Reading, day: date | None) -> bool:
    reading.due = day
    return day is not None


def _time(reading: _Reading, found: Patterns, match: re.Match[str]) -> bool:
    parts = match.groupdict()
    if parts.get("noon"):
        reading.clock = "12:00"
        return True
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    half = (parts.get("half") or "").replace(".", "").replace(" ", "")
    if half:
        if not 1 <= hour <= 12:
            return False
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    elif parts.get("bare") and 0 < hour < FIRST_HOUR:
        hour += 12
    if hour > 23 or minute > 59:
        return False
    reading.clock = f"{hour:02}:{minute:02}"
    return True


def _settled(reading: _Reading) -> date | None:
    if reading.due is not None or not reading.clock or reading.rule is not None:
        return reading.due
    today = reading.now.date()
    return today if reading.clock > f"{reading.now:%H:%M}" else today + timedelta(days=1)


def _placed(rule: Rule, due: date | None) -> Rule:
    """Return a rule with its place: every month on the day that was named, or today's."""
    if due is None or rule.weekdays or rule.freq in {"DAILY", "WEEKLY"}:
        return rule
    return recurrence.suggested(rule.freq, due, rule.interval)
