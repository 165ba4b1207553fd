"""Merging: what is kept, what follows, who may, and taking it back exactly."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.models import ExternalId, InteractionLink, TaskLink
from app.services import (
    access,
    canonical,
    dedupe_merging,
    dedupe_unmerging,
    fields,
    interactions,
    records,
    undo,
)
from app.services.context import acting
from app.services.interactions import Entry

MAIL = {"value": "ana@example.org", "kind": "work", "preferred": True}
OTHER = {"value": "a.lima@example.com", "kind": "home", "preferred": True}


def value(ctx: Any, record_id: int, name: str, entity: str = "contact") -> Any:
    kind = ctx.schema.entity(entity)
    record = access.get(ctx, kind.model, record_id)
    return fields.value(ctx, kind, ctx.schema.field(entity, name), record)


def two(make: Any) -> tuple[Any, Any]:
    acme = make.company(name="Acme")
    ana = make.contact(given_name="Ana", family_name="Lima", emails=[MAIL], note="Likes tea.", tags=["vip"])
    double = make.contact(
        given_name="Anna",
        family_name="Lima",
        emails=[OTHER, MAIL],
        note="Met in Porto.",
        tags=["vip", "press"],
        birthday="1980-04-12",
        affiliations=[{"company_id": acme.id, "title": "Buyer"}],
    )
    return ana, double


def test_what_one_lacks_the_other_brings_and_lists_are_put_together(make: Any) -> None:
    ctx = make.ctx()
    ana, double = two(make)

    dedupe_merging.merge(ctx, "contact", [ana.id, double.id], {})

    assert value(ctx, ana.id, "name") == "Ana Lima"
    assert [m["value"] for m in value(ctx, ana.id, "emails")] == ["ana@example.org", "a.lima@example.com"]
    assert value(ctx, ana.id, "note") == "Likes tea.\n\nMet in Porto."
    assert sorted(value(ctx, ana.id, "tags")) == ["press", "vip"]
    assert value(ctx, ana.id, "birthday") == "1980-04-12"
    assert [p["title"] for p in value(ctx, ana.id, "affiliations")] == ["Buyer"]
    assert not records.exists(ctx, "contact", double.id)
    assert dedupe_unmerging.kept_of(ctx, "contact", double.id) == ana.id


def test_a_choice_per_field_is_what_is_kept(make: Any) -> None:
    ctx = make.ctx()
    ana, double = two(make)

    dedupe_merging.merge(
        ctx, "contact", [ana.id, double.id], {"given_name": double.id, "emails": double.id, "note": ana.id}
    )

    assert value(ctx, ana.id, "name") == "Anna Lima"
    assert [m["value"] for m in value(ctx, ana.id, "emails")] == ["a.lima@example.com", "ana@example.org"]
    assert value(ctx, ana.id, "note") == "Likes tea."


def test_whatever_points_at_the_others_follows(make: Any) -> None:
    ctx = make.ctx()
    ana, double = two(make)
    call = interactions.log(ctx, Entry(values={"kind": "call", "body": "Roof"}, contacts=[double.id]))
    task = records.create(ctx, "task", {"summary": "Write"})
    with ctx.unit():
        ctx.session.add(TaskLink(task_id=task.id, entity="contact", record_id=double.id))
        ctx.session.add(ExternalId(system="hubspot", value="77", entity="contact", record_id=double.id))
    before = ana.last_interaction_at

    dedupe_merging.merge(ctx, "contact", [ana.id, double.id], {})

    def whose(model: Any, *where: Any) -> list[int]:
        return list(ctx.session.scalars(select(model.record_id).where(model.entity == "contact", *where)))

    assert whose(InteractionLink, InteractionLink.interaction_id == call.id) == [ana.id]
    assert whose(TaskLink, TaskLink.task_id == task.id) == [ana.id]
    assert whose(ExternalId, ExternalId.value == "77") == [ana.id]
    assert whose(ExternalId, ExternalId.value == f"urn:uuid:{double.uid}") == [ana.id]
    ctx.session.expire_all()
    assert records.get(ctx, "contact", ana.id).last_interaction_at > before


def test_undo_is_exact_and_so_is_doing_it_again(make: Any) -> None:
    ctx = make.ctx()
    ana, double = two(make)
    friend = make.contact(relations=[{"other_id": double.id, "type": "Friend"}])
    interactions.log(ctx, Entry(values={"kind": "call", "body": "Roof"}, contacts=[double.id]))
    interactions.log(ctx, Entry(values={"kind": "note", "body": "Both"}, contacts=[double.id, ana.id]))
    before = "\n".join(canonical.lines(ctx))

    operation = dedupe_merging.merge(ctx, "contact", [ana.id, double.id], {"given_name": double.id})
    merged = "\n".join(canonical.lines(ctx))
    assert merged != before
    assert [r["other_id"] for r in value(ctx, friend.id, "relations")] == [ana.id]

    back = undo.start(ctx, operation)
    assert back.refused == 0
    assert "\n".join(canonical.lines(ctx)) == before
    assert dedupe_unmerging.kept_of(ctx, "contact", double.id) is None

    undo.start(ctx, back.operation_id or 0)
    assert "\n".join(canonical.lines(ctx)) == merged


def test_three_become_one(make: Any) -> None:
    ctx = make.ctx()
    ana, double = two(make)
    third = make.contact(given_name="A.", family_name="Lima", emails=[{"value": "third@example.org"}])
    dedupe_merging.merge(ctx, "contact", [ana.id, double.id, third.id], {})
    assert len(value(ctx, ana.id, "emails")) == 3
    assert dedupe_unmerging.kept_of(ctx, "contact", third.id) == ana.id


def test_companies_bring_their_people_and_never_stand_above_themselves(make: Any) -> None:
    ctx = make.ctx()
    acme = make.company(name="Acme Ltd", domains=["acme.example"])
    double = make.company(name="ACME", domains=["acme.test"])
    records.update(ctx, "company", acme.id, {"parent_id": double.id})
    ana = make.contact(affiliations=[{"company_id": double.id, "title": "Buyer"}])

    operation = dedupe_merging.merge(ctx, "company", [acme.id, double.id], {})

    (place,) = value(ctx, ana.id, "affiliations")
    assert (place["company_id"], place["title"]) == (acme.id, "Buyer")
    assert value(ctx, acme.id, "parent_id", "company") is None
    assert value(ctx, acme.id, "domains", "company") == ["acme.example", "acme.test"]
    undo.start(ctx, operation)
    assert value(ctx, ana.id, "affiliations")[0]["company_id"] == double.id
    assert value(ctx, acme.id, "parent_id", "company") == double.id


def test_both_records_must_be_within_reach(make: Any) -> None:
    north = make.contact(team="north")
    south = make.contact(team="south")
    manager = make.ctx(make.user("representative", team="north"))
    with acting(manager), pytest.raises((NotAllowed, NotVisible)):
        dedupe_merging.merge(manager, "contact", [north.id, south.id], {})
    with pytest.raises(Invalid):
        dedupe_merging.merge(make.ctx(), "contact", [north.id, north.id], {})


def test_an_old_name_leads_on_through_several_merges(make: Any) -> None:
    ctx = make.ctx()
    one, other, third = make.contact(), make.contact(), make.contact()
    dedupe_merging.merge(ctx, "contact", [other.id, one.id], {})
    dedupe_merging.merge(ctx, "contact", [third.id, other.id], {})
    assert dedupe_unmerging.kept_of(ctx, "contact", one.id) == third.id
