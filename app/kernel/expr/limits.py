"""How large an expression may be: whatever is sent, reading it and asking the database stays cheap."""

from __future__ import annotations

from app.i18n import _
from app.kernel.expr.tree import And, ExprError, Node, Not, Or, Question

LONGEST = 4000
"""Characters of the text form."""

DEEPEST = 12
"""Levels of brackets and negations."""

TESTS = 60
VALUES = 200
"""Values of one `in`."""

VALUE = 500
"""Characters of one value."""

HOPS = 3
"""Relations that a path may follow."""


def check(node: Node) -> Node:
    """Return the tree. Raises ExprError when it is too deep, too wide or has a value that is too long."""
    count = 0
    stack: list[tuple[Node, int]] = [(node, 1)]
    while stack:
        here, depth = stack.pop()
        if depth > DEEPEST:
            raise too_deep()
        if isinstance(here, Not):
            stack.append((here.part, depth + 1))
        elif isinstance(here, And | Or):
            stack.extend((part, depth + 1) for part in here.parts)
        else:
            count += 1
            _values(here)
        if count > TESTS:
            raise ExprError(_("This filter has more than %(most)s conditions. Use fewer.", most=TESTS))
    return node


def _values(test: Question) -> None:
    if len(test.values) > VALUES:
        sentence = _("“%(name)s” is compared with more than %(most)s values. Use fewer.")
        raise ExprError(sentence % {"name": test.path[:80], "most": VALUES}, test.at, len(test.path))
    for value in test.values:
        if len(value.text) > VALUE:
            raise too_long_value(value.text, value.at, value.length)
        if (bad := unstorable(value.text)) is not None:
            raise ExprError(bad, value.at, value.length)


def too_deep(at: int = -1) -> ExprError:
    """Return the error of an expression with too many brackets in one another."""
    return ExprError(_("This filter is nested too deeply. Use at most %(most)s levels.", most=DEEPEST), at, 1)


def too_long_value(text: str, at: int, length: int) -> ExprError:
    """Return the error of a value that is too long."""
    sentence = _("“%(text)s…” is too long. Write at most %(most)s characters.", text=text[:40], most=VALUE)
    return ExprError(sentence, at, length)


def unstorable(text: str) -> str | None:
    """Return a sentence when a text holds what no database stores, else None."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        return _("This holds characters that are no text. Remove them.")
    return None
