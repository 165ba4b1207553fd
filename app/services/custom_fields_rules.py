"""Rules of added fields: what a new record has if nobody says otherwise, and which fields a record is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.kernel.errors import Invalid
from app.kernel.expr.tree import ExprError
from app.services import custom_fields_checks, custom_fields_values, filters
from app.services.custom_fields_kinds import Defined


def completed(ctx: Context, entity: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of a new record with the defaults of added fields that were not given."""
    more: dict[str, Any] = {}
    for field in _with_default(cast(Any, ctx.schema), entity):
        if field.key not in values:
            try:
                more[field.key] = custom_fields_checks.default_of(ctx, field)
            except ValueError:
                ctx.log.warning("the default of %s.%s does not fit any more", entity, field.key)
    return {**values, **more} if more else values


@lru_cache(maxsize=256)
def _with_default(schema: Any, entity: str) -> tuple[Defined, ...]:
    return tuple(f for f in schema.fields(entity) if isinstance(f, Defined) and f.default)


def asked_for(ctx: Context, entity: str, record_id: int, every: Iterable[Field]) -> list[Field]:
    """Return those fields that a record is asked for: one with a condition only where it holds.

    A condition that cannot be asked any more hides nothing.
    """
    found: list[Field] = []
    for field in every:
        if not isinstance(field, Defined) or not field.only_if:
            found.append(field)
        elif _holds(ctx, entity, field, record_id):
            found.append(replace(field, required=True) if field.needed else field)
    return found


def judge(ctx: Context, entity: str, ids: Sequence[int], names: Collection[str] | None = None) -> None:
    """Raise Invalid, within the unit of a change, where an added field is empty that must be filled in under a condition.

    Only `names` are looked at, if given: what was not touched is asked for by forms, where it is shown.
    """
    found = [f for f in _conditional(cast(Any, ctx.schema), entity) if names is None or f.key in names]
    if not found or not ids:
        return
    ctx.session.flush()
    loaded = custom_fields_values.load(ctx, found, ids)
    wrong = {}
    for field in found:
        empty = [i for i in ids if loaded[field.key].get(i) in (None, "", [])]
        if empty and _holding(ctx, entity, field, empty):
            wrong[field.key] = _("%(name)s is needed.", name=str(field.label))
    if wrong:
        raise Invalid(wrong)


@lru_cache(maxsize=256)
def _conditional(schema: Any, entity: str) -> tuple[Defined, ...]:
    return tuple(
        f
        for f in schema.fields(entity)
        if isinstance(f, Defined) and f.only_if and f.needed and not f.formula
    )


def _holding(ctx: Context, entity: str, field: Defined, ids: Sequence[int]) -> bool:
    try:
        return bool(filters.matches(ctx, entity, field.only_if, ids))
    except ExprError:
        return False


def _holds(ctx: Context, entity: str, field: Defined, record_id: int) -> bool:
    try:
        return bool(filters.matches(ctx, entity, field.only_if, [record_id]))
    except ExprError:
        return True
