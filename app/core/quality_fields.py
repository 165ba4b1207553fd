"""Fields that say how good the data of people and companies are, to be asked for in filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind, Show
from app.models import PhoneNumber


def of(entity: str) -> tuple[Field, ...]:
    """Return the fields of an entity whose records have phone numbers."""
    whose = getattr(PhoneNumber, f"{entity}_id")
    unread = select(whose).where(PhoneNumber.key == "", whose.is_not(None))

    def sql(model: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = model.id.in_(unread)
        return found

    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, bool]:
        found = set(ctx.session.execute(unread.where(whose.in_(ids))).scalars())
        return {i: i in found for i in ids}

    return (
        Field(
            name="unreadable_phone",
            label=_l("Has a number that cannot be dialled"),
            on=entity,
            kind=Kind.BOOL,
            order=72,
            show=Show.FILTER,
            load=load,
            sql=sql,
        ),
    )
