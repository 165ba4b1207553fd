"""Conditions of filters in SQL. Each is true where `holds` of the condition is, and false or NULL elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, false, func, literal, not_, or_, select, true
from sqlalchemy.orm import aliased

from app.kernel.context import Context
from app.kernel.expr.conditions import (
    NOWHERE,
    Among,
    Beginning,
    Between,
    Condition,
    Holding,
    Measure,
    Present,
    Several,
    Yearly,
)
from app.models import NEVER
from app.services import custom_fields_filters
from app.services.filter_binding import Every, Leaf, Meaning
from app.services.filter_sources import Hop
from app.services.filter_texts import bytewise, plain_text, position

SMALL = 2**31


def expression(ctx: Context, meaning: Meaning, model: Any) -> ColumnElement[bool]:
    """Return which rows of a model an expression finds; the access layer scopes every related row by itself."""
    if isinstance(meaning, Leaf):
        found = _through(ctx, meaning.hops, meaning, model)
        return not_(func.coalesce(found, false())) if meaning.negated else found
    parts = [expression(ctx, part, model) for part in meaning.parts]
    if not parts:
        return true() if isinstance(meaning, Every) else false()
    if isinstance(meaning, Every):
        return and_(*custom_fields_filters.together(ctx, model, parts))
    return or_(*parts)


def _through(ctx: Context, hops: tuple[Hop, ...], leaf: Leaf, model: Any) -> ColumnElement[bool]:
    """Return the condition of a leaf on a model: each hop is an IN over the visible rows of the next entity."""
    if not hops:
        measure = leaf.source.measure
        if leaf.source.asks is not None:
            return leaf.source.asks(ctx, model, leaf.condition)
        return leaf.source.test(ctx, model, lambda value: compared(measure, value, leaf.condition))
    target = aliased(hops[0].model)
    return hops[0].test(ctx, model, select(target.id).where(_through(ctx, hops[1:], leaf, target)))


def compared(measure: Measure, value: Any, condition: Condition) -> ColumnElement[bool]:
    """Return a condition on an expression of a measure."""
    if isinstance(condition, Several):
        return or_(*(compared(measure, value, one) for one in condition.conditions))
    if measure is Measure.FLAG:
        value = func.coalesce(value, false())
    if isinstance(condition, Present):
        return _present(measure, value)
    if measure is Measure.PLAIN:
        value = plain_text(value)
    found: ColumnElement[bool] = _COMPARED[type(condition)](measure, value, condition)
    return found


def _present(measure: Measure, value: Any) -> ColumnElement[bool]:
    there: ColumnElement[bool] = value.is_not(None)
    if measure is Measure.MOMENT:
        return and_(there, value != literal(NEVER, value.type))
    if measure is Measure.DAY:
        return and_(there, value.not_in(["", NOWHERE]))
    texts = {Measure.PLAIN, Measure.CODE, Measure.PARTIAL}
    return and_(there, value != "") if measure in texts else there


def _among(measure: Measure, value: Any, condition: Among) -> ColumnElement[bool]:
    values = [_bound(measure, value, one) for one in sorted(condition.values)]
    if not values:
        return false()
    if len(values) == 1 or measure is Measure.NUMBER:
        return or_(*(value == one for one in values))
    return value.in_(values)  # type: ignore[no-any-return]


def _between(measure: Measure, value: Any, condition: Between) -> ColumnElement[bool]:
    if measure in {Measure.DAY, Measure.PARTIAL}:
        value = bytewise(value)
    low, high = (_bound(measure, value, one) for one in (condition.low, condition.high))
    parts: list[ColumnElement[bool]] = []
    if low is not None:
        parts.append(value >= low if condition.closed[0] else value > low)
    if high is not None:
        parts.append(value <= high if condition.closed[1] else value < high)
    if measure is Measure.MOMENT and condition.holds(NEVER):
        parts.append(value != literal(NEVER, value.type))
    return and_(*parts)


def _bound(measure: Measure, value: Any, given: Any) -> Any:
    """Return a value as a parameter of the type that both drivers send without rounding it."""
    if measure is Measure.NUMBER and isinstance(given, Decimal):
        whole = given == given.to_integral_value() and abs(given) < SMALL
        return literal(int(given)) if whole else literal(given, Numeric(24, 6))
    return literal(given, value.type) if measure is Measure.MOMENT and given is not None else given


def _holding(measure: Measure, value: Any, condition: Holding) -> ColumnElement[bool]:
    return or_(*(position(value, text) > 0 for text in condition.texts))


def _beginning(measure: Measure, value: Any, condition: Beginning) -> ColumnElement[bool]:
    return or_(*(func.substr(value, 1, len(text)) == text for text in condition.texts))


def _yearly(measure: Measure, value: Any, condition: Yearly) -> ColumnElement[bool]:
    size = func.length(value)
    day = bytewise(func.substr(value, size - 4, 5))
    whole = or_(size == 10, and_(size == 7, func.substr(value, 1, 2) == "--"))
    return and_(whole, or_(*(and_(day >= first, day <= last) for first, last in condition.stretches)))


_COMPARED: dict[type[Any], Callable[[Measure, Any, Any], ColumnElement[bool]]] = {
    Among: _among,
    Between: _between,
    Holding: _holding,
    Beginning: _beginning,
    Yearly: _yearly,
}
