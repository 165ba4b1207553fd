"""Numbers are understood in every country, shown as people there write them, and found by any part."""

import csv
import sys
from pathlib import Path

import pytest

from app.formats.phones import parse, query_digits, search_keys


def test_a_number_is_shown_nationally_at_home_and_internationally_abroad() -> None:
    phone = parse("+351912345678", "PT")
    assert (phone.e164, phone.kind, phone.valid) == ("+351912345678", "mobile", True)
    assert phone.shown("pt") == "912 345 678"
    assert phone.shown("DE") == "+351 912 345 678"
    assert phone.shown(None) == "+351 912 345 678"


@pytest.mark.parametrize(
    "written",
    [
        "030 1234567",
        "+49 (0)30 1234567",
        "0049 30 1234567",
        "+49-30-1234567",
        "tel:+49-30-1234567",
        "030/1234567",
    ],
)
def test_one_number_written_in_many_ways_is_one_number(written: str) -> None:
    assert parse(written, "DE").e164 == "+49301234567"


def test_an_extension_is_kept_apart_and_dialled() -> None:
    phone = parse("+1 (212) 555-0100 ext. 5", "US")
    assert (phone.e164, phone.extension) == ("+12125550100", "5")
    assert phone.tel_uri == "tel:+1-212-555-0100;ext=5"


@pytest.mark.parametrize(
    ("written", "uri"),
    [("112", "tel:112"), ("*100#", "tel:*100#"), ("555-1234", "tel:5551234"), ("ask Maria", ""), ("", "")],
)
def test_what_is_no_full_number_is_kept_and_dialled_as_it_stands(written: str, uri: str) -> None:
    phone = parse(written, "US")
    assert (phone.original, phone.shown("US"), phone.tel_uri) == (written, written, uri)
    assert (phone.e164, phone.valid) == ("", False)


def test_an_unknown_region_and_a_flood_of_digits_do_no_harm() -> None:
    assert parse("912345678", "XX").e164 == ""
    assert parse("1" * 100_000, "PT").e164 == ""
    assert parse("+351 912 345 678", "XX").valid


def test_chat_links_are_for_numbers_that_can_chat() -> None:
    assert parse("912 345 678", "PT").wa_digits == "351912345678"
    assert parse("0800 1234567", "DE").wa_digits == ""


def test_every_example_of_the_numbering_plans_is_understood(shared_data: Path) -> None:
    with (shared_data / "phones/phone_examples.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for row in rows:
        phone = parse(row["national"], row["region"])
        if phone.valid != (row["valid"] == "yes"):
            wrong.append(row)
        elif phone.valid:
            forms = (phone.e164, phone.national, phone.international, phone.tel_uri, phone.region)
            expected = (row["e164"], row["national"], row["international"], row["rfc3966"], row["region"])
            wrong += [(forms, expected)] if forms != expected else []
    assert len(rows) == 740
    assert wrong == []


def test_every_part_of_every_number_in_every_form_finds_it(shared_data: Path) -> None:
    with (shared_data / "phones/phone_examples.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["valid"] == "yes"]
    lost = []
    for row in rows:
        keys = search_keys(parse(row["e164"])).split()
        forms = [row["e164"], "00" + row["e164"][1:], row["national"], row["international"], row["rfc3966"]]
        parts = [row["national"][2:], row["international"][4:], row["national"][-4:], row["e164"][3:8]]
        for typed in forms + parts:
            if not any(reading in key for reading in query_digits(typed) for key in keys):
                lost.append((typed, keys))
    assert lost == []


def test_a_search_for_words_is_no_search_for_digits() -> None:
    assert query_digits("Studio 54") == ()
    assert query_digits("+49 (0) 30 12") == ("4903012", "493012")


def test_the_large_tables_of_places_and_carriers_are_never_loaded() -> None:
    parse("+351912345678", "PT")
    assert not {"phonenumbers.geocoder", "phonenumbers.carrier", "phonenumbers.timezone"} & set(sys.modules)
