"""What is checked of an added field before it is kept: its default value and the condition under which it is asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Kind
from app.kernel.expr.tree import ExprError
from app.models import CustomField
from app.services import custom_fields_schema, fields, filters
from app.services.custom_fields_kinds import TYPES, Defined

if TYPE_CHECKING:
    from app.services.custom_fields import Values

WITHOUT_DEFAULT = {Kind.REF, Kind.USER, Kind.TIME, Kind.FILE}
"""Kinds for which nothing sensible can be assumed."""


def rules(ctx: Context, kind: Entity, values: Values, row: CustomField | None) -> dict[str, str]:
    """Return a sentence for a default that its type does not understand, and for a condition that cannot be asked."""
    problems: dict[str, str] = {}
    if values.default.strip():
        try:
            default_of(ctx, _tried(kind, values, row))
        except ValueError as error:
            problems["default"] = str(error)
    if values.only_if.strip():
        try:
            filters.check(ctx, kind.key, values.only_if)
        except ExprError as error:
            problems["only_if"] = error.sentence
    return problems


def default_of(ctx: Context, field: Defined) -> object:
    """Return the value that a new record has in a field if nobody says otherwise; None without any.

    Raises ValueError with a sentence when what was written down as default does not fit any more.
    """
    if not field.default:
        return None
    if field.kind in WITHOUT_DEFAULT:
        raise ValueError(_("Fields of this type have no default."))
    return fields.parse(ctx, field, field.default)


def _tried(kind: Entity, values: Values, row: CustomField | None) -> Defined:
    """Return the field as it would be."""
    choices = [
        {"value": c.value or str(c.label), "label": str(c.label), "retired": c.retired}
        for c in values.choices
    ]
    given = (
        {"decimals": values.decimals, "result": values.result}
        if row is None
        else custom_fields_schema.settings_of(row)
    )
    found = custom_fields_schema.field_of(
        CustomField(
            id=0,
            entity=kind.key,
            name="x_",
            label=values.label,
            type=row.type if row is not None else values.type,
            hint="",
            options=json.dumps(choices),
            settings=json.dumps({**given, "default": values.default}),
            required=False,
            searched=False,
            personal=True,
            position=0,
        )
    )
    assert found is not None, TYPES
    return found
