"""Calls of contributed code from services: through the kernel's guard, with the policy of each surface."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, On, RowRule
from app.kernel.errors import Invalid, Refuse
from app.kernel.guard import Failure, Surface, run

log = logging.getLogger("kith.access")


def row_rule(
    rule: RowRule, call: Callable[..., Any], ctx: Context, model: Any, verb: str
) -> ColumnElement[bool]:
    """Return the expression of a row rule; one that raises or answers nonsense counts as false."""
    found = said(rule, call, ctx, model, verb)
    return false() if found is None else found


def said(
    rule: RowRule, call: Callable[..., Any], ctx: Context, model: Any, verb: str
) -> ColumnElement[bool] | None:
    """Return the expression of a row rule, or None when it raises or answers nonsense."""
    result = run(
        call, ctx, model, verb, owner=rule.owner, surface=Surface.ROW_RULE, item=rule.key, session=ctx.session
    )
    expression: object = result
    if not isinstance(expression, ColumnElement):
        log.error("the row rule %s on %s failed; its rows are closed", rule.key, rule.on)
        return None
    return expression


def load_field(field: Field, ctx: Context, ids: Sequence[int]) -> Mapping[int, Any]:
    """Return a field's values for a page of ids; a plugin's that fails shows a mark instead of each value."""
    assert field.load is not None
    if field.owner == "core":
        return field.load(ctx, ids)
    result = run(
        field.load, ctx, ids, owner=field.owner, surface=Surface.FIELD, item=field.key, session=ctx.session
    )
    if isinstance(result, Failure):
        return dict.fromkeys(ids, result)
    found: object = result
    return found if isinstance(found, Mapping) else {}


def before(on: On, ctx: Context, events: Sequence[Any]) -> None:
    """Ask one BEFORE subscriber; Refuse passes through, a failing critical one refuses too.

    The core's own need no savepoint: when one of them fails, so does the change.
    """
    if on.owner == "core":
        on.run(ctx, events)
        return
    item = on.key or on.topic
    result = run(on.run, ctx, events, owner=on.owner, surface=Surface.BEFORE, item=item, session=ctx.session)
    if isinstance(result, Failure) and on.critical:
        raise Refuse(
            _(
                "“%(name)s” could not check this change (incident %(id)s).",
                name=result.label,
                id=result.incident,
            )
        )


def expression(field: Field, call: Callable[..., Any], model: Any) -> Any:
    """Return the expression by which a field is filtered or sorted. Raises Invalid, naming the plugin, when it fails."""
    if field.owner == "core":
        return call(model)
    result = run(call, model, owner=field.owner, surface=Surface.FIELD, item=field.key)
    if isinstance(result, Failure):
        text = _("“%(field)s” of “%(name)s” does not answer now (incident %(id)s). Leave it out.")
        raise Invalid({field.key: text % {"field": field.label, "name": result.label, "id": result.incident}})
    return result
