"""A written name is taken apart as people of its country would."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import parse

from app.formats.name_parts import NameParts, split


@pytest.mark.parametrize(
    ("written", "language", "parts"),
    [
        ("Ana Lima", "", NameParts(given="Ana", family="Lima")),
        ("Lima, Ana Maria", "", NameParts(given="Ana", additional="Maria", family="Lima")),
        ("de la Cruz, María José", "", NameParts(given="María", additional="José", family="de la Cruz")),
        ("Ludwig van Beethoven", "", NameParts(given="Ludwig", family="van Beethoven")),
        ("Van Morrison", "", NameParts(given="Van", family="Morrison")),
        ("Mary St. John", "", NameParts(given="Mary", family="St. John")),
        ("João da Silva e Sousa", "pt", NameParts(given="João", family="da Silva e Sousa")),
        ("Maria de Fátima Lopes", "pt", NameParts(given="Maria", additional="de Fátima", family="Lopes")),
        ("Gabriel García Márquez", "es", NameParts(given="Gabriel", family="García Márquez")),
        ("José Ortega y Gasset", "", NameParts(given="José", family="Ortega y Gasset")),
        ("Jean-Luc DUPONT", "fr", NameParts(given="Jean-Luc", family="DUPONT")),
        ("VAN DEN BERG Jan", "", NameParts(given="Jan", family="VAN DEN BERG")),
        ("M. Dupont", "fr", NameParts(prefix="M.", family="Dupont")),
        ("M. Dupont", "", NameParts(given="M.", family="Dupont")),
        ("Prof. Dr. med. Eva von der Heide, MBA", "de",
         NameParts(prefix="Prof. Dr. med.", given="Eva", family="von der Heide", suffix="MBA")),
        ('William "Bill" Gates III', "", NameParts(given="William", family="Gates", suffix="III", nickname="Bill")),
        ("Martin Luther King Jr.", "", NameParts(given="Martin", additional="Luther", family="King", suffix="Jr.")),
        ("Ana Lima, PhD, MBA", "", NameParts(given="Ana", family="Lima", suffix="PhD, MBA")),
        ("Yo-Yo Ma", "", NameParts(given="Yo-Yo", family="Ma")),
        ("Dorothy E Winningham", "", NameParts(given="Dorothy", additional="E", family="Winningham")),
        ("Mr & Mrs John Smith", "", NameParts(prefix="Mr & Mrs", given="John", family="Smith")),
        ("Dr. Smith", "", NameParts(prefix="Dr.", family="Smith")),
        ("Nagy László", "hu", NameParts(given="László", family="Nagy")),
        ("Nguyễn Văn An", "", NameParts(given="An", additional="Văn", family="Nguyễn")),
        ("Иван Петрович Сидоров", "ru", NameParts(given="Иван", additional="Петрович", family="Сидоров")),
        ("田中太郎", "ja", NameParts(given="太郎", family="田中")),
        ("田中 太郎", "", NameParts(given="太郎", family="田中")),
        ("王小明", "", NameParts(given="小明", family="王")),
        ("欧阳娜娜", "", NameParts(given="娜娜", family="欧阳")),
        ("김민준", "", NameParts(given="민준", family="김")),
        ("남궁민수", "", NameParts(given="민수", family="남궁")),
        ("ジョン・スミス", "", NameParts(given="ジョン", family="スミス")),
        ("Madonna", "", NameParts(given="Madonna")),
        ("", "", NameParts()),
        (" , ", "", NameParts()),
        ("(Bob)", "", NameParts(given="Bob")),
    ],
)  # fmt: skip
def test_names_of_many_countries(written: str, language: str, parts: NameParts) -> None:
    assert split(written, language) == parts


TAGS = {
    "GivenName": "given", "FirstInitial": "given", "Surname": "family", "LastInitial": "family",
    "MiddleName": "additional", "MiddleInitial": "additional", "SuffixGenerational": "suffix",
    "SuffixOther": "suffix", "PrefixMarital": "prefix", "PrefixOther": "prefix", "Nickname": "nickname",
}  # fmt: skip


def bare(text: str) -> str:
    return " ".join("".join(char for char in text.lower() if char.isalnum() or char.isspace()).split())


def expected(name: Element) -> dict[str, str]:
    parts: dict[str, str] = dict.fromkeys(TAGS.values(), "")
    for label in name:
        parts[TAGS[label.tag]] += f" {label.text}"
    return {key: bare(value) for key, value in parts.items()}


def test_at_least_95_percent_of_labelled_names_are_right_in_every_part(shared_data: Path) -> None:
    names = list(parse(shared_data / "names/person_labeled.xml").getroot())
    of_one_person = [name for name in names if len(name) > 1 and all(part.tag in TAGS for part in name)]
    right = 0
    for name in of_one_person:
        parts = split(" ".join("".join(name.itertext()).split()))
        right += all(bare(getattr(parts, key)) == value for key, value in expected(name).items())
    assert len(of_one_person) > 1600
    assert right / len(of_one_person) >= 0.95


def test_no_word_of_a_name_is_lost(shared_data: Path) -> None:
    for name in parse(shared_data / "names/person_labeled.xml").getroot():
        written = " ".join("".join(name.itertext()).split())
        parts = split(written)
        kept = " ".join(
            [parts.prefix, parts.given, parts.additional, parts.family, parts.suffix, parts.nickname]
        )
        assert sorted(bare(kept).split()) == sorted(bare(written).split())
