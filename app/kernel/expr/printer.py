"""A tree written as text: what the parser reads comes back as the same tree."""

from __future__ import annotations

from app.kernel.expr.parser import KEYWORDS, NOTHING
from app.kernel.expr.tokens import is_word, quote
from app.kernel.expr.tree import And, Literal, Node, Not, Op, Or, Question, Sort, sort_of


def text_of(node: Node) -> str:
    """Return the text form; EVERYTHING is the empty text."""
    return _written(node)


def _written(node: Node) -> str:
    if isinstance(node, Question):
        return _test(node)
    if isinstance(node, Not):
        return f"not ({_written(node.part)})"
    word = " and " if isinstance(node, And) else " or "
    return word.join(f"({_written(p)})" if isinstance(p, And | Or) else _written(p) for p in node.parts)


def _test(test: Question) -> str:
    values = [literal(value) for value in test.values]
    match test.op:
        case Op.EMPTY:
            return f"{test.path} is not empty" if test.negated else f"{test.path} is empty"
        case Op.IS:
            return f"{test.path} {'!=' if test.negated else '='} {values[0]}"
        case Op.IN:
            rest = f"in ({', '.join(values)})"
        case Op.BETWEEN:
            rest = f"between {values[0]} and {values[1]}"
        case _:
            rest = f"{test.op} {values[0]}"
    return f"{test.path} not {rest}" if test.negated else f"{test.path} {rest}"


def literal(value: Literal) -> str:
    """Return a value as it is written: bare where that means the same, else in quotation marks."""
    if value.sort is not Sort.TEXT:
        return value.text
    word = value.text
    bare = (
        is_word(word)
        and sort_of(word) == (Sort.TEXT, word)
        and word.lower() not in KEYWORDS
        and word.lower() not in NOTHING
    )
    return word if bare else quote(word)
