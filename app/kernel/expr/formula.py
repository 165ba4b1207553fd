"""Formulas: arithmetic, comparisons, texts and days over the fields of one record, read into a tree and computed exactly.

`round(x_seats * x_price * 1.19, 2)`, `if(x_seats > 10, "large", "small")`, `days(x_begin, x_end)`. Nothing of Python is
run: a formula can do what stands here, and no more. A part that is empty makes arithmetic empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, DecimalException, localcontext
from typing import Any

LONGEST = 1_000
DEEPEST = 30
MOST = 200
DIGITS = 40
LONGEST_TEXT = 10_000

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_][\w.]*)|(?P<sign><=|>=|!=|[-+*/()=<>,&]))"""
)


class FormulaError(ValueError):
    """A formula that cannot be read; `key` says why, `text` where: the words for people are made elsewhere."""

    def __init__(self, key: str, text: str = "") -> None:
        super().__init__(f"{key}: {text}" if text else key)
        self.key, self.text = key, text


@dataclass(frozen=True)
class Node:
    """A part of a formula: a constant, the name of a field, or an operation (or function) on further parts."""

    what: str
    value: Any = None
    parts: tuple[Node, ...] = ()


def parse(text: str) -> Node:
    """Return the tree of a formula. Raises FormulaError."""
    if len(text) > LONGEST:
        raise FormulaError("long")
    reader = _Reader(list(_tokens(text)))
    found = reader.level(0)
    if reader.here[0]:
        raise FormulaError("unexpected", reader.here[1])
    return found


def names(tree: Node) -> frozenset[str]:
    """Return the fields that a formula looks at."""
    own = {str(tree.value)} if tree.what == "name" else set()
    return frozenset(own.union(*(names(part) for part in tree.parts)))


def compute(tree: Node, values: Mapping[str, Any]) -> Any:
    """Return what a formula comes to for a record's values; None where a part of it is empty or cannot be computed."""
    with localcontext() as exact:
        exact.prec = DIGITS
        try:
            return _computed(tree, values)
        except (DecimalException, ValueError, TypeError, OverflowError):
            return None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for _count in range(MOST * 2):
        if not text[at:].strip():
            yield "", ""
            return
        found = _TOKEN.match(text, at)
        if found is None:
            raise FormulaError("unexpected", text[at:].strip()[:20])
        at = found.end()
        kind = str(found.lastgroup)
        yield kind, found[kind]
    raise FormulaError("long")


LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!=", "<", "<=", ">", ">="),
    ("&",),
    ("+", "-"),
    ("*", "/"),
)
"""Signs between two parts, those that bind the least first."""


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    @property
    def here(self) -> tuple[str, str]:
        return self.tokens[self.at]

    def take(self, text: str) -> bool:
        kind, found = self.here
        if kind in {"sign", "name"} and found.lower() == text:
            self.at += 1
            return True
        return False

    def level(self, n: int) -> Node:
        if n == len(LEVELS):
            return self.one()
        found = self.level(n + 1)
        while sign := next((s for s in LEVELS[n] if self.take(s)), ""):
            found = Node(sign, None, (found, self.level(n + 1)))
        return found

    def one(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError("deep")
        try:
            return self._one()
        finally:
            self.depth -= 1

    def _one(self) -> Node:
        if self.take("not"):
            return Node("not", None, (self.one(),))
        if self.take("-"):
            return Node("negative", None, (self.one(),))
        if self.take("("):
            found = self.level(0)
            self.expect(")")
            return found
        kind, text = self.here
        self.at += kind != ""
        if kind == "number":
            return Node("constant", Decimal(text))
        if kind == "text":
            return Node("constant", text[1:-1])
        if kind != "name":
            raise FormulaError("unexpected" if text else "unfinished", text)
        if self.take("("):
            return self.call(text.lower())
        return (
            Node("constant", text.lower() == "true")
            if text.lower() in {"true", "false"}
            else Node("name", text)
        )

    def call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise FormulaError("function", name)
        parts: list[Node] = []
        while not self.take(")"):
            parts.append(self.level(0))
            if not self.take(","):
                self.expect(")")
                break
        least, most, _run = FUNCTIONS[name]
        if not least <= len(parts) <= most:
            raise FormulaError("parts", name)
        return Node(name, None, tuple(parts))

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise FormulaError("expected", text)


# ---------------------------------------------------------------- computing


def _computed(tree: Node, values: Mapping[str, Any]) -> Any:
    if tree.what == "constant":
        return tree.value
    if tree.what == "name":
        return _plain(values.get(str(tree.value)))
    if tree.what == "if":
        return _computed(tree.parts[1 if _computed(tree.parts[0], values) else 2], values)
    parts = [_computed(part, values) for part in tree.parts]
    if tree.what in OPERATIONS:
        return OPERATIONS[tree.what](parts)
    return FUNCTIONS[tree.what][2](parts)


def _plain(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return None if value in ("", []) else value


def _numeric(run: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    """Return an operation on figures: empty where one of them is."""

    def found(parts: list[Any]) -> Any:
        if any(part is None for part in parts):
            return None
        return run(*(Decimal(part) for part in parts))

    return found


def _compared(run: Callable[[Any, Any], bool]) -> Callable[[list[Any]], bool]:
    def found(parts: list[Any]) -> bool:
        left, right = parts
        return left is not None and right is not None and bool(run(left, right))

    return found


def _joined(parts: list[Any]) -> str:
    return "".join(text_of(part) for part in parts)[:LONGEST_TEXT]


def text_of(value: Any) -> str:
    """Return what was computed as a text."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return "" if value is None else str(value)


def _days(parts: list[Any]) -> Decimal | None:
    if None in parts:
        return None
    first, last = (date.fromisoformat(str(part)) for part in parts)
    return Decimal((last - first).days)


def _rounded(parts: list[Any]) -> Decimal | None:
    if None in parts:
        return None
    places = int(parts[1]) if len(parts) == 2 else 0
    return Decimal(parts[0]).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _first(parts: list[Any]) -> Any:
    return next((part for part in parts if part is not None), None)


OPERATIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "+": _numeric(lambda a, b: a + b),
    "-": _numeric(lambda a, b: a - b),
    "*": _numeric(lambda a, b: a * b),
    "/": _numeric(lambda a, b: a / b),
    "negative": _numeric(lambda a: -a),
    "&": _joined,
    "=": _compared(lambda a, b: a == b),
    "!=": lambda parts: parts[0] != parts[1],
    "<": _compared(lambda a, b: a < b),
    "<=": _compared(lambda a, b: a <= b),
    ">": _compared(lambda a, b: a > b),
    ">=": _compared(lambda a, b: a >= b),
    "and": all,
    "or": any,
    "not": lambda parts: not parts[0],
}

FUNCTIONS: Mapping[str, tuple[int, int, Callable[[list[Any]], Any]]] = {
    "if": (3, 3, lambda parts: None),
    "round": (1, 2, _rounded),
    "abs": (1, 1, _numeric(abs)),
    "min": (1, 20, _numeric(min)),
    "max": (1, 20, _numeric(max)),
    "first": (1, 20, _first),
    "concat": (1, 20, _joined),
    "lower": (1, 1, lambda parts: text_of(parts[0]).lower()),
    "upper": (1, 1, lambda parts: text_of(parts[0]).upper()),
    "length": (1, 1, lambda parts: Decimal(len(text_of(parts[0])))),
    "days": (2, 2, _days),
    "year": (1, 1, lambda parts: None if parts[0] is None else Decimal(str(parts[0])[:4])),
    "month": (1, 1, lambda parts: None if parts[0] is None else Decimal(str(parts[0])[5:7])),
}
"""Name → least and most parts, and what it does with them."""
