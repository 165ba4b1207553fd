"""Plans as text: templates are written and read in it.

A line that begins with `#` is a phase, one with `*` a milestone, any other a task. After the name stand, each behind a
bar: `+3` working days after the beginning (a task without it begins when what it waits for is over), `2d` how many
working days it takes, `4h` the estimate, `after 1, 2` the numbers of the tasks it waits for, `@role` who does it,
`30 %` (of a milestone) the part to be billed. Lines that begin with `-` are the checklist of the task above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.sdk import _

MOST = 500
_DAY = re.compile(r"\+\s*(\d{1,4})")
_LENGTH = re.compile(r"(\d{1,4})\s*d", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,5}(?:[.,]\d{1,2})?)\s*h", re.IGNORECASE)
_AFTER = re.compile(r"after\s+(\d{1,3}(?:\s*,\s*\d{1,3})*)", re.IGNORECASE)
_ROLE = re.compile(r"@\s*(\S.{0,59})")
_SHARE = re.compile(r"(\d{1,3})\s*%")


@dataclass(kw_only=True)
class Line:
    """A line of an outline: `kind` is phase, milestone or task; `phase` and `milestone` are numbers of such lines.

    `day` is the working day after the beginning, or None; `length` in working days, `estimate` in minutes; `after` the
    numbers of tasks, from 1.
    """

    kind: str
    name: str
    phase: int | None = None
    milestone: int | None = None
    day: int | None = None
    length: int = 1
    estimate: int | None = None
    after: tuple[int, ...] = ()
    role: str = ""
    share: int | None = None
    checklist: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A plan that was read."""

    phases: list[Line]
    milestones: list[Line]
    tasks: list[Line]

    @property
    def roles(self) -> list[str]:
        """The roles that somebody has to take, in their order."""
        return list(dict.fromkeys(task.role for task in self.tasks if task.role))


def parse(text: str) -> Outline:
    """Read an outline. Raises ValueError with a sentence that names the line."""
    found = Outline(phases=[], milestones=[], tasks=[])
    for at, words in _lines(text):
        _add(found, at, words)
    if len(found.tasks) > MOST:
        raise ValueError(_("A plan has at most %(num)s tasks.", num=MOST))
    for number, task in enumerate(found.tasks, 1):
        if any(not 0 < before < number for before in task.after):
            told = _(
                "Task %(num)s, “%(name)s”, can only wait for tasks above it.", num=number, name=task.name
            )
            raise ValueError(told)
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for at, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield at, line.strip()


def _add(found: Outline, at: int, words: str) -> None:
    if words.startswith("-"):
        _check(found, at, words[1:].strip())
        return
    kind = {"#": "phase", "*": "milestone"}.get(words[0], "task")
    name, *parts = [part.strip() for part in (words if kind == "task" else words[1:]).split("|")]
    if not name:
        raise ValueError(_("Line %(num)s has no name.", num=at))
    line = Line(kind=kind, name=name[:200], phase=len(found.phases) - 1 if found.phases else None)
    for part in parts:
        _set(line, at, part)
    {"phase": found.phases, "milestone": found.milestones, "task": found.tasks}[kind].append(line)
    if kind == "milestone":
        for task in found.tasks:
            task.milestone = len(found.milestones) - 1 if task.milestone is None else task.milestone


def _check(found: Outline, at: int, words: str) -> None:
    if not found.tasks or not words:
        raise ValueError(_("Line %(num)s belongs to no task.", num=at))
    found.tasks[-1].checklist.append(words[:500])


def _set(line: Line, at: int, part: str) -> None:
    """Read one part of a line into it."""
    if match := _DAY.fullmatch(part):
        line.day = int(match[1])
    elif match := _LENGTH.fullmatch(part):
        line.length = max(int(match[1]), 1)
    elif match := _HOURS.fullmatch(part):
        line.estimate = round(float(match[1].replace(",", ".")) * 60)
    elif match := _AFTER.fullmatch(part):
        line.after = tuple(int(one) for one in match[1].split(","))
    elif match := _ROLE.fullmatch(part):
        line.role = match[1].strip()
    elif (match := _SHARE.fullmatch(part)) and int(match[1]) <= 100:
        line.share = int(match[1])
    elif part:
        raise ValueError(_("Line %(num)s: “%(text)s” is not understood.", num=at, text=part[:60]))
