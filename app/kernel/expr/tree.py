"""The tree of an expression: tests on fields, joined by and, or, not. It knows no field; binding gives it a meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from app.kernel.errors import Invalid

PARAMETER = "where"
"""The name under which the text form stands in addresses, and under which its errors are reported."""


class ExprError(Invalid):
    """An expression that cannot be used; `at` and `length` say where in the text, -1 when there is none."""

    def __init__(self, sentence: str, at: int = -1, length: int = 0) -> None:
        super().__init__({PARAMETER: sentence})
        self.sentence, self.at, self.length = sentence, at, length


class Sort(StrEnum):
    """What a literal was written as."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    RELATIVE = "relative"
    NAME = "name"


class Op(StrEnum):
    """What is asked of a field. `!=`, `not in` and the like are these, negated."""

    IS = "="
    LESS = "<"
    MOST = "<="
    MORE = ">"
    LEAST = ">="
    IN = "in"
    CONTAINS = "contains"
    STARTS = "starts with"
    BETWEEN = "between"
    WITHIN = "within"
    EMPTY = "is empty"


ORDERING = frozenset({Op.LESS, Op.MOST, Op.MORE, Op.LEAST})

PERIODS = ("week", "month", "quarter", "year")
NAMES = frozenset(
    {"me", "mine", "my_team", "now", "today", "yesterday", "tomorrow", "yes", "no", "true", "false"}
    | {f"{which}_{period}" for which in ("last", "this", "next") for period in PERIODS}
)

_SORTS = (
    (Sort.NUMBER, re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?")),
    (Sort.DAY, re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    (
        Sort.MOMENT,
        re.compile(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
        ),
    ),
    (Sort.RELATIVE, re.compile(r"[+-][0-9]{1,5}[hdwmqy]")),
)


@dataclass(frozen=True)
class Literal:
    """A value as it was written; what it means depends on the field it is compared with."""

    sort: Sort
    text: str
    at: int = field(default=-1, compare=False, repr=False)
    length: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Question:
    """One question: a path of names joined by dots, an operator, values."""

    path: str
    op: Op
    values: tuple[Literal, ...] = ()
    negated: bool = False
    at: int = field(default=-1, compare=False, repr=False)


@dataclass(frozen=True)
class And:
    """All parts hold; without parts it always holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Node


Node = Question | And | Or | Not

EVERYTHING = And(())
"""The empty expression: every record."""


def sort_of(word: str) -> tuple[Sort, str]:
    """Return what a bare word is, and its canonical spelling."""
    small = word.lower()
    if small in NAMES:
        return Sort.NAME, small
    for sort, pattern in _SORTS:
        if pattern.fullmatch(word):
            return sort, word
    return Sort.TEXT, word


def all_of(*parts: Node) -> Node:
    """Join parts by and, without needless nesting."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(*parts: Node) -> Node:
    """Join parts by or, without needless nesting."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return what must all hold: the parts of an outermost and, else the expression itself."""
    return node.parts if isinstance(node, And) else (node,)


def questions(node: Node) -> Iterator[Question]:
    """Yield the questions of a tree from left to right."""
    stack: list[Node] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Question):
            yield here
        elif isinstance(here, Not):
            stack.append(here.part)
        else:
            stack.extend(reversed(here.parts))
