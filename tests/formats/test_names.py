"""Names stand in the right order, under the right letter, with the same colour everywhere."""

from pathlib import Path

import pytest
from defusedxml.ElementTree import parse

from app.formats.names import NameParts, display_name, hue, initials, looks_like_company, sort_key

ANA = NameParts(prefix="Dr.", given="Ana", additional="Maria", family="de Lima", suffix="PhD")


@pytest.mark.parametrize(
    ("parts", "language", "shown"),
    [
        (ANA, "pt-PT", "Ana Maria de Lima"),
        (NameParts(given="László", family="Nagy"), "hu", "Nagy László"),
        (NameParts(given="An", additional="Văn", family="Nguyễn"), "vi", "Nguyễn Văn An"),
        (NameParts(given="太郎", family="田中"), "ja", "田中 太郎"),
        (NameParts(given="小明", family="王"), "zh", "王小明"),
        (NameParts(given="민준", family="김"), "en", "김민준"),
        (NameParts(given="ジョン", family="スミス"), "de", "ジョン スミス"),
        (NameParts(nickname="Bob"), "en", "Bob"),
        (NameParts(family="Smith"), "en", "Smith"),
        (NameParts(), "en", ""),
    ],
)
def test_the_display_name_has_the_order_of_the_language(parts: NameParts, language: str, shown: str) -> None:
    assert display_name(parts, language) == shown


def test_titles_are_shown_on_request() -> None:
    assert display_name(ANA, "en", with_titles=True) == "Dr. Ana Maria de Lima, PhD"
    junior = NameParts(given="Sammy", family="Davis", suffix="Jr.")
    assert display_name(junior, "en", with_titles=True) == "Sammy Davis Jr."


@pytest.mark.parametrize(
    ("parts", "formatted", "letters"),
    [
        (ANA, "", "AL"),
        (NameParts(given="太郎", family="田中"), "", "田"),
        (NameParts(given="Åse", family="Ødegård"), "", "ÅØ"),
        (NameParts(given="e\u0301ric"), "", "E\u0301"),
        (NameParts(given="हिमांशु", family="क्षत्रिय"), "", "हिक्"),
        (NameParts(given="(Bob)", family="'t Hooft"), "", "BH"),
        (NameParts(), "Ana Lima", "AL"),
        (NameParts(), "Acme Harbour Ltd", "AH"),
        (NameParts(), "👩🏽‍🚀 🙂", "👩🏽‍🚀"),
        (NameParts(), "🇵🇹", "🇵🇹"),
        (NameParts(), "  ", "?"),
    ],
)
def test_initials_are_what_a_reader_sees_as_letters(parts: NameParts, formatted: str, letters: str) -> None:
    assert initials(parts, formatted) == letters


def test_the_colour_of_a_name_never_changes() -> None:
    assert [hue("Ana Lima"), hue("ana lima "), hue("Łukasz"), hue("")] == [hue("ANA LIMA")] * 2 + [
        hue("Lukasz"),
        1,
    ]
    assert {hue(f"name {number}") for number in range(200)} == set(range(1, 9))


def test_people_sort_by_family_name_or_given_name_as_wished() -> None:
    people = [
        NameParts(given="Zoë", family="Adam"),
        NameParts(given="Ana", family="Zimmer"),
        NameParts(given="Mia"),
    ]
    assert [person.given for person in sorted(people, key=sort_key)] == ["Zoë", "Mia", "Ana"]
    by_given = sorted(people, key=lambda person: sort_key(person, order="given"))
    assert [person.given for person in by_given] == ["Ana", "Mia", "Zoë"]


@pytest.mark.parametrize(
    "name",
    ["Acme GmbH", "Blue Harbour, Lda.", "Smith & Sons", "M & J Asphalt", "University of Porto", "株式会社トヨタ",
     "ООО Ромашка", "Jimmy's Charhouse", "Café Central", "3M", "booking.com"],
)  # fmt: skip
def test_companies_are_recognised(name: str) -> None:
    assert looks_like_company(name)


@pytest.mark.parametrize(
    "name", ["Ana Lima", "Jim & Mary Smith", "Charlotte Church", "Madonna", "田中太郎", "Ana de Sá", ""]
)
def test_people_are_not_taken_for_companies(name: str) -> None:
    assert not looks_like_company(name)


def test_companies_and_people_of_the_labelled_lists_are_told_apart(shared_data: Path) -> None:
    def names(file: str) -> list[str]:
        return [
            " ".join("".join(name.itertext()).split())
            for name in parse(shared_data / "names" / file).getroot()
        ]

    people, companies = (
        names("person_labeled.xml"),
        [name for name in names("company_labeled.xml") if " " in name],
    )
    assert sum(map(looks_like_company, people)) <= 0.005 * len(people)
    assert sum(map(looks_like_company, companies)) >= 0.8 * len(companies)
