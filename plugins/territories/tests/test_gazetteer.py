from __future__ import annotations

import pytest

from .. import gazetteer
from ..gazetteer import locate, place


@pytest.mark.parametrize(
    ("address", "exact", "north", "east"),
    [
        ({"postal_code": "10115", "locality": "Berlin", "country_code": "DE"}, "postal_code", 52.53, 13.38),
        ({"locality": "Berlin", "country_code": "DE"}, "city", 52.52, 13.41),
        ({"postal_code": "00000", "locality": "München", "country_code": "DE"}, "city", 48.14, 11.58),
        ({"locality": "Springfield", "region": "IL", "country_code": "US"}, "city", 39.8, -89.64),
        ({"locality": "Springfield", "region": "MA", "country_code": "US"}, "city", 42.1, -72.59),
        ({"locality": "No such town", "region": "Bayern", "country_code": "DE"}, "region", 48.9, 11.3),
        ({"country_code": "AT"}, "country", 47.9, 15.5),
        ({"postal_code": "02134", "country_code": "US"}, "postal_code", 42.36, -71.13),
    ],
)
def test_an_address_is_found_as_exactly_as_it_is_known(
    address: dict[str, str], exact: str, north: float, east: float
) -> None:
    found = locate(address)
    assert found is not None
    assert found.exact == exact
    assert (found.latitude, found.longitude) == pytest.approx((north, east), abs=0.2)


def test_what_is_known_less_exactly_may_be_farther_off() -> None:
    metres = [
        found.metres
        for found in (
            locate({"postal_code": "80331", "country_code": "DE"}),
            locate({"locality": "München", "country_code": "DE"}),
            locate({"region": "Bayern", "country_code": "DE"}),
            locate({"country_code": "DE"}),
        )
        if found
    ]
    assert len(metres) == 4
    assert metres == sorted(metres)


@pytest.mark.parametrize("text", ["", "  ", ",", "no such place", "95, 200", "<b>"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert place(text) is None


@pytest.mark.parametrize(
    "text", ["48.137, 11.575", "München", "80331 München", "Munich, DE", "Munich, Germany"]
)
def test_a_place_is_typed_in_many_ways(text: str) -> None:
    found = place(text)
    assert found is not None
    assert (found.latitude, found.longitude) == pytest.approx((48.137, 11.575), abs=0.1)


def test_the_country_is_found_by_its_name_in_the_languages_of_the_house() -> None:
    names = ("Germany", "Deutschland", "Allemagne", "Alemania", "Alemanha")
    assert {gazetteer.country_code(name) for name in names} == {"DE"}
