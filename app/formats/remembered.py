"""What functions of plain values have said, remembered for a while; a process that works ahead can tell it to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

Said = tuple[str, tuple[Any, ...], Any]
"""The name of a function, what it was given, what it said."""

_EVERY: dict[str, Remembered[Any, Any]] = {}
_NOTHING: Any = object()
_telling: list[Said] | None = None


class Remembered(Generic[P, R]):
    """A function that says the same of the same values; of at most two times `size` of them it need not ask itself."""

    def __init__(self, function: Callable[P, R], size: int) -> None:
        self.function = function
        self.size = size
        self.name = f"{function.__module__}.{function.__qualname__}"
        self._now: dict[tuple[Any, ...], R] = {}
        self._before: dict[tuple[Any, ...], R] = {}
        _EVERY[self.name] = self
        update_wrapper(self, function)

    def __call__(self, *values: P.args, **named: P.kwargs) -> R:
        """Return what the function says of values, which are given by place."""
        found: R = self._now.get(values, _NOTHING)
        if found is _NOTHING:
            found = self._before.get(values, _NOTHING)
            if found is _NOTHING:
                found = self.function(*values, **named)
                if _telling is not None:
                    _telling.append((self.name, values, found))
            self.keep(values, found)
        return found

    def keep(self, values: tuple[Any, ...], found: R) -> None:
        """Remember what the function says of values; what nobody asked for since the last `size` of them is forgotten."""
        if len(self._now) >= self.size:
            self._before, self._now = self._now, {}
        self._now[values] = found


def remembered(size: int) -> Callable[[Callable[P, R]], Remembered[P, R]]:
    """Decorate a function of plain values (texts, say) that follows from them alone: at least `size` are remembered."""
    return lambda function: Remembered(function, size)


def telling() -> list[Said]:
    """Note from now on what is said anew in this process, and return the list of it, which whoever reads it empties."""
    global _telling
    _telling = []
    return _telling


def learn(said: Iterable[Said]) -> None:
    """Remember what functions have said in another process of the same code."""
    for name, values, found in said:
        _EVERY[name].keep(values, found)
