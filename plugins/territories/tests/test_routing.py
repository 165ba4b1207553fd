from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

from app.testing.factories import Make

from .. import routing
from ..routing import Day, Stop
from . import placed


def stops(count: int, seed: int) -> list[Stop]:
    chance = random.Random(seed)
    return [Stop("contact", i, (50 + chance.random(), 8 + chance.random()), 30) for i in range(count)]


@pytest.mark.parametrize("seed", range(6))
def test_the_route_is_about_as_short_as_the_best(seed: int) -> None:
    day, some = Day(start=(50.5, 8.5)), stops(7, seed)
    best = min(routing.length(day, list(order)) for order in itertools.permutations(some))
    assert routing.length(day, routing.ordered(day, some)) <= best * 1.05


def test_every_stop_is_visited_once() -> None:
    day, some = Day(start=(50.5, 8.5)), stops(25, 1)
    assert sorted(stop.record_id for stop in routing.ordered(day, some)) == list(range(25))


def test_hours_are_kept_even_if_the_way_is_longer() -> None:
    day = Day(start=(50.0, 8.0), begins=9 * 60, back=False)
    near = Stop("contact", 1, (50.01, 8.0), 30, opens=14 * 60)
    far = Stop("contact", 2, (50.3, 8.0), 30, closes=11 * 60)
    assert [leg.stop.record_id for leg in routing.legs(day, routing.ordered(day, [near, far]))] == [2, 1]
    assert all(leg.late == 0 for leg in routing.legs(day, routing.ordered(day, [near, far])))


@pytest.mark.parametrize("text", ["9-8", "x", "25-26", "-"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        routing.hours(stops(1, 1)[0], text)


def test_the_page_orders_visits_and_leaves_out_who_may_not_be_seen(
    as_user: Callable[..., Any], make: Make
) -> None:
    mine = make.user("representative", team="north")
    ana = placed.person(make, "Ana", "Berlin", "10115", owner=mine)
    bob = placed.person(make, "Bob", "Potsdam", "14467", owner=mine)
    secret = placed.person(make, "Secret", "Berlin", "10117", owner=make.user("representative", team="south"))
    page = as_user(mine).get(
        f"/territories/route?stops=contact:{bob.id},contact:{ana.id},contact:{secret.id},x:1,contact:x&start=Berlin"
    )
    assert page.status_code == 200
    assert page.text.index("Ana") < page.text.index("Bob")
    assert "Secret" not in page.text
    assert "geo:52." in page.text
