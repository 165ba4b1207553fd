"""The drawing of a plan: numbers for an SVG, nothing of it measured in the browser. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from . import reading
from .days import parsed

ROW, TOP, EDGE, NAMES = 28, 34, 4, 250
"""Height of a row and of the head, room before the bars, and behind them for the names, in units of the drawing."""

WIDEST = 1600
NARROW, WIDE = 2, 24
"""A day is at least and at most so wide."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A task as drawn: where its name begins, its bar, that of the baseline (width 0 for none), and what it is."""

    id: int
    name: str
    y: int
    label: float
    x: float
    width: float
    base_x: float
    base_width: float
    critical: bool
    done: bool
    pushed: bool


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A plan as drawn: size, ticks (x, text), bars, lines of what waits for what (points), milestones (x, name)."""

    width: int
    height: int
    ticks: Sequence[tuple[float, date]]
    bars: Sequence[Drawn]
    lines: Sequence[tuple[str, bool]]
    milestones: Sequence[tuple[float, str, bool]]
    today: float | None


def draw(plan: reading.Plan, order: Sequence[reading.Item]) -> Drawing:
    """Return the drawing of a plan whose rows stand in an order."""
    first, last = _range(plan, order)
    number = (last - first).days + 1
    scale = min(max((WIDEST - NAMES) / number, NARROW), WIDE)

    def x(day: date) -> float:
        return round(EDGE + (day - first).days * scale, 1)

    bars = [_bar(plan, item, at, x, scale) for at, item in enumerate(order)]
    shown = {bar.id: bar for bar in bars}
    return Drawing(
        width=round(EDGE + number * scale + NAMES),
        height=TOP + ROW * max(len(order), 1) + 8,
        ticks=[(x(day), day) for day in _ticks(first, last, scale)],
        bars=bars,
        lines=_lines(plan, shown),
        milestones=[
            (round(x(day) + scale, 1), one.name, bool(one.reached_on))
            for one in plan.milestones
            if (day := parsed(one.due_on)) is not None and first <= day <= last
        ],
        today=x(plan.today) if first <= plan.today <= last else None,
    )


def _range(plan: reading.Plan, order: Sequence[reading.Item]) -> tuple[date, date]:
    found = [day for item in order for day in _days(plan, item)]
    found += [day for one in plan.milestones if (day := parsed(one.due_on)) is not None]
    if not found:
        return plan.today, plan.today + timedelta(days=27)
    first = min(found) - timedelta(days=1)
    return first, max(*found, first + timedelta(days=13)) + timedelta(days=1)


def _days(plan: reading.Plan, item: reading.Item) -> list[date]:
    bar = plan.bars[item.id]
    return [day for day in (bar.start, bar.end, item.base_start, item.base_end) if day is not None]


def _bar(plan: reading.Plan, item: reading.Item, at: int, x: Callable[[date], float], scale: float) -> Drawn:
    bar = plan.bars[item.id]
    return Drawn(
        id=item.id,
        name=item.name if len(item.name) <= 30 else f"{item.name[:29]}…",
        y=TOP + at * ROW,
        label=round(x(max(bar.end, item.base_end or bar.end)) + scale + 8, 1),
        x=x(bar.start),
        width=_width(bar.start, bar.end, scale),
        base_x=x(item.base_start) if item.base_start else 0,
        base_width=_width(item.base_start, item.base_end, scale),
        critical=bar.critical,
        done=item.done,
        pushed=bar.pushed and not item.done,
    )


def _width(start: date | None, end: date | None, scale: float) -> float:
    if start is None or end is None:
        return 0
    return round(max((end - start).days + 1, 1) * scale, 1)


def _ticks(first: date, last: date, scale: float) -> list[date]:
    """Return the days that are named at the head: Mondays, or every so many of them where they would be too close."""
    step = 7 * max(round(64 / (7 * scale) + 0.49), 1)
    day = first + timedelta(days=-first.weekday() % 7)
    found = []
    while day <= last:
        found.append(day)
        day += timedelta(days=step)
    return found


def _lines(plan: reading.Plan, shown: Mapping[int, Drawn]) -> list[tuple[str, bool]]:
    """Return what waits for what as points of a line, and whether both ends are critical."""
    found = []
    for wait in plan.waits:
        before, after = shown.get(wait.before), shown.get(wait.after)
        if before is None or after is None:
            continue
        x1 = before.x + (before.width if wait.kind[0] == "F" else 0)
        x2 = after.x + (after.width if wait.kind[1] == "F" else 0)
        y1, y2 = before.y + ROW / 2, after.y + ROW / 2
        out = x1 + (5 if wait.kind[0] == "F" else -5)
        points = f"{x1:g},{y1:g} {out:g},{y1:g} {out:g},{y2:g} {x2:g},{y2:g}"
        found.append((points, before.critical and after.critical))
    return found
