"""Which fields somebody may write, and which of them people type: the same for forms, cells and the history."""

from __future__ import annotations

from app.kernel.context import Context
from app.kernel.contributions import Field, Show
from app.services import access, fields, layouts


def can_write(ctx: Context, field: Field) -> bool:
    """Tell whether a field can be written at all, and by the principal."""
    if field.column is None and field.save is None:
        return False
    if field.key in fields.ASSIGNING and not ctx.may(f"{field.on}.assign"):
        return False
    if field.permission is not None and not ctx.may(field.permission):
        return False
    return access.writes(ctx, field.on, field.key) and layouts.writes(ctx, field.on, field.key)


def can_edit(ctx: Context, field: Field) -> bool:
    """Tell whether the principal may type a field's value: what no form has, the program alone writes."""
    return Show.FORM in field.show and can_write(ctx, field)
