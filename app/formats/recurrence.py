"""Recurrence rules of calendars (RFC 5545, section 3.3.10) on whole days: read, checked, walked along.

The time of day of a task stays with the task: a rule only says on which days, so no change of clocks can move it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from dateutil.rrule import rrulestr

from app.i18n import _

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WORKDAYS = (0, 1, 2, 3, 4)
LAST = -1
MOST = 999
"""The longest interval and the largest count that are accepted."""

YEARS = 30
"""How far ahead days are looked for."""

_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST", "BYYEARDAY", "BYWEEKNO"}  # fmt: skip
_NUMBERS = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(T\d{6}Z?)?")


class RuleError(ValueError):
    """A text that is no rule Kith can follow; its message is a sentence for the person who wrote it."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule that people choose from a form. Weekdays count from 0 (Monday).

    Weekly: on `weekdays`. Monthly: on the `nth` of `weekdays` (-1 the last), or else on `day` (-1 the last; a month
    that is too short takes its last). Yearly: on `day` of `month`. `until` is the last day, ISO; `count` how often.
    """

    freq: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int = 0
    day: int = 0
    month: int = 0
    until: str = ""
    count: int = 0

    def __str__(self) -> str:
        """Return the RRULE without its name."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.freq == "YEARLY" and self.month:
            parts.append(f"BYMONTH={self.month}")
        if self.weekdays and (self.freq == "WEEKLY" or self.nth):
            nth = str(self.nth) if self.nth else ""
            parts.append("BYDAY=" + ",".join(nth + DAYS[d] for d in sorted(self.weekdays)))
        elif self.day and self.freq in {"MONTHLY", "YEARLY"}:
            parts.append(_month_day(self.day))
        if self.count:
            parts.append(f"COUNT={self.count}")
        elif self.until:
            parts.append(f"UNTIL={self.until.replace('-', '')}")
        return ";".join(parts)


def _month_day(day: int) -> str:
    if day <= 28:
        return f"BYMONTHDAY={day}"
    return "BYMONTHDAY=" + ",".join(str(d) for d in range(28, day + 1)) + ";BYSETPOS=-1"


def read(text: str) -> Rule | None:
    """Return what a form shows of a rule, or None for one (of another program) that the form has no words for."""
    parts = _parts(text)
    rule = Rule(
        freq=parts["FREQ"], interval=int(parts.get("INTERVAL", "1")), count=int(parts.get("COUNT", "0"))
    )
    if until := parts.get("UNTIL"):
        rule = replace(rule, until=f"{until[:4]}-{until[4:6]}-{until[6:8]}")
    rule = replace(rule, month=int(parts["BYMONTH"])) if parts.get("BYMONTH", "x").isdecimal() else rule
    if "BYDAY" in parts:
        found = [re.fullmatch(r"(-?\d)?([A-Z]{2})", one) for one in parts["BYDAY"].split(",")]
        nths = {int(one[1] or 0) for one in found if one}
        weekdays = tuple(sorted(DAYS.index(one[2]) for one in found if one))
        rule = replace(rule, weekdays=weekdays, nth=nths.pop() if len(nths) == 1 else 99)
    if "BYMONTHDAY" in parts:
        last = parts["BYMONTHDAY"].split(",")[-1]
        rule = replace(rule, day=int(last))
    return rule if _parts(str(rule)) == {k: v for k, v in parts.items() if k != "WKST"} else None


def normal(text: str) -> str:
    """Return a rule in one spelling, or "" for none. Raises RuleError with a sentence for what cannot be followed."""
    clean = re.sub(r"\s+", "", text).upper().removeprefix("RRULE:").strip(";")
    if not clean:
        return ""
    parts = _parts(clean)
    clean = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        rrulestr(clean, dtstart=datetime(2024, 1, 1))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise _wrong(text) from None
    if not 1 <= _number(parts, "INTERVAL") <= MOST or not 1 <= _number(parts, "COUNT") <= MOST:
        raise _wrong(text)
    for name, most in _NUMBERS.items():
        if any(not 0 < abs(int(n)) <= most for n in parts.get(name, "1").split(",")):
            raise _wrong(text)
    return clean


def _parts(text: str) -> dict[str, str]:
    pairs = [one.partition("=") for one in text.split(";")]
    parts = {name: value for name, sign, value in pairs if sign and value}
    if len(parts) != len(pairs) or not set(parts) <= _PARTS or parts.get("FREQ") not in FREQUENCIES:
        raise _wrong(text)
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    if "UNTIL" in parts:
        found = _UNTIL.fullmatch(parts["UNTIL"])
        if found is None or "COUNT" in parts:
            raise _wrong(text)
        parts["UNTIL"] = "".join(found.groups()[:3])
    return parts


def _number(parts: dict[str, str], name: str) -> int:
    value = parts.get(name, "1")
    return int(value) if value.isdecimal() and len(value) < 6 else 0


def _wrong(text: str) -> RuleError:
    return RuleError(
        _(
            "“%(text)s” is no rule that can be followed. Write it like FREQ=WEEKLY;INTERVAL=2;BYDAY=MO.",
            text=text[:80],
        )
    )


def days(text: str, start: date) -> Iterator[date]:
    """Walk along the days of a rule from its first day on; `start` itself only if the rule names it.

    The walk ends after its count, its last day or 30 years, so that a rule that names no day at all (30 February) ends.
    """
    parts = _parts(text)
    if parts["FREQ"] in {"MONTHLY", "YEARLY"} and not any(name.startswith("BY") for name in parts):
        parts |= dict(one.split("=") for one in _month_day(start.day).split(";"))
        parts |= {"BYMONTH": str(start.month)} if parts["FREQ"] == "YEARLY" else {}
    count = int(parts.pop("COUNT", "0")) or None
    bound = f"{min(9998, max(start.year, date.today().year) + YEARS):04}1231"
    parts["UNTIL"] = min(parts.get("UNTIL", bound), bound)
    whole = ";".join(f"{name}={value}" for name, value in parts.items())
    walk = rrulestr(whole, dtstart=datetime(start.year, start.month, start.day))
    return (at.date() for at in islice(walk, count))


def next_day(text: str, start: date, after: date) -> date | None:
    """Return the first day of a rule that comes after a day, or None when it is over."""
    return next((day for day in days(text, start) if day > after), None)


def upcoming(text: str, start: date, after: date, number: int) -> list[date]:
    """Return the next days of a rule after a day, at most so many."""
    return list(islice((day for day in days(text, start) if day > after), number))


def after_done(text: str, done: date) -> tuple[date, str] | None:
    """Return when a rule that counts from completion is due again, and the rule from then on; None when it is over."""
    rest = spent(text)
    found = next_day(_without_count(text), done, done)
    until = _parts(text).get("UNTIL")
    if found is None or rest is None or (until and found.strftime("%Y%m%d") > until):
        return None
    return found, rest


def spent(text: str) -> str | None:
    """Return a rule after one more of its times, or None if that was its last."""
    parts = _parts(text)
    count = int(parts.get("COUNT", "0"))
    if count == 1:
        return None
    if count:
        parts["COUNT"] = str(count - 1)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _without_count(text: str) -> str:
    return ";".join(f"{n}={v}" for n, v in _parts(text).items() if n not in {"COUNT", "UNTIL"})


def first_day(text: str, start: date) -> date:
    """Return the first day of a rule on or after `start`; `start` itself for a rule that has none."""
    return next(days(text, start), start)


def suggested(freq: str, start: date, interval: int = 1) -> Rule:
    """Return the plain rule of a frequency that begins on a day: every month on its 31st, every Monday."""
    if freq == "WEEKLY":
        return Rule(freq=freq, interval=interval, weekdays=(start.weekday(),))
    if freq == "MONTHLY":
        return Rule(freq=freq, interval=interval, day=start.day)
    if freq == "YEARLY":
        return Rule(freq=freq, interval=interval, day=start.day, month=start.month)
    return Rule(freq=freq, interval=interval)


def nth_of(day: date) -> int:
    """Return which of its weekday a day is within its month: 1 to 4, or -1 for the last."""
    return LAST if day.day + 7 > monthrange(day.year, day.month)[1] else (day.day - 1) // 7 + 1
