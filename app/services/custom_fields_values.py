"""Values of fields that administrators added: all fields of a page in one statement, many records in a few."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, func, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.types import BigInteger, Numeric, TypeDecorator

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.kernel.errors import Invalid
from app.models import CustomField, CustomValue
from app.services import access, field_files, mass
from app.services.custom_fields_kinds import EPOCH, TICK, Cell, Defined
from app.services.id_lists import among
from app.services.unit import BARE, has_made

log = logging.getLogger("kith.fields")

IDS: Any = bindparam("ids", expanding=True)
FIELDS: Any = bindparam("fields", expanding=True)

_READ = (
    select(
        CustomValue.record_id,
        CustomValue.field_id,
        CustomValue.text,
        CustomValue.key,
        CustomValue.number,
    )
    .where(among(CustomValue.record_id), among(CustomValue.field_id, "fields"))
    .order_by(CustomValue.record_id, CustomValue.field_id, CustomValue.pos)
)
_WIPE = delete(CustomValue).where(CustomValue.record_id.in_(IDS), CustomValue.field_id.in_(FIELDS))


def load(ctx: Context, fields: Sequence[Defined], ids: Sequence[int]) -> dict[str, dict[int, Any]]:
    """Return field → record → value of some fields in one statement; records without a value have the empty one.

    A value that its field cannot have any more is left out: the rest of the page is shown, and `kith doctor` names it.
    """
    found: dict[str, dict[int, Any]] = {f.key: dict.fromkeys(ids, nothing(f)) for f in fields}
    if not ids or not fields:
        return found
    known = {f.number: (f, f.type.read, found[f.key]) for f in fields}
    rows = access.rows(ctx, _READ, {"ids": ids, "fields": list(known)}).all()
    for record_id, number, text, key, figure in rows:
        field, read, values = known[number]
        try:
            value = read(field, (text, key, figure))
        except (ValueError, TypeError, ArithmeticError):
            log.warning("the value of %s of %s %d cannot be read", field.key, field.on, record_id)
            continue
        values[record_id] = [*values[record_id], value] if field.many else value
    return found


def nothing(field: Defined) -> Any:
    """Return what a field is without a value."""
    return [] if field.many else field.type.empty


def save(ctx: Context, field: Defined, values: Mapping[int, Any]) -> None:
    """Write the values of one field for many records at once, in place of those they had."""
    if not values:
        return
    ctx.session.flush()
    if field.kind is Kind.FILE:
        values = field_files.claimed(ctx, field, values)
    if not has_made(ctx.session, field.on, values, BARE):
        ctx.session.connection().execute(_WIPE, {"ids": list(values), "fields": [field.number]})
    mass.put(ctx.session, CustomValue, [row for i, value in values.items() for row in _rows(field, i, value)])


def _rows(field: Defined, record_id: int, value: Any) -> list[dict[str, Any]]:
    several = list(dict.fromkeys(value or ())) if field.many else [value]
    given = [one for one in several if one is not None and one is not False and one != ""]
    found = []
    for pos, one in enumerate(given):
        text, key, number = _stored(field, one)
        found.append(
            {
                "record_id": record_id,
                "field_id": field.number,
                "pos": pos,
                "text": text,
                "key": key,
                "number": number,
            }
        )
    return found


def _stored(field: Defined, value: Any) -> Cell:
    """Return what is stored of a value. Raises Invalid for one that the field cannot have, as one of a former type."""
    try:
        cell = field.type.store(field, value)
        if field.kind is Kind.DATE:
            field.type.read(field, cell)
        return cell
    except (ValueError, TypeError, ArithmeticError, AttributeError) as error:
        said = _("“%(text)s” does not fit “%(name)s”.", text=str(value)[:60], name=str(field.label))
        raise Invalid({field.key: said}) from error


def forget(ctx: Context, entity: str, ids: Sequence[int]) -> None:
    """Remove the values of records that are gone for good, and those that point at them."""
    own = select(CustomField.id).where(CustomField.entity == entity)
    mine = delete(CustomValue).where(CustomValue.record_id.in_(IDS), CustomValue.field_id.in_(own))
    ctx.session.connection().execute(mine, {"ids": list(ids)})
    pointing = [
        f.number
        for kind in ctx.schema.entities()
        for f in ctx.schema.fields(kind.key)
        if isinstance(f, Defined) and f.ref == entity
    ]
    if pointing:
        theirs = CustomValue.number.in_(IDS), CustomValue.field_id.in_(FIELDS)
        ctx.session.connection().execute(
            delete(CustomValue).where(*theirs), {"ids": list(ids), "fields": pointing}
        )


# ---------------------------------------------------------------- in SQL


class Figure(TypeDecorator[Any]):
    """A figure stored as a whole number of its smallest part."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """Turn a figure into what is stored."""
        return None if value is None else int(value * self.scale)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """Return the figure."""
        return value if value is None or self.scale == 1 else Decimal(value) / self.scale


class Moment(TypeDecorator[Any]):
    """An instant stored as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """Turn an instant into what is stored."""
        return None if value is None else (value - EPOCH) // TICK

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """Return the instant."""
        return None if value is None else EPOCH + TICK * int(value)


def compared(field: Defined, row: Any) -> Any:
    """Return the indexed column of a row of values, typed as the field's values are."""
    if field.type.column == "key":
        return row.key
    if field.kind is Kind.TIME:
        return type_coerce(row.number, Moment())
    if field.kind in {Kind.NUMBER, Kind.MONEY}:
        return type_coerce(row.number, Figure(field.scale))
    return row.number


def scalar(field: Defined, model: Any) -> Any:
    """Return a field's value as an expression on a model: for groups, sums and orders of small lists."""
    row = aliased(CustomValue)
    if field.type.column == "key":
        value: Any = (
            row.key if field.type.whole and field.kind not in TYPED else func.coalesce(row.text, row.key)
        )
    elif field.kind in {Kind.NUMBER, Kind.MONEY} and field.decimals:
        value = type_coerce(row.number / float(field.scale), Numeric(24, 6))
    elif field.kind is Kind.BOOL:
        return select(row.record_id).where(*_its(field, row, model)).exists()
    else:
        value = compared(field, row)
    return select(value).where(*_its(field, row, model)).correlate_except(row).scalar_subquery()


TYPED = {Kind.TEXT, Kind.EMAIL, Kind.PHONE}
"""Kinds whose key is not what was typed."""


def _its(field: Defined, row: Any, model: Any) -> tuple[Any, ...]:
    return row.field_id == field.number, row.record_id == model.id, row.pos == 0
