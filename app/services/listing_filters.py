"""The simple filters of lists, `field:operator:value` in the address (the chips).

Each is one question of the filter language (app.services.filters), written shorter; `?where=` takes the language itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.kernel.errors import Invalid
from app.kernel.expr.tree import ExprError, Literal, Node, Op, Question, Sort, sort_of
from app.services import fields, filter_fields, filters
from app.services.filter_sources import Source

OPERATORS = frozenset({"is", "not", "has", "before", "after"})
SHORT = {
    "owner": "owner_id",
    "team": "team_id",
    "tag": "tags",
    "stage": "lifecycle_stage",
    "assignee": "assignee_id",
}
"""Names of fields as people would write them in an address."""

ORDER = {"before": Op.LESS, "after": Op.MORE}
POINTING = {Kind.USER, Kind.TEAM, Kind.REF}
WORDS = {"text", "words", "mail", "phone", "tag", "country"}
"""How fields of words are read (see filter_sources.Source)."""


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


def filterable(ctx: Context, entity: str, field: Field) -> bool:
    """Tell whether a field can stand in a filter."""
    return field.key in filter_fields.sources(ctx, entity)


def condition(ctx: Context, entity: str, chosen: Filter) -> ColumnElement[bool]:
    """Return the condition of a filter. Raises Invalid when field, operator and value do not fit."""
    try:
        return filters.criterion(ctx, entity, tree(ctx, entity, chosen))
    except ExprError as error:
        raise Invalid({"f": error.sentence}) from error


def tree(ctx: Context, entity: str, chosen: Filter) -> Node:
    """Return a simple filter as an expression. Raises Invalid for a field that is not there or cannot be asked."""
    field = field_of(ctx, entity, chosen.field)
    if not filterable(ctx, entity, field):
        raise Invalid({"f": _("“%(name)s” cannot be used in a filter.", name=str(field.label))})
    source = filter_fields.sources(ctx, entity)[field.key]
    if chosen.operator in ORDER:
        moment = field.kind is Kind.TIME and chosen.operator == "after"
        op = (
            Op.LEAST if moment else ORDER[chosen.operator]
        )  # after a day's beginning, as chips have always meant it
        return Question(field.key, op, (literal(source, chosen.value),))
    if chosen.operator == "has":
        return Question(field.key, Op.CONTAINS, (Literal(Sort.TEXT, chosen.value),))
    negated = chosen.operator == "not"
    if chosen.value in {"", "none"} and field.kind in POINTING:
        return Question(field.key, Op.EMPTY, (), negated)
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        values = tuple(Literal(Sort.TEXT, word) for word in chosen.value.split(","))
        return Question(field.key, Op.IS if len(values) == 1 else Op.IN, values, negated)
    return Question(field.key, Op.IS, (literal(source, chosen.value),), negated)


def literal(source: Source, text: str) -> Literal:
    """Return what a value of an address is: words of a field of words are never names or figures."""
    return Literal(Sort.TEXT, text) if source.reads in WORDS else Literal(*sort_of(text))
