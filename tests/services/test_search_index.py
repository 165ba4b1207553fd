"""The index is written with the change, once, and says nothing that is no longer so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select, text

from app.kernel.errors import Refuse
from app.models import JobRow, SearchDoc, SearchName
from app.services import records, search_index
from app.services.context import acting
from app.testing.factories import Make

FOLLOWED: Callable[[Any, Any], None] = search_index.follow


def doc(make: Make, entity: str, record_id: int) -> str:
    """The words a record is found by."""
    query = select(SearchDoc.doc).where(SearchDoc.entity == entity, SearchDoc.record_id == record_id)
    return make.ctx().session.execute(query).scalar_one()


def test_a_document_holds_the_important_words_first(make: Make) -> None:
    company = make.company(name="Æther GmbH")
    made = make.contact(
        given_name="Zoë", family_name="Łuczak", tags=["vip"], affiliations=[{"company_id": company.id}]
    )
    assert doc(make, "contact", made.id).split()[:4] == ["zoe", "luczak", "aether", "gmbh"]


def test_what_nobody_looks_for_leaves_it_alone(make: Make, queries: Callable[[], Any]) -> None:
    made = make.contact()
    ctx = make.ctx()
    with acting(ctx), queries() as seen:
        records.update(ctx, "contact", made.id, {"lifecycle_stage": "customer"})
    assert [s for s in seen if "search_" in s] == []


def test_many_changes_of_a_unit_are_written_once(make: Make, queries: Callable[[], Any]) -> None:
    made = make.contact()
    ctx = make.ctx()
    with acting(ctx), queries() as seen, ctx.unit():
        for name in ("Anna", "Berta", "Cora"):
            records.update(ctx, "contact", made.id, {"given_name": name})
    assert len([s for s in seen if s.startswith("UPDATE search_doc")]) == 1
    assert "cora" in doc(make, "contact", made.id)


def test_a_name_taken_back_is_no_longer_found(make: Make) -> None:
    made = make.contact(given_name="Anna", family_name="Berg")
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, "contact", made.id, {"given_name": "Eva"})
    words = ctx.session.execute(select(SearchName.word).where(SearchName.entity == "contact")).scalars()
    assert sorted(words) == ["berg", "eva"]


def test_a_purged_record_leaves_nothing(make: Make) -> None:
    made = make.contact()
    ctx = make.ctx()
    with acting(ctx):
        records.purge(ctx, "contact", [made.id])
    assert ctx.session.execute(select(SearchDoc)).all() == ctx.session.execute(select(SearchName)).all() == []


def test_reindexing_finds_what_was_written_past_the_services(make: Make) -> None:
    made = make.contact(given_name="Anna")
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        ctx.session.execute(text("UPDATE contact SET given_name = 'Direct', formatted_name = 'Direct'"))
    assert search_index.reindex(ctx, "contact") == 1
    assert "direct" in doc(make, "contact", made.id)


def test_a_company_of_many_is_followed_in_the_background(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "AT_ONCE", 1)
    company = make.company(name="Tavola")
    people = [make.contact(affiliations=[{"company_id": company.id}]) for _ in range(3)]
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, "company", company.id, {"name": "Zenith"})
    job = ctx.session.execute(select(JobRow).where(JobRow.name == search_index.FOLLOW)).scalar_one()
    assert job.user_id is None
    assert "zenith" not in doc(make, "contact", people[0].id)
    FOLLOWED(make.ctx(), {"of": "company", "ids": [company.id]})
    assert all("zenith" in doc(make, "contact", person.id) for person in people)


PEOPLE: list[dict[str, Any]] = [
    {
        "given_name": "Inês",
        "family_name": "D'Almeida",
        "tags": ["Fair"],
        "emails": [{"value": "ines@mar.example", "kind": "", "preferred": True}],
        "phones": [{"value": "+351 912 345 678", "kind": "", "preferred": True}],
        "affiliations": [{"company": "Maré Alta Lda", "title": "Skipper"}],
    },
    {"name": "Müller, Jürgen"},
]
"""People whose values are of many kinds, or of hardly any."""


def test_records_made_together_are_found_by_what_is_read_of_them_later(make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx):
        made = records.create_many(ctx, "contact", PEOPLE)
        ids = [person.id for person in made]
        told = [doc(make, "contact", i) for i in ids]
        search_index.reindex(ctx, "contact")
    assert told == [doc(make, "contact", i) for i in ids]
    assert {"ines", "dalmeida", "fair", "351912345678", "mare", "skipper"} <= set(told[0].split())


def test_one_of_many_that_is_changed_at_once_is_found_by_the_change(make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        first, second = (person.id for person in records.create_many(ctx, "contact", PEOPLE))
        records.update(ctx, "contact", second, {"tags": ["Regatta"]})
    assert "regatta" in doc(make, "contact", second)
    assert "skipper" in doc(make, "contact", first)


def test_records_that_were_not_made_after_all_leave_no_words(make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        records.create_many(ctx, "contact", [{"name": "Stays"}])
        with suppress(Refuse), ctx.unit(savepoint=True):
            records.create_many(ctx, "contact", PEOPLE)
            raise Refuse("Not these.")
    assert ctx.session.scalars(select(SearchDoc.doc).where(SearchDoc.doc.contains("skipper"))).all() == []


def test_what_is_no_part_of_the_name_leaves_the_words_of_names_alone(
    make: Make, queries: Callable[[], Any]
) -> None:
    made = make.contact(given_name="Anna", family_name="Berg")
    ctx = make.ctx()
    with acting(ctx), queries() as seen:
        records.update(ctx, "contact", made.id, {"tags": ["Fair"]})
    assert [s for s in seen if "search_name" in s] == []
    assert {"anna", "berg", "fair"} <= set(doc(make, "contact", made.id).split())
    words = ctx.session.execute(select(SearchName.word).where(SearchName.entity == "contact")).scalars()
    assert sorted(words) == ["anna", "berg"]
