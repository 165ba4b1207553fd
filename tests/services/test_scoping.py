from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import with_loader_criteria

from app.models import Company, Contact, Interaction, Tag
from app.services import scoping

OPTIONS = [
    with_loader_criteria(Contact, Contact.id.in_(select(Company.id))),
    with_loader_criteria(Company, Company.name != ""),
    with_loader_criteria(Interaction, Interaction.id > 0),
]
SCOPE = scoping.scope(OPTIONS)


def test_a_statement_carries_the_criteria_of_what_it_reads_and_of_what_these_read() -> None:
    assert scoping.concerned(select(Contact.id), SCOPE) == OPTIONS[:2]
    assert scoping.concerned(select(Company.id), SCOPE) == [OPTIONS[1]]
    assert scoping.concerned(select(Tag.id), SCOPE) == []
    assert scoping.concerned(update(Interaction).values(subject=""), SCOPE) == [OPTIONS[2]]


def test_what_reads_more_than_it_names_carries_all() -> None:
    tied = scoping.Scope(SCOPE.criteria, frozenset([Tag.__table__]))
    assert scoping.concerned(select(Tag.id), tied) == OPTIONS
