"""The critical path method: when each step can begin at the earliest and at the latest. Pure; days are whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter


class Circle(ValueError):
    """Steps wait for one another in a circle; `steps` are those of the circle."""

    def __init__(self, steps: Sequence[int]) -> None:
        super().__init__("steps wait for one another")
        self.steps = steps


@dataclass(frozen=True, slots=True)
class Step:
    """Something that takes `length` days and does not begin before day `begins`."""

    id: int
    length: int
    begins: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """`after` waits for `before`, `lag` days; kind FS, SS, FF or SF: from which end of the one to which of the other."""

    before: int
    after: int
    kind: str = "FS"
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """The first day of a step and the day after its last, at the earliest and at the latest."""

    start: int
    end: int
    late_start: int
    late_end: int

    @property
    def slack(self) -> int:
        """How many days the step may slip without delaying the whole."""
        return self.late_start - self.start

    @property
    def critical(self) -> bool:
        """Tell whether a day later here is a day later for the whole."""
        return self.late_start == self.start


def slots(steps: Iterable[Step], waits: Iterable[Wait]) -> dict[int, Slot]:
    """Return the slot of each step by its id. Waits for steps that are not there do not count. Raises Circle."""
    known = {step.id: step for step in steps}
    kept = [wait for wait in waits if wait.before in known and wait.after in known]
    order = _ordered(known, kept)
    starts = _forward(known, order, _grouped(kept, "after"))
    end = max((starts[i] + known[i].length for i in order), default=0)
    late = _backward(known, order, _grouped(kept, "before"), end)
    return {
        i: Slot(starts[i], starts[i] + known[i].length, late[i] - known[i].length, late[i]) for i in order
    }


def _ordered(known: Mapping[int, Step], waits: Sequence[Wait]) -> list[int]:
    sorter: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(known, ()))
    for wait in waits:
        sorter.add(wait.after, wait.before)
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise Circle(error.args[1]) from error


def _grouped(waits: Iterable[Wait], end: str) -> dict[int, list[Wait]]:
    found: dict[int, list[Wait]] = {}
    for wait in waits:
        found.setdefault(getattr(wait, end), []).append(wait)
    return found


def _forward(
    known: Mapping[int, Step], order: Sequence[int], waits: Mapping[int, Sequence[Wait]]
) -> dict[int, int]:
    """Return when each step begins at the earliest, walking from the first to the last."""
    starts: dict[int, int] = {}
    for i in order:
        step = known[i]
        begins = step.begins
        for wait in waits.get(i, ()):
            at = starts[wait.before] + (known[wait.before].length if wait.kind[0] == "F" else 0) + wait.lag
            begins = max(begins, at - (step.length if wait.kind[1] == "F" else 0))
        starts[i] = begins
    return starts


def _backward(
    known: Mapping[int, Step], order: Sequence[int], waits: Mapping[int, Sequence[Wait]], end: int
) -> dict[int, int]:
    """Return by when each step ends at the latest, walking from the last to the first."""
    ends: dict[int, int] = {}
    for i in reversed(order):
        found = end
        for wait in waits.get(i, ()):
            at = ends[wait.after] - (0 if wait.kind[1] == "F" else known[wait.after].length) - wait.lag
            found = min(found, at + (0 if wait.kind[0] == "F" else known[i].length))
        ends[i] = found
    return ends
