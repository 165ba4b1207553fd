from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from app.sdk import Invalid
from app.sdk.models import Affiliation
from app.sdk.services import acting, records
from app.testing.factories import Make

from .. import assigning, explaining, geometry, history, matching, placing, previewing
from ..grid import cell
from ..models import Place, Territory
from . import placed
from .placed import TERRITORY


def square(west: float, south: float, east: float, north: float) -> str:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def test_each_kind_of_border_has_its_records(make: Make) -> None:
    placed.territory(make, "Austria", "country AT")
    placed.territory(make, "Bavaria", "region DE Bayern")
    placed.territory(make, "Berlin", "postal DE 10000-14999")
    placed.territory(make, "Around Hamburg", "within 30 km of Hamburg")
    placed.territory(make, "Drawn", shape=square(6, 50, 8, 52))
    people = {
        "Austria": placed.person(make, "A", "Wien", "1010", "AT"),
        "Berlin": placed.person(make, "B", "Berlin", "10115"),
        "Around Hamburg": placed.person(make, "C", "Hamburg", "20095"),
        "Drawn": placed.person(make, "D", "Köln", "50667"),
        "": placed.person(make, "E", "Leipzig", "04109"),
    }
    bavarian = make.contact(given_name="F", addresses=placed.address("München", region="Bayern"))
    placed.look_up(make, bavarian.id)
    found = placed.belongs(make)
    assert {name: found[one.id] for name, one in people.items()} == {name: name for name in people}
    assert found[bavarian.id] == "Bavaria"


def test_leading_zeros_of_postal_codes_count(make: Make) -> None:
    placed.territory(make, "New England", "postal US 01000-06999")
    boston = placed.person(make, "A", "Boston", "02134", "US")
    chicago = placed.person(make, "B", "Chicago", "60601", "US")
    found = placed.belongs(make)
    assert (found[boston.id], found[chicago.id]) == ("New England", "")


def test_of_several_the_priority_decides_then_the_tree(make: Make) -> None:
    top = placed.territory(make, "Germany", "country DE")
    placed.territory(make, "Berlin", "postal DE 10", parent_id=top.id)
    placed.territory(make, "Key towns", "postal DE 80", priority=5)
    placed.territory(make, "Munich", "postal DE 80331", parent_id=top.id)
    berlin = placed.person(make, "A", "Berlin", "10115")
    munich = placed.person(make, "B", "München", "80331")
    leipzig = placed.person(make, "C", "Leipzig", "04109")
    found = placed.belongs(make)
    assert [found[p.id] for p in (berlin, munich, leipzig)] == ["Berlin", "Key towns", "Germany"]
    ctx = make.ctx()
    with acting(ctx):
        reasons = explaining.explain(ctx, "contact", munich.id)
    assert [(r.name, r.has) for r in reasons] == [("Key towns", True), ("Munich", False), ("Germany", False)]
    assert "80331" in reasons[0].why
    assert "priority" in reasons[1].behind


def test_a_condition_must_hold_besides(make: Make) -> None:
    placed.territory(make, "German customers", "country DE", condition="stage = customer", priority=1)
    placed.territory(make, "Germany", "country DE")
    ana = placed.person(make, "Ana", "Berlin", "10115", lifecycle_stage="customer")
    bob = placed.person(make, "Bob", "Berlin", "10115")
    found = placed.belongs(make)
    assert (found[ana.id], found[bob.id]) == ("German customers", "Germany")


def test_a_named_account_stays_with_its_territory(as_role: Callable[..., Any], make: Make) -> None:
    placed.territory(make, "Germany", "country DE", priority=100)
    key = placed.territory(make, "Key accounts")
    ana = placed.person(make, "Ana", "Berlin", "10115")
    as_role("admin").post(
        "/action/territories/name_contact", {"sent": "1", "id": ana.id, "territory": key.id}
    )
    assert placed.belongs(make)[ana.id] == "Key accounts"
    assert placed.everything(make) == 0


def test_only_what_changes_is_written_and_what_was_before_is_kept(make: Make, clock: Any) -> None:
    clock.set("2026-03-01T09:00")
    west = placed.territory(make, "West", shape=square(6, 47, 10, 55))
    placed.territory(make, "East", shape=square(10, 47, 15, 55))
    near, far = make.contact(given_name="Near"), make.contact(given_name="Far")
    placed.put(make, near.id, 50.0, 9.5)
    placed.put(make, far.id, 50.0, 14.0)
    assert placed.everything(make) == 2
    assert placed.everything(make) == 0
    clock.set("2026-04-01T09:00")
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, TERRITORY, west.id, {"shape": square(6, 47, 9, 55)})
        records.create(ctx, TERRITORY, {"name": "Middle", "shape": square(9, 47, 10, 55)})
    assert placed.everything(make) == 1
    assert placed.belongs(make)[near.id] == "Middle"
    ctx = make.ctx()
    with acting(ctx):
        (stay,) = history.of(ctx, placing.of(ctx, "contact", [near.id])[near.id])
    assert (stay.name, stay.until.date().isoformat()) == ("West", "2026-04-01")


def test_a_territory_is_in_force_on_its_days_only(make: Make, clock: Any) -> None:
    clock.set("2026-03-01T09:00")
    placed.territory(make, "Summer", "country DE", valid_from="2026-06-01", valid_until="2026-08-31")
    ana = placed.person(make, "Ana", "Berlin", "10115")
    assert placed.belongs(make)[ana.id] == ""
    clock.set("2026-07-01T09:00")
    placed.everything(make)
    assert placed.belongs(make)[ana.id] == "Summer"
    clock.set("2026-09-01T09:00")
    placed.everything(make)
    assert placed.belongs(make)[ana.id] == ""


def test_the_preview_says_what_moves_and_writes_nothing(make: Make) -> None:
    placed.territory(make, "Germany", "country DE")
    for number in range(3):
        placed.person(make, f"P{number}", "Berlin", "10115")
    placed.person(make, "Q", "München", "80331")
    ctx = make.ctx()
    with acting(ctx):
        draft = Territory(
            id=0, name="Berlin", borders="postal DE 10", shape="", condition="", priority=1, marks=False
        )
        draft.valid_from = draft.valid_until = ""
        found = previewing.of(ctx, draft)
    assert [(m.before, m.after, m.count) for m in found.moves] == [("Germany", "Berlin", 3)]
    assert found.whole
    assert set(placed.belongs(make).values()) == {"Germany"}


def test_records_follow_to_the_owner_of_their_territory(make: Make, run_jobs: Callable[[], int]) -> None:
    user = make.user("representative")
    ana = placed.person(make, "Ana", "Berlin", "10115")
    placed.territory(make, "Germany", "country DE", owner_id=user.id, follows=True)
    while run_jobs():
        pass
    ctx = make.ctx()
    with acting(ctx):
        assert records.get(ctx, "contact", ana.id).owner_id == user.id


def test_what_cannot_be_understood_is_refused_with_a_sentence(make: Make) -> None:
    top = placed.territory(make, "Top")
    below = placed.territory(make, "Below", parent_id=top.id)
    ctx = make.ctx()
    wrong = {
        "borders": "planet Mars",
        "shape": '{"type": "Point", "coordinates": [1, 2]}',
        "condition": "nothing = such",
        "parent_id": below.id,
    }
    for name, value in wrong.items():
        with acting(ctx), pytest.raises(Invalid) as refused:
            records.update(ctx, TERRITORY, top.id, {name: value})
        assert list(refused.value.problems) == [name]


def test_the_engine_says_what_plain_ray_casting_says(make: Make) -> None:
    chance = random.Random(5)
    ready, shapes = [], {}
    for number in range(1, 41):
        middle = chance.uniform(-20, 20), chance.uniform(-20, 20)
        ring = [
            (middle[0] + chance.uniform(2, 9) * x, middle[1] + chance.uniform(2, 9) * y) for x, y in CIRCLE
        ]
        shapes[number] = [[ring]]
        one = Territory(
            id=number,
            name=f"T{number}",
            borders="",
            shape=geometry.written([[ring]]),
            condition="",
            marks=False,
        )
        one.priority = number % 5
        ready.append(matching.ready(make.ctx(), one))
        shapes[number] = geometry.read(one.shape)
    found = matching.Territories(ready)
    rank = {one.id: i for i, one in enumerate(found.all)}
    rows = [_row(i, chance.uniform(-35, 35), chance.uniform(-35, 35)) for i in range(1, 501)]
    decided = found.decide(rows, lambda territory, ids: set())
    for row, (winner, _marks) in zip(rows, decided, strict=True):
        plain = [n for n, s in shapes.items() if geometry.holds(s, row.latitude or 0, row.longitude or 0)]
        assert winner == min(plain, key=rank.__getitem__, default=None)


CIRCLE = [(1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7)]


def _row(number: int, latitude: float, longitude: float) -> matching.Row:
    return matching.Row(
        number, number, latitude, longitude, cell(latitude, longitude), "", "", "", None, None
    )


def test_a_changed_address_is_looked_up_again_and_a_pin_stays(
    make: Make, run_jobs: Callable[[], int]
) -> None:
    ana = make.contact(given_name="Ana", addresses=placed.address("Berlin", "10115"))
    while run_jobs():
        pass
    ctx = make.ctx()
    with acting(ctx):
        first = placing.of(ctx, "contact", [ana.id])[ana.id].latitude
        records.update(ctx, "contact", ana.id, {"addresses": placed.address("München", "80331")})
    while run_jobs():
        pass
    ctx = make.ctx()
    with acting(ctx):
        place: Place = placing.of(ctx, "contact", [ana.id])[ana.id]
        assert first == pytest.approx(52.5, abs=0.1)
        assert place.latitude == pytest.approx(48.1, abs=0.1)
        placing.pin(ctx, "contact", ana.id, (47.0, 8.0))
        records.update(ctx, "contact", ana.id, {"addresses": placed.address("Hamburg", "20095")})
    while run_jobs():
        pass
    ctx = make.ctx()
    with acting(ctx):
        assert placing.of(ctx, "contact", [ana.id])[ana.id].latitude == 47.0


def test_who_has_no_address_is_where_the_company_is(make: Make) -> None:
    firm = make.company(name="Acme", addresses=placed.address("Hamburg", "20095"))
    ana = make.contact(given_name="Ana")
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        ctx.session.add(Affiliation(contact_id=ana.id, company_id=firm.id, is_primary=True))
    ctx = make.ctx()
    with acting(ctx):
        assert placing.addresses(ctx, "contact", [ana.id])[ana.id]["locality"] == "Hamburg"
        assert assigning.some(ctx, "contact", [ana.id]) == 0
