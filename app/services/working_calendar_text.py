"""The hours of a day as people write them: “9-12:30, 13:30–17”, and as they are stored."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise

from app.i18n import _
from app.services.working_calendar_hours import DAY_MINUTES, Period

PERIOD = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.h](\d{2})?)?")
MOST = 8


def parse(text: str) -> tuple[Period, ...]:
    """Read the periods of a day; an empty text is a closed day. Raises ValueError with a sentence."""
    parts = [part.strip() for part in re.split(r"[,;+&]", text) if part.strip()]
    found = sorted(_period(part) for part in parts[:MOST])
    if len(parts) > MOST:
        raise ValueError(_("A day has at most %(num)s periods.", num=MOST))
    for one, following in pairwise(found):
        if following[0] < one[1]:
            told = _("“%(text)s” overlaps. Let one period end before the next begins.", text=text[:80])
            raise ValueError(told)
    return tuple(found)


def _period(text: str) -> Period:
    found = PERIOD.fullmatch(text)
    told = _("“%(text)s” are no hours. Write them like 9:00-12:30, 13:30-18:00.", text=text[:40])
    if found is None:
        raise ValueError(told)
    hours = [int(found[1]), int(found[3])]
    minutes = [int(found[2] or 0), int(found[4] or 0)]
    start, end = hours[0] * 60 + minutes[0], hours[1] * 60 + minutes[1]
    if max(minutes) > 59 or end > DAY_MINUTES:
        raise ValueError(told)
    if start >= end:
        told = _(
            "“%(text)s” ends before it begins. Split a night into two days: 22-24 and 0-6.", text=text[:40]
        )
        raise ValueError(told)
    return start, end


def write(periods: Sequence[Period]) -> str:
    """Return periods as people read them; an empty text when closed."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in periods)


def stored(week: Sequence[Sequence[Period]]) -> str:
    """Return a week, or a single day in a list, as it is kept."""
    return json.dumps([[[_clock(start), _clock(end)] for start, end in day] for day in week])


def revived(text: str) -> tuple[tuple[Period, ...], ...]:
    """Return a week as it was stored; empty for an empty text."""
    if not text:
        return ()
    return tuple(tuple((_minutes(start), _minutes(end)) for start, end in day) for day in json.loads(text))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
