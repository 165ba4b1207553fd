"""Where the values are that a filter asks for: a column, an expression, rows of another table, another record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import aliased

from app.formats import file_values
from app.formats.plain import plain
from app.kernel.context import Context
from app.kernel.contributions import Choice, Entity, Field, Kind
from app.kernel.expr.conditions import Condition, Measure
from app.kernel.guard import Failure
from app.models import Team, User
from app.services import access, custom_fields_filters, fields, guarded
from app.services.custom_fields_kinds import Defined

How = Callable[[Any], ColumnElement[bool]]
"""What is asked of one value's expression."""

Values = Mapping[int, Sequence[Any]]
"""Record id → its values, empty ones included."""


@dataclass(frozen=True, kw_only=True)
class Hop:
    """A way from a record to others: in SQL by the ids of those that fit, in Python by the ids it leads to."""

    target: str
    model: Any
    test: Callable[[Context, Any, Any], ColumnElement[bool]]
    values: Callable[[Context, Sequence[int]], Values]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Something that can be asked of a record.

    `reads` says how literals are understood (app.services.filter_literals): a "login" is compared only as a whole. `test` (ctx, model, how) is the condition
    in SQL, `values` what it stands for in Python; a reference has a `hop` and neither. `asks` (ctx, model, condition)
    is the condition in SQL where the values have an index of their own.
    """

    name: str
    label: Any
    reads: str
    measure: Measure = Measure.PLAIN
    test: Callable[[Context, Any, How], ColumnElement[bool]]
    values: Callable[[Context, Sequence[int]], Values]
    hop: Hop | None = None
    field: Field | None = None
    choices: Callable[[Context], Sequence[Choice]] | None = None
    parts: tuple[Source, ...] = ()
    asks: Callable[[Context, Any, Condition], ColumnElement[bool]] | None = None


READS: Mapping[Kind, tuple[str, Measure]] = {
    Kind.TEXT: ("text", Measure.PLAIN),
    Kind.LONG_TEXT: ("text", Measure.PLAIN),
    Kind.URL: ("text", Measure.PLAIN),
    Kind.EMAIL: ("text", Measure.PLAIN),
    Kind.PHONE: ("text", Measure.PLAIN),
    Kind.ADDRESS: ("text", Measure.PLAIN),
    Kind.PLACE: ("text", Measure.PLAIN),
    Kind.TAGS: ("text", Measure.PLAIN),
    Kind.FILE: ("text", Measure.PLAIN),
    Kind.NUMBER: ("number", Measure.NUMBER),
    Kind.MONEY: ("number", Measure.NUMBER),
    Kind.DATE: ("day", Measure.DAY),
    Kind.PARTIAL_DATE: ("partial", Measure.PARTIAL),
    Kind.TIME: ("moment", Measure.MOMENT),
    Kind.BOOL: ("flag", Measure.FLAG),
    Kind.CHOICE: ("choice", Measure.CODE),
    Kind.CHOICES: ("choice", Measure.CODE),
    Kind.USER: ("user", Measure.ID),
    Kind.TEAM: ("team", Measure.ID),
    Kind.REF: ("ref", Measure.ID),
    Kind.REFS: ("ref", Measure.ID),
}
"""How the values of each kind of field are read and compared."""


def of_field(ctx: Context, entity: Entity, field: Field) -> Source | None:
    """Return the source of a field that is a column or has `sql` or `rows`; None when it has neither."""
    reads, measure = READS[field.kind]
    if isinstance(field, Defined):
        return _defined(ctx, entity, field)
    if field.rows is not None:
        test, values = _in_rows(field), of_loaded(entity, field)
    elif field.column is not None or field.sql is not None:
        if field.many:
            return None
        test, values = _scalar(field), of_loaded(entity, field)
    else:
        return None
    hop = _hop(ctx, field, test, values)
    if field.kind in {Kind.REF, Kind.REFS} and hop is None:
        return None
    return Source(
        name=field.key,
        label=field.label,
        reads=reads,
        measure=measure,
        test=test,
        values=values,
        hop=hop,
        field=field,
        choices=lambda asked: fields.choices(asked, field),
    )


def _defined(ctx: Context, entity: Entity, field: Defined) -> Source | None:
    """Return the source of a field that an administrator added: its values have an index of their own."""
    reads, measure = READS[field.kind]
    values = of_loaded(entity, field, _name if field.kind is Kind.FILE else None)

    def asks(asked: Context, record: Any, condition: Condition) -> ColumnElement[bool]:
        return custom_fields_filters.asked(asked, field, record, condition)

    def test(asked: Context, record: Any, how: How) -> ColumnElement[bool]:
        return how(field.sql(record)) if field.sql is not None else false()

    hop = _hop(ctx, field, test, values)
    if field.kind is Kind.REF and hop is None:
        return None
    if hop is not None:
        hop = replace(
            hop, test=lambda _ctx, record, inner: custom_fields_filters.leading(field, record, inner)
        )
    return Source(
        name=field.key,
        label=field.label,
        reads=reads,
        measure=measure,
        test=test,
        values=values,
        hop=hop,
        field=field,
        choices=lambda asked: fields.choices(asked, field),
        asks=asks,
    )


def rows(
    model: Any, whose: str, value: Callable[[Any], Any], *given: Callable[[Any], ColumnElement[bool]]
) -> Callable[[Context, Any, How], ColumnElement[bool]]:
    """Return the test of values that are rows of another table; `given` are further conditions on those rows."""

    def test(ctx: Context, record: Any, how: How) -> ColumnElement[bool]:
        row = aliased(model)
        key = getattr(row, whose)
        found = select(key).where(key.is_not(None), *(one(row) for one in given), how(value(row)))
        return record.id.in_(found)  # type: ignore[no-any-return]

    return test


def _scalar(field: Field) -> Callable[[Context, Any, How], ColumnElement[bool]]:
    def test(ctx: Context, record: Any, how: How) -> ColumnElement[bool]:
        if field.sql is not None:
            return how(guarded.expression(field, field.sql, record))
        return how(getattr(record, str(field.column)))

    return test


def _in_rows(field: Field) -> Callable[[Context, Any, How], ColumnElement[bool]]:
    def test(ctx: Context, record: Any, how: How) -> ColumnElement[bool]:
        found = guarded.expression(field, field.rows, record)  # type: ignore[arg-type]
        key, value = found.selected_columns
        return record.id.in_(found.with_only_columns(key).where(how(value)))  # type: ignore[no-any-return]

    return test


def of_loaded(
    entity: Entity, field: Field, each: Callable[[Any], Any] | None = None
) -> Callable[[Context, Sequence[int]], Values]:
    """Return the loader of a field's values as they are compared; `each` makes one of what was loaded."""

    def values(ctx: Context, ids: Sequence[int]) -> Values:
        found = fields.load_ids(ctx, entity, [field], ids).get(field.key, {})
        return {
            i: [each(one) for one in _several(value)] if each is not None else _several(value)
            for i, value in found.items()
            if not isinstance(value, Failure)
        }

    return values


def _name(value: Any) -> str:
    """A file is compared by its name."""
    return plain(file_values.name_of(value)) if value else ""


def _several(value: Any) -> Sequence[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _hop(
    ctx: Context,
    field: Field,
    test: Callable[[Context, Any, How], ColumnElement[bool]],
    values: Callable[[Context, Sequence[int]], Values],
) -> Hop | None:
    target = {Kind.USER: "user", Kind.TEAM: "team"}.get(field.kind, field.ref)
    model = model_of(ctx, target or "")
    if model is None or field.kind not in {Kind.USER, Kind.TEAM, Kind.REF, Kind.REFS}:
        return None
    assert target is not None
    return Hop(
        target=target,
        model=model,
        test=lambda asked, record, inner: test(asked, record, lambda value: value.in_(inner)),
        values=values,
    )


def model_of(ctx: Context, target: str) -> Any | None:
    """Return the mapped class that a hop leads to; None when it is no entity that the principal may see."""
    if target in OTHERS:
        return OTHERS[target]
    there = ctx.schema.has(target) and ctx.may(f"{target}.view")
    return ctx.schema.entity(target).model if there else None


OTHERS: Mapping[str, Any] = {"user": User, "team": Team}
"""Tables that are no Entity and lead on: colleagues and teams, whom everybody may see."""


def seen(ctx: Context, target: str, ids: set[int]) -> set[int]:
    """Return those of some ids that exist for the principal."""
    if target in OTHERS or not ids:
        return ids
    return access.visible_ids(ctx, ctx.schema.entity(target).model, ids)
