"""Who may settle what belongs to a territory, and what its page tells to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import Refuse
from app.sdk.services import acting, records
from app.testing import Make, Person

from .. import actions
from ..models import Place
from . import placed
from .placed import TERRITORY

AsRole = Callable[..., Person]
LAND = {"name": "Mine", "borders": "country DE", "follows": True, "priority": 900}


def test_nobody_gets_records_of_others_by_a_territory_of_their_own(make: Make) -> None:
    rep = make.ctx(make.user("representative", team="north"))
    with acting(rep):
        with pytest.raises(Refuse):
            records.create(rep, TERRITORY, LAND)
        marked = records.create(rep, TERRITORY, {**LAND, "follows": False, "marks": True})
        records.update(rep, TERRITORY, marked.id, {"borders": "country DE, AT"})
        with pytest.raises(Refuse):
            records.update(rep, TERRITORY, marked.id, {"marks": False})
    manager = make.ctx(make.user("manager"))
    with acting(manager):
        assert records.create(manager, TERRITORY, LAND).follows


def test_the_borders_of_a_territory_that_one_has_are_not_ones_own_to_move(make: Make) -> None:
    user = make.user("representative", team="north")
    given = placed.territory(make, "North", "postal DE 20", owner_id=user.id)
    rep = make.ctx(user)
    with acting(rep):
        records.update(rep, TERRITORY, given.id, {"note": "Mind the harbour"})
        for change in ({"borders": "country DE"}, {"marks": True}, {"priority": 9}):
            with pytest.raises(Refuse):
                records.update(rep, TERRITORY, given.id, change)


def test_the_form_says_at_the_box_who_settles_territories(as_role: AsRole) -> None:
    sent = {"name": "Mine", "borders": "country DE", "do": "save", "parent_id": 0}
    person = as_role("representative", team="north")
    answer = person.post("/territories/territory/new", sent)
    assert answer.status_code == 422
    assert "Only who may change every territory" in answer.text
    assert person.post("/territories/territory/new", {**sent, "marks": "y"}).status_code == 303


def test_who_may_only_see_a_record_names_no_territory_for_it(make: Make) -> None:
    land = placed.territory(make, "Far", "country AT")
    user = make.user("representative", team="north")
    seen = placed.person(make, "Seen", "Berlin", "10115")
    own = placed.person(make, "Own", "Berlin", "10115", owner=user, team="north")
    rep = make.ctx(user)
    with acting(rep), rep.unit():
        outcome = actions.name("contact")(rep, [seen, own], {"territory": land.id})
    assert (outcome.changed, set(outcome.refused)) == (1, {seen.id})
    house: Any = make.ctx()
    with acting(house):
        query = select(Place.contact_id).where(Place.named_id == land.id).order_by(Place.id)
        assert house.session.execute(query).scalars().all() == [own.id]


def test_the_page_of_a_territory_counts_whom_the_reader_sees(make: Make, as_role: AsRole) -> None:
    land = placed.territory(make, "Berlin", "postal DE 10")
    for name in ("A", "B"):
        placed.person(make, name, "Berlin", "10115")
    path = f"/territories/territory/{land.id}"
    assert "2 contacts" in as_role("manager").get(path).text
    assert "0 contacts" in as_role("representative", team="north").get(path).text
