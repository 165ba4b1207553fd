"""Who is taken for the same, and who is not: one pair each, as people would judge it."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import dedupe_blocking, dedupe_score
from app.services.dedupe_profile import company, person
from app.services.dedupe_score import BAR

HOME = {"street_address": "7 Wallaby Place", "locality": "Cleveland", "postal_code": "2119"}


def points(one: dict[str, Any], other: dict[str, Any], make: Any = person) -> float:
    return dedupe_score.compare(make(**one), make(**other)).points


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"given": "Bob", "family": "Sondergeld"}, {"given": "Robert", "family": "Sondergeld"}),
        ({"given": "Dmitry", "family": "Shchukin"}, {"given": "Дмитрий", "family": "Щукин"}),
        ({"given": "Jürgen", "family": "Müller"}, {"given": "Juergen", "family": "Mueller"}),
        ({"given": "Wei", "family": "Zhang"}, {"given": "Zhang", "family": "Wei"}),
        ({"given": "Ana", "family": "Ferreira"}, {"given": "Ana", "family": "Ferriera"}),
        ({"given": "J.", "family": "Okonkwo", "phones": ["+351912345678"]}, {"given": "Joy", "family": "Okonkwo", "phones": ["00351 912 345 678"]}),
        ({"given": "Ana", "family": "Lima", "mails": ["ana@example.org"]}, {"given": "A.", "mails": ["Ana@Example.org"]}),
        ({"given": "Ana", "family": "Costa", "born": "1980-04-12"}, {"given": "Ana", "family": "Costa", "born": "--04-12"}),
    ],
)  # fmt: skip
def test_the_same_person_is_seen_through_other_spellings(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert points(one, other) >= BAR
    shared = set(dedupe_blocking.keys(person(**one))) & set(dedupe_blocking.keys(person(**other)))
    assert shared, "they would never be compared"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"given": "Ana", "family": "Lima"}, {"given": "Rui", "family": "Lima"}),
        ({"given": "Ana", "family": "Lima", "addresses": [HOME], "phones": ["+351213456789"]}, {"given": "Rui", "family": "Lima", "addresses": [HOME], "phones": ["+351213456789"]}),
        ({"given": "Ana", "family": "Lima", "mails": ["info@lima.pt"]}, {"given": "Rui", "family": "Reis", "mails": ["info@lima.pt"]}),
        ({"given": "John", "family": "Smith", "born": "1951-07-13"}, {"given": "John", "family": "Smith", "born": "1986-01-02"}),
    ],
)  # fmt: skip
def test_those_who_share_much_are_still_two(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert points(one, other) < BAR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Acme Ltd", "domains": ["acme.example"]}, {"name": "ACME Limited", "domains": ["www.acme.example"]}),
        ({"name": "Brightwater Consulting GmbH"}, {"name": "Brigthwater Consulting"}),
        ({"name": "Hauser & Söhne", "codes": ["DE 123 456 789"]}, {"name": "Hauser", "codes": ["DE123456789"]}),
    ],
)  # fmt: skip
def test_the_same_company_is_seen(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert points(one, other, company) >= BAR - 2.5
    assert set(dedupe_blocking.keys(company(**one))) & set(dedupe_blocking.keys(company(**other)))


def test_branches_that_are_counted_are_not_one_company() -> None:
    first = {"name": "Teddy Bear Nursery 3", "addresses": [{"street_address": "5160 South Pulaski Road"}]}
    second = {"name": "Teddy Bear Nursery 5", "addresses": [{"street_address": "6401 South Pulaski Road"}]}
    assert points(first, second, company) < BAR


def test_a_number_that_rings_in_two_towns_tells_less_than_one_in_the_same_town() -> None:
    def house(name: str, street: str, town: str) -> dict[str, Any]:
        place = {"street_address": street, "locality": town}
        return {"name": name, "phones": ["212 371 8844"], "addresses": [place]}

    here = house("Shun Lee West", "43 West 65th Street", "New York")
    beside = house("Shun Lee Palace", "155 East 55th Street", "New York City")
    away = house("Shun Lee Palace", "155 East 55th Street", "Chicago")
    assert points(here, beside, company) >= BAR > points(here, away, company)


def test_reasons_are_told_with_the_weightiest_first() -> None:
    one = person(given="Bob", family="Sondergeld", mails=["bob@example.org"], born="1980-04-12")
    other = person(given="Robert", family="Sondergeld", mails=["bob@example.org"], born="1980-12-04")
    found = dedupe_score.compare(one, other)
    assert found.reasons == ("email", "name_near", "born_near")
    assert 95 < found.percent <= 99
