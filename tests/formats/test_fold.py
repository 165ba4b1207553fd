"""Names are found however they are typed, and sorted where people look for them."""

import csv
import json
from pathlib import Path

import pytest

from app.formats.fold import deletions, digits, doc, fold, found, name_key, one_typo_apart, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łukasz Ødegård", "lukasz odegard"),
        ("STRASSE Straße", "strasse strasse"),
        ("Þórður Æsir Œuvre", "thordur aesir oeuvre"),
        ("İstanbul Işık", "istanbul isik"),
        ("Đặng Thị", "dang thi"),
        ("ﬁancé Ⅳ ²", "fiance iv 2"),
        ("ＡＢＣ ｶﾀｶﾅ", "abc かたかな"),
        ("Ёлка Йод", "елка иод"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("١٢٣", "123"),
        ("김민준", "김민준"),
        ("A\u200bn\u00ada", "ana"),
    ],
)
def test_folding_removes_what_people_leave_out(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Müller", "mueller"),
        ("Mueller", "Müller"),
        ("Sinéad O'Brien", "obrien"),
        ("Sinéad O'Brien", "o’brien sinead"),
        ("Sinéad O'Brien", "brien"),
        ("Jean-Luc Picard", "jeanluc"),
        ("Đorđe", "djordje"),
        ("田中太郎", "太郎"),
        ("田中太郎", "中太郎"),
        ("タナカ", "たなか"),
        ("김민준", "민준"),
        ("ana.lima@acme.pt", "ana.lima@acme"),
        ("João Félix", "FELIX joao"),
    ],
)
def test_a_name_is_found_as_people_type_it(stored: str, typed: str) -> None:
    assert found(typed, doc(stored))


def test_a_name_is_not_found_by_another_name() -> None:
    assert not found("joana", doc("João Félix"))
    assert not found("", doc("João Félix"))
    assert not found("!!! 🙂", doc("João Félix"))


def test_every_name_of_the_world_is_found_by_itself_and_by_its_beginning(shared_data: Path) -> None:
    with (shared_data / "names/common-forenames-by-country.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    names = {row[column] for row in rows for column in ("Localized Name", "Romanized Name") if row[column]}

    lost = [name for name in names if not found(name, doc(name)) or not found(name[:2], doc(name))]
    unstable = [name for name in names if fold(fold(name)) != fold(name)]

    assert len(names) > 1500
    assert (lost, unstable) == ([], [])


def test_no_naughty_string_breaks_the_index(shared_data: Path) -> None:
    for text in json.loads((shared_data / "security/blns/blns.json").read_text(encoding="utf-8")):
        assert "\x00" not in doc(text)
        assert found(text, doc(text)) or not words(text)


def test_the_document_holds_each_word_once_and_ends_at_the_limit() -> None:
    assert doc("Ana Lima", None, "ana", "Acme") == "ana lima acme"
    assert doc(*(f"word{number}" for number in range(50)), limit=3) == "word0 word1 word2"
    assert max(map(len, doc("x" * 5000).split())) == 64


def test_digits_of_every_script_are_numbers() -> None:
    assert digits("+351 (912) ٣٤٥-६७८") == "351912345678"


def test_people_are_sorted_by_family_name_without_accents() -> None:
    people = [("Wei", "Li"), ("An", "Liang"), ("Åke", "Öberg"), ("Zoë", "Oberg"), ("Ana", "de la Cruz")]
    ordered = sorted(people, key=lambda person: name_key(*person, formatted=""))
    assert [given for given, _ in ordered] == ["Ana", "Wei", "An", "Åke", "Zoë"]
    assert sorted(people, key=lambda person: name_key(*person, formatted="", order="given"))[0] == (
        "Åke",
        "Öberg",
    )


def test_a_name_of_one_word_or_none_still_has_a_place() -> None:
    assert name_key("", "", "Madonna") == "madonna"
    assert name_key("", "", "★") == "★"


@pytest.mark.parametrize("typed", ["mrija", "maija", "marija", "mari", "amria", "mariaa"])
def test_deletions_meet_when_there_is_one_typo(typed: str) -> None:
    def family(word: str) -> set[str]:
        return {word} | deletions(word)

    assert family(typed) & family("maria")


def test_one_typo_is_told_from_two() -> None:
    near = ["mario", "maia", "amria", "mariaa", "maria"]
    far = ["marlo", "mraai", "airam", "mar", ""]
    assert all(one_typo_apart("maria", word) for word in near)
    assert not any(one_typo_apart("maria", word) for word in far)
