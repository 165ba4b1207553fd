"""Names as expressions: of who or what a list's rows refer to, so that lists are sorted and grouped by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import aliased

from app.kernel.contributions import Field, Kind
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
