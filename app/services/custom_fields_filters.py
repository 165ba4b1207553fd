"""What can be asked of added fields: conditions on the values' own index, and orders that walk along it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    any_,
    exists,
    false,
    func,
    intersect,
    not_,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import aliased

from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.kernel.expr.conditions import (
    Among,
    Beginning,
    Between,
    Condition,
    Holding,
    Present,
    Several,
)
from app.models import CustomValue
from app.models.custom_field import KEY
from app.services.custom_fields_kinds import EPOCH, TICK, Defined
from app.services.custom_fields_values import compared
from app.services.filter_texts import plain_text, position

FEW = 20_000
"""So many records are looked up one by one and put in order."""

MANY = 200_000
"""So many are listed, so that the rows of a page can be looked up in the list; beyond it each row is asked."""

ROW_BY_ROW: tuple[Any, ...] = (text("OFFSET 0"),)
"""Keeps PostgreSQL from joining all values of a field for a page of fifty rows; it has no other meaning."""

LARGEST = 2**63 - 1
LAST = "\U0010ffff"


def asked(ctx: Context, field: Defined, model: Any, condition: Condition) -> ColumnElement[bool]:
    """Return which rows of a model have a value that a condition holds for.

    Either the records that fit are looked up by the index, or the list is walked along and each row is looked up among
    them, or each is asked; which is fastest depends on how many fit. PostgreSQL weighs that itself; on SQLite the index
    is asked first how many there are, and `id + 0` keeps it from fetching them all.
    """
    if field.kind is Kind.BOOL:
        return _flagged(ctx, field, model, condition)
    return _found(ctx, field, model, condition)


def leading(field: Defined, model: Any, inner: Any) -> ColumnElement[bool]:
    """Return which rows of a model point at one of the records that a select finds."""
    row = aliased(CustomValue)
    found = select(row.record_id).where(
        row.field_id == field.number, there(field, row), row.number.in_(inner)
    )
    return model.id.in_(found)  # type: ignore[no-any-return]


def _flagged(ctx: Context, field: Defined, model: Any, condition: Condition) -> ColumnElement[bool]:
    """A flag is a row where it is on: whatever has none is off."""
    on = _found(ctx, field, model, Present())
    wanted = {one for one in (True, False) if condition.holds(one)}
    if len(wanted) == 2:
        return true()
    if not wanted:
        return false()
    return on if wanted == {True} else not_(on)


@dataclass(frozen=True)
class _Row:
    """The columns of a row of values that are compared: as they are, so that an index is walked along, or not."""

    field_id: Any
    key: Any
    number: Any
    text: Any


def _aside(row: Any) -> _Row:
    """Return the columns as SQLite does not look them up: the record alone is to lead to the row."""
    return _Row(row.field_id, row.key.op("||", return_type=String())(""), row.number + 0, row.text)


def _found(ctx: Context, field: Defined, model: Any, condition: Condition) -> ColumnElement[bool]:
    row = aliased(CustomValue)
    mine = row.field_id == field.number
    held = and_(mine, there(field, row), _held(field, row, condition))
    chosen = select(row.record_id).where(held)
    if ctx.session.get_bind().dialect.name != "sqlite":
        one = exists(chosen.where(row.record_id == model.id).correlate_except(row))
        _looked(ctx)[id(one)] = Looked(one, field, condition)
        return one
    size = _size(ctx, chosen)
    if size > MANY:
        asked = _aside(row)
        each = and_(row.record_id == model.id, mine, there(field, asked), _held(field, asked, condition))
        return exists(select(row.record_id).where(each).correlate_except(row))
    wanted = model.id if size <= FEW else model.id + 0
    found: ColumnElement[bool] = wanted.in_(chosen)
    return found


@dataclass(frozen=True)
class Looked:
    """A condition on an added field on PostgreSQL, and the expression that was made of it."""

    found: Any
    field: Defined
    condition: Condition


def _looked(ctx: Context) -> dict[int, Looked]:
    """Return the conditions that were built for a context, by the identity of their expression."""
    found: dict[int, Looked] = ctx.__dict__.setdefault("_looked", {})
    return found


def together(ctx: Context, model: Any, parts: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Return conditions of which all must hold, those on added fields in the form in which they are asked fastest.

    PostgreSQL weighs one by itself, but knows the figures of all fields as one column and so guesses wrong how many fit
    several. The index is asked how many fit each: the lists of those with few are intersected and their records looked
    up by key, the others are asked row by row.
    """
    known = _looked(ctx)
    looked = [known[id(part)] for part in parts if id(part) in known]
    if len(looked) < 2:
        return list(parts)
    found: list[ColumnElement[bool]] = [part for part in parts if id(part) not in known]
    few = []
    for field, conditions in _by_field(looked):
        row = aliased(CustomValue)
        chosen = select(row.record_id).where(*_all_of(field, row, conditions))
        if _size(ctx, chosen) <= MANY:
            few.append(chosen)
        else:
            asked = _all_of(field, _aside(row), conditions)
            each = select(row.record_id).where(row.record_id == model.id, *asked).correlate_except(row)
            found.append(exists(each.suffix_with(*ROW_BY_ROW)))
    if few:
        listed = intersect(*few) if len(few) > 1 else few[0]
        found.append(model.id == any_(func.array(listed.scalar_subquery())))
    return found


def _by_field(looked: Sequence[Looked]) -> list[tuple[Defined, list[Condition]]]:
    """Return the conditions that one value has to fit: all on a field, unless it can have several values."""
    found: dict[Any, tuple[Defined, list[Condition]]] = {}
    for n, one in enumerate(looked):
        key = (one.field.number, n) if one.field.many else one.field.number
        found.setdefault(key, (one.field, []))[1].append(one.condition)
    return list(found.values())


def _all_of(field: Defined, row: Any, conditions: Sequence[Condition]) -> list[ColumnElement[bool]]:
    held = (_held(field, row, condition) for condition in conditions)
    return [row.field_id == field.number, there(field, row), *held]


def _size(ctx: Context, chosen: Any) -> int:
    """Return how many values a select finds, counted up to one more than MANY."""
    some = chosen.limit(MANY + 1).subquery()
    return int(ctx.session.execute(select(func.count()).select_from(some)).scalar_one())


def there(field: Defined, row: Any) -> ColumnElement[bool]:
    """Return the condition that a row of values is in the index of its field."""
    found: ColumnElement[bool] = (row.key if field.type.column == "key" else row.number).is_not(None)
    return found


def ordered(field: Defined, row: Any) -> Any:
    """Return the column in which the values of a field stand in order."""
    return row.key if field.order_by == "key" else row.number


def _held(field: Defined, row: Any, condition: Condition) -> ColumnElement[bool]:
    if isinstance(condition, Several):
        return or_(*(_held(field, row, one) for one in condition.conditions))
    if isinstance(condition, Present):
        return true()
    if field.type.column == "number":
        return _numbered(field, row.number, condition)
    return _keyed(field, row, condition)


def _keyed(field: Defined, row: Any, condition: Condition) -> ColumnElement[bool]:
    """Conditions on texts, days and codes: by the key alone where it is all of the value."""
    key, whole = row.key, field.type.whole
    text = key if whole else plain_text(func.coalesce(row.text, row.key))
    match condition:
        case Among(values):
            cut = [str(value)[:KEY] for value in sorted(values)]
            found: ColumnElement[bool] = key.in_(cut)
            return found if whole else and_(found, text.in_([str(value) for value in sorted(values)]))
        case Holding(texts):
            return or_(*(position(text, part) > 0 for part in texts))
        case Beginning(texts):
            spans = (and_(key >= one[:KEY], key <= one[:KEY] + LAST) for one in texts)
            exact = (func.substr(text, 1, len(one)) == one for one in texts)
            return or_(*(and_(span, same) for span, same in zip(spans, exact, strict=True)))
        case Between(low, high, closed):
            parts = [key >= low if closed[0] else key > low] if low is not None else []
            parts += [key <= high if closed[1] else key < high] if high is not None else []
            return and_(true(), *parts)
    return false()


def _numbered(field: Defined, number: Any, condition: Condition) -> ColumnElement[bool]:
    if isinstance(condition, Among):
        wanted = [value for one in condition.values if (value := _exact(field, one)) is not None]
        return number.in_(sorted(wanted)) if wanted else false()
    if not isinstance(condition, Between):
        return false()
    parts: list[Any] = []
    if condition.low is not None:
        low, exact = _scaled(field, condition.low, up=True)
        parts.append(number >= low if condition.closed[0] or not exact else number > low)
    if condition.high is not None:
        high, exact = _scaled(field, condition.high, up=False)
        parts.append(number <= high if condition.closed[1] or not exact else number < high)
    return and_(true(), *parts)


def _exact(field: Defined, value: Any) -> int | None:
    found, exact = _scaled(field, value, up=True)
    return found if exact else None


def _scaled(field: Defined, value: Any, *, up: bool) -> tuple[int, bool]:
    """Return a bound as it is stored, rounded into the span, and whether it can be stored as it is."""
    if isinstance(value, datetime):
        return (value - EPOCH) // TICK, True
    figure = Decimal(str(value)) * (field.scale if field.kind in {Kind.NUMBER, Kind.MONEY} else 1)
    whole = int(figure.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))
    return max(-LARGEST, min(whole, LARGEST)), whole == figure


# ---------------------------------------------------------------- orders


@dataclass(frozen=True, eq=False)
class Walk:
    """An order along the index of a field's values: the rows that are joined, their key and their record's id."""

    field: Defined
    row: Any
    key: Any
    id: Any
    on: ColumnElement[bool]

    def joined(self, chosen: Any) -> Any:
        """Return a select of records in which each stands beside its value."""
        return chosen.join(self.row, self.on)

    def blank(self, model: Any) -> ColumnElement[bool]:
        """Return the condition of the records that have no value."""
        row, field = aliased(CustomValue), self.field
        held = (
            row.field_id == field.number,
            row.record_id == model.id,
            ordered(field, _aside(row)).is_not(None),
        )
        return not_(exists(select(row.record_id).where(*held).correlate_except(row)))


def walk(field: Defined, model: Any) -> Walk | None:
    """Return the order along the index of a field; None where the values of a field stand in no order of their own."""
    if not field.type.sorted:
        return None
    row = aliased(CustomValue)
    on = and_(row.record_id == model.id, row.field_id == field.number, ordered(field, row).is_not(None))
    key = row.number if field.kind is Kind.CHOICE else compared(field, row)
    return Walk(field, row, key, row.record_id, on)
