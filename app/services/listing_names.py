"""Names as expressions: of who or what a list's rows refer to, so that lists are sorted and grouped by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased

from app.kernel.contributions import Entity, Field, Kind
from app.models import Affiliation, Company, Contact, EmailAddress, PhoneNumber, Team, User


def of(schema: Any, field: Field, reference: Any) -> Any:
    """Return the name of the colleague, team or record that an expression refers to; nothing where it has none."""
    model = {Kind.USER: User, Kind.TEAM: Team}.get(field.kind)
    title: Any = "name"
    if model is None:
        if not field.ref or not schema.has(field.ref):
            return literal("")
        kind = schema.entity(field.ref)
        model, title = kind.model, kind.title
    if callable(title):
        return literal("")
    other: Any = aliased(model)
    return select(getattr(other, title)).where(other.id == reference).scalar_subquery()


APART = 10_000
"""How far apart records lie whose order begins with that of another: stages of the second pipeline follow the first's."""


def rank(schema: Any, field: Field, reference: Any, *, below: tuple[str, ...] = ()) -> Any | None:
    """Return the place that a referred record was given (stages have one); None where names make the order.

    A kind has places when its own list stands in the order of a number: `default_sort="position"`. Places within
    another record that has one (a stage needs a pipeline) come after that.
    """
    kind = schema.entity(field.ref) if field.ref and schema.has(field.ref) else None
    number = _number(schema, kind) if kind is not None else ""
    if kind is None or not number:
        return None
    other: Any = aliased(kind.model)
    place: Any = func.coalesce(getattr(other, number), 0)
    seen = (*below, kind.key)
    for parent in schema.fields(kind.key):
        if parent.kind is not Kind.REF or not parent.required or not parent.column or parent.ref in seen:
            continue
        above = rank(schema, parent, getattr(other, parent.column), below=seen)
        place = place if above is None else func.coalesce(above, 0) * APART + place
    return select(place).where(other.id == reference).scalar_subquery()


def _number(schema: Any, kind: Entity) -> str:
    """Return the column with the places of a kind; empty where it has none."""
    first = next((f for f in schema.fields(kind.key) if f.key == kind.default_sort), None)
    return first.column or "" if first is not None and first.kind is Kind.NUMBER else ""


def _place(column: Any) -> Callable[[], Any]:
    def primary() -> Any:
        return (
            select(column)
            .select_from(Affiliation)
            .join(Company, Company.id == Affiliation.company_id)
            .where(
                Affiliation.contact_id == Contact.id,
                Affiliation.is_primary.is_(True),
                Affiliation.ended_on == "",
            )
            .limit(1)
            .correlate(Contact)
            .scalar_subquery()
        )

    return primary


def _first(model: Any, of_whom: Any, whose: str) -> Callable[[], Any]:
    def value() -> Any:
        return (
            select(model.value)
            .where(getattr(model, whose) == of_whom.id)
            .order_by(model.preferred.desc(), model.position, model.id)
            .limit(1)
            .correlate(of_whom)
            .scalar_subquery()
        )

    return value


FIRST: Mapping[tuple[str, str], Callable[[], Any]] = {
    ("contact", "company"): _place(Company.name),
    ("contact", "title"): _place(Affiliation.title),
    ("contact", "emails"): _first(EmailAddress, Contact, "contact_id"),
    ("contact", "phones"): _first(PhoneNumber, Contact, "contact_id"),
    ("company", "emails"): _first(EmailAddress, Company, "company_id"),
    ("company", "phones"): _first(PhoneNumber, Company, "company_id"),
}
"""(entity, field) → the value that stands first, for fields whose values are rows of another table."""
