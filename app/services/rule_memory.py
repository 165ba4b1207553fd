"""Where expressions of row rules are kept, and the statements built with them: with the principal, for as long as all
rules answer the same (docs/decisions/0003).

The core's rules depend on the principal alone, and so do those that a plugin declares stable. Others may answer otherwise
next time, so each is asked once per request and verb; what was built is looked up by the answers.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sqlalchemy import ColumnElement, false

from app.kernel.context import Context
from app.kernel.contributions import RowRule
from app.services import guarded

KEY = "rules"
SIDES = ("grant", "restrict")
KEPT = 4
"""So many sets of answers are remembered for a principal and verb: rules that answer by the clock fill no memory."""


def of(ctx: Context, verb: str) -> dict[Any, Any]:
    """Return the memory for expressions and statements that hold the rules of a verb (and those of view)."""
    plugins = [rule for rule in ctx.schema.all(RowRule) if rule.owner != "core"]
    if not plugins:
        return ctx.user.memo
    asked: dict[str, dict[Any, Any]] = ctx.__dict__.setdefault("_rules", {})
    if verb not in asked:
        asked[verb] = _found(ctx, verb, [rule for rule in plugins if not rule.stable])
    return asked[verb]


def answer(ctx: Context, rule: RowRule, side: str, model: Any, verb: str) -> ColumnElement[bool]:
    """Return what a rule says; a plugin's is asked within the guard, once per context and verb for a mapped class."""
    call = getattr(rule, side)
    if rule.owner == "core":
        found: ColumnElement[bool] = call(ctx, model, verb)
        return found
    if rule.stable or not isinstance(model, type):  # kept by who asks, or about an alias within another rule
        return _asked(ctx, rule, side, model, verb)
    said: dict[Any, ColumnElement[bool]] = ctx.__dict__.setdefault("_answers", {})
    key = (rule.key, side, model, verb)
    if key not in said:
        said[key] = _asked(ctx, rule, side, model, verb)
    return said[key]


def _asked(ctx: Context, rule: RowRule, side: str, model: Any, verb: str) -> ColumnElement[bool]:
    """Ask a plugin's rule; after a failure nothing that was built with its rows closed is kept for later requests."""
    found = guarded.said(rule, getattr(rule, side), ctx, model, verb)
    if found is None:
        for key in [key for key in ctx.user.memo if isinstance(key, tuple) and key[0] == KEY]:
            ctx.user.memo.pop(key, None)
        return false()
    return found


def _found(ctx: Context, verb: str, foreign: list[RowRule]) -> dict[Any, Any]:
    signature = _signature(ctx, verb, foreign)
    if signature is None:
        return {}
    signature = getattr(ctx, "epoch", ()), signature
    seen: dict[Hashable, dict[Any, Any]] = ctx.user.memo.setdefault((KEY, verb), {})
    if signature not in seen:
        while len(seen) >= KEPT:
            seen.pop(next(iter(seen)), None)
        seen[signature] = {}
    return seen[signature]


def _signature(ctx: Context, verb: str, foreign: list[RowRule]) -> Hashable:
    """Return what the answers of rules are told apart by; None when one of them cannot be compared."""
    parts: list[Hashable] = []
    for name in dict.fromkeys(("view", verb)):
        for rule in foreign:
            if not ctx.schema.has(rule.on):
                continue
            model = ctx.schema.entity(rule.on).model
            for side in SIDES:
                if getattr(rule, side) is not None:
                    parts.append(_told_apart(answer(ctx, rule, side, model, name)))
    return None if None in parts else tuple(parts)


def _told_apart(expression: ColumnElement[bool]) -> Hashable:
    key = expression._generate_cache_key()
    if key is None:
        return None
    values = tuple(_plain(bound.value) for bound in key.bindparams)
    try:
        hash(values)
    except TypeError:
        return None
    return key.key, values


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, set)) else value
