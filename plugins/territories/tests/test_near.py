from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from app.sdk.services import acting
from app.testing.factories import Make

from .. import drawing, grid, near, tiles, viewport
from . import placed

HERE = (52.52, 13.405)


def test_the_nearest_come_first_and_none_is_left_out(make: Make) -> None:
    chance, where = random.Random(2), {}
    for number in range(40):
        one = make.contact(given_name=f"P{number}")
        at = HERE[0] + chance.gauss(0, 0.3), HERE[1] + chance.gauss(0, 0.5)
        placed.put(make, one.id, *at)
        where[one.id] = grid.km_between(HERE, at)
    ctx = make.ctx()
    with acting(ctx):
        found = near.nearest(ctx, "contact", HERE, 25, 10)
        count = near.count(ctx, "contact", HERE, 25)
    inside = sorted((km, number) for number, km in where.items() if km <= 25)
    assert [number for number, _km in found] == [number for _km, number in inside[:10]]
    assert count == pytest.approx(len(inside), abs=1)


def test_across_the_date_line_neighbours_are_near(make: Make) -> None:
    fiji = make.contact(given_name="Fiji")
    placed.put(make, fiji.id, -17.0, -179.95)
    ctx = make.ctx()
    with acting(ctx):
        ((number, km),) = near.nearest(ctx, "contact", (-17.0, 179.95), 25)
    assert number == fiji.id
    assert km == pytest.approx(10.6, abs=0.2)


def test_only_what_somebody_may_see_is_near_counted_and_on_the_map(make: Make) -> None:
    mine, other = make.user("representative", team="north"), make.user("representative", team="south")
    for number, owner in enumerate((mine, mine, other)):
        one = make.contact(given_name=f"P{number}", owner=owner)
        placed.put(make, one.id, *HERE)
    ctx = make.ctx()
    with acting(ctx):
        tiles.rebuild(ctx)
    for user, expected in ((mine, 2), (other, 1)):
        ctx = make.ctx(user)
        with acting(ctx):
            assert len(near.nearest(ctx, "contact", HERE, 25)) == expected
            assert near.count(ctx, "contact", HERE, 25) == expected
            for box in (drawing.WORLD, (13.0, 52.3, 13.8, 52.7)):
                assert viewport.look(ctx, drawing.Frame.of(box)).count == expected


def test_clusters_hold_everybody_in_the_picture(make: Make) -> None:
    for number in range(12):
        one = make.contact(given_name=f"P{number}")
        placed.put(make, one.id, 52 + number / 100, 13 + number / 100)
    outside = make.contact(given_name="Far")
    placed.put(make, outside.id, -30, 140)
    ctx = make.ctx()
    with acting(ctx):
        tiles.rebuild(ctx)
        europe = viewport.look(ctx, drawing.Frame.of(drawing.EUROPE))
        close = viewport.look(ctx, drawing.Frame.of((12.9, 51.9, 13.3, 52.2)))
    assert (europe.count, close.count, close.whole) == (12, 12, True)
    assert len(close.clusters) > len(europe.clusters)


def test_near_me_shows_people_by_distance_in_two_taps(as_role: Callable[..., Any], make: Make) -> None:
    placed.person(make, "Ana", "Berlin", "10115")
    placed.person(make, "Bob", "Potsdam", "14467")
    page = as_role("admin").get("/territories/near?place=Berlin&km=50")
    assert page.text.index("Ana") < page.text.index("Bob")
    assert "2 within 50" in page.text
    assert 'href="/territories/near"' in as_role("admin").get("/").text


def test_an_unknown_place_is_said_and_a_place_is_text(as_role: Callable[..., Any]) -> None:
    page = as_role("admin").get("/territories/near?place=%3Cscript%3Ealert(1)%3C/script%3E&km=nan")
    assert "This place is not known." in page.text
    assert "<script>alert" not in page.text


def test_a_record_out_of_sight_is_no_place(as_user: Callable[..., Any], make: Make) -> None:
    mine = make.user("representative", team="north")
    secret = make.contact(given_name="Secret", owner=make.user("representative", team="south"))
    placed.put(make, secret.id, *HERE)
    page = as_user(mine).get(f"/territories/near?of=contact:{secret.id}")
    assert "Secret" not in page.text
    assert "Around" not in page.text
    assert as_user(mine).get(f"/territories/near?of=contact:{'9' * 30}").status_code == 200
