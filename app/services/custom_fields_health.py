"""Whether added fields and their values can all be understood (TRUST F23): what cannot is named, pages go on without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, or_, select

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.contributions import Health, Kind
from app.kernel.expr.tree import ExprError
from app.models import CustomField, CustomValue
from app.services import access, custom_fields_checks, custom_fields_formulas, filters
from app.services.custom_fields_kinds import Defined
from app.services.custom_fields_schema import field_of, readable
from app.services.filter_sources import model_of

NAMED = 3
"""So many problems are named; the others are counted."""


def healthy(ctx: Context) -> Health:
    """Name definitions and values that cannot be understood any more."""
    found = [sentence for row in _rows(ctx) for sentence in _wrong(ctx, row)]
    if not found:
        return Health()
    rest = len(found) - NAMED
    more = [_("And %(num)s more.", num=rest)] if rest > 0 else []
    return Health(state="warn", message=" ".join([*found[:NAMED], *more]))


def _rows(ctx: Context) -> list[CustomField]:
    query = select(CustomField).where(CustomField.deleted_at.is_(None)).order_by(CustomField.id)
    return list(ctx.session.execute(query).scalars())


def _wrong(ctx: Context, row: CustomField) -> Iterator[str]:
    what = _("The field “%(name)s” of %(what)s", name=row.label, what=row.entity)
    field = field_of(row)
    if field is None:
        yield _(
            "%(field)s is of the type “%(type)s”, which this version does not know: it is shown nowhere.",
            field=what,
            type=row.type,
        )
        return
    if not readable(row):
        yield _("%(field)s has choices or rules that cannot be read: save them anew.", field=what)
    wrong = ""
    if field.formula and ctx.schema.has(row.entity):
        wrong = custom_fields_formulas.problem(field.formula, ctx.schema.fields(row.entity))
    if wrong:
        yield _("%(field)s has a formula that cannot be computed: %(why)s", field=what, why=wrong)
    if field.only_if and not row.retired and ctx.schema.has(row.entity):
        yield from _condition(ctx, what, field)
    count, example = _values(ctx, field)
    if count:
        yield _n(
            "%(field)s has %(num)s value that it cannot have, that of record %(id)s: write it anew.",
            "%(field)s has %(num)s values that it cannot have, that of record %(id)s for one: write them anew.",
            count,
            field=what,
            id=example,
        )


def _condition(ctx: Context, what: str, field: Defined) -> Iterator[str]:
    try:
        filters.check(ctx, field.on, field.only_if)
        custom_fields_checks.default_of(ctx, field)
    except ExprError as error:
        yield _("%(field)s has a condition that cannot be asked: %(why)s", field=what, why=error.sentence)
    except ValueError as error:
        yield _("%(field)s has a default that does not fit: %(why)s", field=what, why=str(error))


def _values(ctx: Context, field: Defined) -> tuple[int, int]:
    """Return how many values of a field are none, and a record that has one."""
    strange = or_(*_strange(ctx, field))
    query = select(func.count(), func.min(CustomValue.record_id)).where(
        CustomValue.field_id == field.number, strange
    )
    options = {access.WITH_TRASH: True}
    row = ctx.session.execute(query, execution_options=options).one()
    return int(row[0]), int(row[1] or 0)


def _strange(ctx: Context, field: Defined) -> Iterator[Any]:
    other = CustomValue.number if field.type.column == "key" else CustomValue.key
    if field.kind is not Kind.CHOICE:
        yield other.is_not(None)
    if field.kind is Kind.DATE:
        yield CustomValue.key.not_like("____-__-__")
    elif field.kind in {Kind.CHOICE, Kind.CHOICES}:
        assert not callable(field.choices)
        yield CustomValue.key.not_in([choice.value for choice in field.choices])
    elif field.kind in {Kind.REF, Kind.USER}:
        target = model_of(ctx, field.ref or "user")
        if target is not None:
            there = select(target.id)
            yield CustomValue.number.not_in(there)
