"""The simple filters of lists, `field:operator:value` in the address (the chips).

One condition each; the language of nested filters will compile into the same conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, not_, select

from app.formats.fold import fold
from app.i18n import _, _l
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.kernel.errors import Invalid
from app.models import Affiliation, Company, Contact, Tag, TagLink
from app.services import fields, guarded

OPERATORS: Mapping[str, Any] = {
    "is": _l("is"),
    "not": _l("is not"),
    "has": _l("contains"),
    "before": _l("before"),
    "after": _l("after"),
}
SHORT = {
    "owner": "owner_id",
    "team": "team_id",
    "tag": "tags",
    "stage": "lifecycle_stage",
    "assignee": "assignee_id",
}
"""Names of fields as people would write them in an address."""

ORDERED = {Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.TIME, Kind.PARTIAL_DATE}
WORDS = {Kind.TEXT, Kind.LONG_TEXT, Kind.URL}


@dataclass(frozen=True)
class Filter:
    """One condition on a field, as typed in the address."""

    field: str
    operator: str
    value: str

    def __str__(self) -> str:
        return f"{self.field}:{self.operator}:{self.value}"


def parse(text: str) -> Filter:
    """Read `field:operator:value`. Raises Invalid with a sentence."""
    name, first, rest = text.partition(":")
    operator, second, value = rest.partition(":")
    if not (first and second and name) or operator not in OPERATORS or len(value) > 200:
        raise Invalid({"f": _("“%(text)s” is no filter. Write it like owner:is:me.", text=text[:80])})
    return Filter(SHORT.get(name, name), operator, value)


def field_of(ctx: Context, entity: str, name: str) -> Field:
    """Return a field that exists for the principal. Raises Invalid; a hidden one is as if it were not there."""
    found = next((f for f in fields.visible(ctx, entity) if f.key == name), None)
    if found is None:
        raise Invalid({"f": _("There is no field “%(name)s”.", name=name)})
    return found


def filterable(entity: str, field: Field) -> bool:
    """Tell whether a field can stand in a filter."""
    special = field.kind is Kind.TAGS or (entity, field.key) in SPECIAL
    return special or field.sql is not None or field.column is not None


def condition(ctx: Context, entity: str, chosen: Filter) -> ColumnElement[bool]:
    """Return the condition of a filter. Raises Invalid when field, operator and value do not fit."""
    field = field_of(ctx, entity, chosen.field)
    special = SPECIAL.get((entity, field.key)) or (_tagged if field.kind is Kind.TAGS else None)
    if special is not None:
        found = special(ctx, entity, chosen.value)
        return not_(found) if chosen.operator == "not" else found
    if not filterable(entity, field):
        raise Invalid({"f": _("“%(name)s” cannot be used in a filter.", name=str(field.label))})
    model = ctx.schema.entity(entity).model
    key = guarded.expression(field, field.sql, model) if field.sql else getattr(model, str(field.column))
    return _compared(ctx, field, key, chosen)


def _compared(ctx: Context, field: Field, key: Any, chosen: Filter) -> ColumnElement[bool]:
    if chosen.operator == "has" and field.kind in WORDS:
        return key.icontains(chosen.value, autoescape=True)  # type: ignore[no-any-return]
    if chosen.operator in {"before", "after"} and field.kind in ORDERED:
        limit = _limit(ctx, field, chosen.value)
        return key < limit if chosen.operator == "before" else key > limit  # type: ignore[no-any-return]
    if chosen.operator not in {"is", "not"}:
        raise Invalid({"f": _("“%(name)s” cannot be compared in this way.", name=str(field.label))})
    found = _equals(ctx, field, key, chosen.value)
    return not_(found) if chosen.operator == "not" else found


def _equals(ctx: Context, field: Field, key: Any, value: str) -> ColumnElement[bool]:
    if field.kind is Kind.USER and value == "me":
        return key == ctx.user.id  # type: ignore[no-any-return]
    if field.kind is Kind.TEAM and value == "mine":
        return key.in_(sorted(ctx.user.teams))  # type: ignore[no-any-return]
    if value in {"", "none"} and field.kind in {Kind.USER, Kind.TEAM, Kind.REF}:
        return key.is_(None)  # type: ignore[no-any-return]
    if field.kind is Kind.CHOICE:
        return key.in_(value.split(","))  # type: ignore[no-any-return]
    return key == _value(ctx, field, value)  # type: ignore[no-any-return]


def _limit(ctx: Context, field: Field, value: str) -> Any:
    if value == "today" or (value.endswith("d") and value[:-1].lstrip("+-").isdigit()):
        days = 0 if value == "today" else int(value[:-1])
        midnight = ctx.now.astimezone(ctx.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + timedelta(days=max(-36500, min(36500, days)))
        return at.astimezone(UTC) if field.kind is Kind.TIME else at.date().isoformat()
    return _value(ctx, field, value)


def _value(ctx: Context, field: Field, value: str) -> Any:
    try:
        if field.kind is Kind.TIME:
            at = datetime.fromisoformat(value)
            return at if at.tzinfo else at.replace(tzinfo=ctx.zone)
        return fields.parse(ctx, field, value)
    except ValueError as error:
        raise Invalid({"f": str(error)}) from error


def _tagged(ctx: Context, entity: str, value: str) -> ColumnElement[bool]:
    tag = select(Tag.id).where(Tag.key == fold(value).strip()[:80]).scalar_subquery()
    model = ctx.schema.entity(entity).model
    links = select(TagLink.record_id).where(TagLink.tag_id == tag, TagLink.entity == entity)
    return model.id.in_(links)  # type: ignore[no-any-return]


def _works_at(ctx: Context, entity: str, value: str) -> ColumnElement[bool]:
    if not value.isdigit():
        return false()
    company = select(Company.id).where(Company.id == int(value)).scalar_subquery()
    people = select(Affiliation.contact_id).where(
        Affiliation.company_id == company, Affiliation.ended_on == ""
    )
    return Contact.id.in_(people)


SPECIAL: Mapping[tuple[str, str], Callable[[Context, str, str], ColumnElement[bool]]] = {
    ("contact", "company"): _works_at,
}
"""(entity, field) → condition for fields whose value is rows of another table."""
