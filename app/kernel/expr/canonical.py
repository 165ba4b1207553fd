"""The JSON form of a tree, stable and complete: for saved views, workflows and the API."""

from __future__ import annotations

import json
import re
from typing import Any

from app.i18n import _
from app.kernel.expr import limits
from app.kernel.expr.tree import (
    ORDERING,
    And,
    ExprError,
    Literal,
    Node,
    Not,
    Op,
    Question,
    Sort,
    all_of,
    any_of,
    sort_of,
)

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_COUNT = {Op.EMPTY: (0, 0), Op.BETWEEN: (2, 2), Op.IN: (1, limits.VALUES)}
_NEGATED = {Op.IS: "!=", Op.EMPTY: "is not empty"}


def to_json(node: Node) -> dict[str, Any]:
    """Return a tree as plain dictionaries and lists."""
    if isinstance(node, Question):
        op = _NEGATED.get(node.op, f"not {node.op}") if node.negated else str(node.op)
        found: dict[str, Any] = {"field": node.path, "op": op}
        return found | {"values": [_plain(v) for v in node.values]} if node.values else found
    if isinstance(node, Not):
        return {"not": to_json(node.part)}
    return {"and" if isinstance(node, And) else "or": [to_json(part) for part in node.parts]}


def dumps(node: Node) -> str:
    """Return a tree as one line of JSON that is equal for equal trees."""
    return json.dumps(to_json(node), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(data: Any) -> Node:
    """Read what `to_json` wrote. Raises ExprError for anything else."""
    return limits.check(_node(data, 1))


def loads(text: str) -> Node:
    """Read a line of JSON. Raises ExprError when it is none or holds no expression."""
    try:
        return from_json(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise _wrong() from error


def _wrong() -> ExprError:
    return ExprError(_("This is no filter in JSON. Write the filter anew."))


def _plain(value: Literal) -> Any:
    return value.text if value.sort is Sort.TEXT else {str(value.sort): value.text}


def _node(data: Any, depth: int) -> Node:
    if depth > limits.DEEPEST:
        raise limits.too_deep()
    match data:
        case {"and": list(parts)} if len(data) == 1 and len(parts) != 1:
            return all_of(*(_node(p, depth + 1) for p in parts)) if parts else And(())
        case {"or": [_, _, *_] as parts} if len(data) == 1:
            return any_of(*(_node(p, depth + 1) for p in parts))
        case {"not": part} if len(data) == 1:
            return Not(_node(part, depth + 1))
        case {"field": str(path), "op": str(op)}:
            return _test(path, op, data.get("values", []))
    raise _wrong()


def _test(path: str, word: str, values: Any) -> Question:
    negated = word in _NEGATED.values() or word.startswith("not ")
    plain = next((op for op, said in _NEGATED.items() if said == word), word.removeprefix("not "))
    known = [op for op in Op if op == plain]
    if not known or not _PATH.fullmatch(path) or not isinstance(values, list):
        raise _wrong()
    op = known[0]
    fewest, most = _COUNT.get(op, (1, 1))
    if not fewest <= len(values) <= most or (negated and op in ORDERING):
        raise _wrong()
    return Question(path, op, tuple(map(_literal, values)), negated)


def _literal(data: Any) -> Literal:
    if isinstance(data, str):
        return Literal(Sort.TEXT, data)
    if isinstance(data, dict) and len(data) == 1:
        sort, text = next(iter(data.items()))
        if isinstance(text, str) and sort != Sort.TEXT and sort_of(text) == (sort, text):
            return Literal(Sort(sort), text)
    raise _wrong()
