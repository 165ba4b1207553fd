"""The one filter language, ready to use: text or tree in, a condition on an entity's rows out (docs/filters.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement

from app.kernel.context import Context
from app.kernel.expr import limits
from app.kernel.expr.canonical import dumps, from_json, loads, to_json
from app.kernel.expr.parser import parse
from app.kernel.expr.printer import text_of
from app.kernel.expr.tree import EVERYTHING, PARAMETER, ExprError, Node, Sort, all_of, any_of, questions
from app.services.filter_binding import bind
from app.services.filter_rows import matching
from app.services.filter_sql import expression

__all__ = [
    "EVERYTHING",
    "PARAMETER",
    "ExprError",
    "Node",
    "all_of",
    "any_of",
    "check",
    "criterion",
    "dumps",
    "from_json",
    "loads",
    "matches",
    "parse",
    "text_of",
    "to_json",
]

KEPT = 64
"""Compiled conditions that are kept for a principal."""


def tree_of(asked: str | Node) -> Node:
    """Return the tree of a text, or a tree within the limits as it is. Raises ExprError."""
    return parse(asked) if isinstance(asked, str) else limits.check(asked)


def check(ctx: Context, entity: str, asked: str | Node) -> Node:
    """Return the tree of an expression that the principal may use on an entity. Raises ExprError with a sentence."""
    node = tree_of(asked)
    criterion(ctx, entity, node)
    return node


def criterion(ctx: Context, entity: str, asked: str | Node) -> ColumnElement[bool]:
    """Return the condition on an entity's rows, compiled once per principal and day. Raises ExprError.

    It narrows a select that the access layer scopes as always; related rows are scoped in it by the same layer.
    """
    node = tree_of(asked)
    if not _keeps(node):
        return _compiled(ctx, entity, node)
    kept: dict[Any, Any] = ctx.user.memo.setdefault("filters", {})
    today = ctx.now.astimezone(ctx.zone).date()
    key = (entity, node, today, ctx.zone.key, ctx.locale)
    found = kept.get(key)
    if found is None or found[0] is not ctx.schema:
        if len(kept) >= KEPT:
            kept.clear()
        found = kept[key] = (ctx.schema, _compiled(ctx, entity, node))
    condition: ColumnElement[bool] = found[1]
    return condition


def matches(ctx: Context, entity: str, asked: str | Node, ids: Iterable[int]) -> set[int]:
    """Return those of some visible records that an expression finds, asked of their values in Python."""
    return matching(ctx, bind(ctx, entity, tree_of(asked)), ids)


def _compiled(ctx: Context, entity: str, node: Node) -> ColumnElement[bool]:
    return expression(ctx, bind(ctx, entity, node), ctx.schema.entity(entity).model)


def _keeps(node: Node) -> bool:
    """Tell whether an expression means the same all day."""
    values = (value for test in questions(node) for value in test.values)
    return not any(
        (v.sort is Sort.NAME and v.text == "now") or (v.sort is Sort.RELATIVE and v.text.endswith("h"))
        for v in values
    )
