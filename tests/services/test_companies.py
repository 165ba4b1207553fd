"""Companies by name, their tree, the people in them."""

from __future__ import annotations

from typing import Any

import pytest

from app.kernel.errors import Invalid, NotAllowed
from app.services import affiliations, companies, records
from app.services.context import acting


def test_a_company_is_found_whatever_its_case_and_accents(make: Any) -> None:
    ctx = make.ctx()
    made = make.company(name="Café Zürich AG")

    assert companies.find_or_create(ctx, "cafe zurich ag") == made.id


def test_a_named_company_of_a_new_contact_is_made_once(make: Any) -> None:
    ctx = make.ctx()
    first = make.contact(affiliations=[{"company": "Brand New Ltd", "title": "CFO"}])
    second = make.contact(affiliations=[{"company": "brand new ltd"}])

    field = ctx.schema.field("contact", "affiliations")
    places = field.load(ctx, [first.id, second.id])
    assert places[first.id][0]["company_id"] == places[second.id][0]["company_id"]
    assert places[first.id][0]["is_primary"]


def test_who_may_not_make_companies_is_told_so(make: Any) -> None:
    user = make.user("read_only")
    ctx = make.ctx(user)
    with acting(ctx), pytest.raises(NotAllowed):
        companies.find_or_create(ctx, "Nobody Knows Inc")


def test_people_now_and_before_stand_apart_and_an_ended_place_stays(make: Any) -> None:
    ctx = make.ctx()
    acme, other = make.company(), make.company()
    ana = make.contact(
        affiliations=[
            {"company_id": acme.id, "title": "CFO", "is_primary": True},
            {"company_id": other.id, "title": "Board"},
        ]
    )
    affiliations.end(ctx, ana.id, acme.id, "2025-06")

    found = affiliations.people(ctx, acme.id)
    assert (len(found.now), [p.ended_on for p in found.before]) == (0, ["2025-06"])
    field = ctx.schema.field("contact", "affiliations")
    assert [p["is_primary"] for p in field.load(ctx, [ana.id])[ana.id]] == [True, False]


def test_the_tree_shows_what_is_above_and_below(make: Any) -> None:
    ctx = make.ctx()
    top = make.company(name="Top")
    middle = make.company(name="Middle", parent_id=top.id)
    make.company(name="Below", parent_id=middle.id)

    nodes = companies.tree(ctx, middle)

    assert [(n.name, n.depth, n.here) for n in nodes] == [
        ("Top", 0, False),
        ("Middle", 1, True),
        ("Below", 2, False),
    ]
    assert companies.tree(ctx, make.company(name="Alone")) == []


def test_a_company_cannot_stand_above_itself(make: Any) -> None:
    ctx = make.ctx()
    top = make.company(name="Top")
    below = make.company(name="Below", parent_id=top.id)

    with pytest.raises(Invalid):
        records.update(ctx, "company", top.id, {"parent_id": below.id})


def test_places_in_companies_out_of_sight_survive_a_save(make: Any) -> None:
    south = make.company(name="Secret South", team="south")
    north = make.company(name="North", team="north")
    ana = make.contact(team="north", affiliations=[{"company_id": south.id}, {"company_id": north.id}])
    ctx = make.ctx(make.user("representative", team="north"))
    with acting(ctx):
        field = ctx.schema.field("contact", "affiliations")
        seen = field.load(ctx, [ana.id])[ana.id]
        records.update(ctx, "contact", ana.id, {"affiliations": [{**seen[0], "title": "Boss"}]})

    everything = field.load(make.ctx(), [ana.id])[ana.id]
    assert {p["company"] for p in everything} == {"Secret South", "North"}
    assert [p["company"] for p in seen] == ["North"]
