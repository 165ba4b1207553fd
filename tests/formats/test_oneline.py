"""A line or a signature, in whatever order and language, is understood, and no word of it is lost."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.fold import words
from app.formats.oneline import Understood, understand


def facts(found: Understood) -> tuple[str, str, str, str]:
    return found.given_name, found.family_name, found.title, found.organization


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ana Lima, CFO at Acme, ana@acme.pt, +351 912 345 678", ("Ana", "Lima", "CFO", "Acme")),
        ("ana@acme.pt +351 912 345 678 Acme; CFO; Ana Lima", ("Ana", "Lima", "CFO", "Acme")),
        ("Ana Lima CFO Acme ana@acme.pt 912345678", ("Ana", "Lima", "CFO", "Acme")),
        ("Ana Lima | Senior Software Engineer @ Google", ("Ana", "Lima", "Senior Software Engineer", "Google")),
        ("Jane Doe, Head of Sales and Marketing, Acme Inc.", ("Jane", "Doe", "Head of Sales and Marketing", "Acme Inc.")),
        ("Sarah Connor, VP of Engineering at Cyberdyne", ("Sarah", "Connor", "VP of Engineering", "Cyberdyne")),
        ("Founder of Acme: Ana Lima", ("Ana", "Lima", "Founder", "Acme")),
        ("Hans Müller, Geschäftsführer der Müller GmbH", ("Hans", "Müller", "Geschäftsführer", "Müller GmbH")),
        ("Lisa Berg Vertriebsleiterin bei den Stadtwerken Bonn", ("Lisa", "Berg", "Vertriebsleiterin", "Stadtwerken Bonn")),
        ("Jean Dupont, directeur commercial chez Renault", ("Jean", "Dupont", "directeur commercial", "Renault")),
        ("María García López, directora de ventas en Telefónica, maria@telefonica.es",
         ("María", "García López", "directora de ventas", "Telefónica")),
        ("João Silva - Diretor Comercial na Sonae", ("João", "Silva", "Diretor Comercial", "Sonae")),
        ("Maria do Carmo Sousa, gerente da Padaria Sousa", ("Maria", "Sousa", "gerente", "Padaria Sousa")),
        ("Ana from Acme", ("Ana", "", "", "Acme")),
        ("Ana Lima (Acme)", ("Ana", "Lima", "", "Acme")),
        ("ana lima, acme", ("ana", "lima", "", "acme")),
        ("Lima, Ana; Acme, Lda.; ana.lima@acme.pt", ("Ana", "Lima", "", "Acme, Lda.")),
        ("O'Brien, Pat, pat.obrien@gmail.com", ("Pat", "O'Brien", "", "")),
        ("Bill Gates III, Microsoft", ("Bill", "Gates", "", "Microsoft")),
        ("田中太郎, 株式会社トヨタ", ("太郎", "田中", "", "株式会社トヨタ")),
        ("Acme GmbH", ("", "", "", "Acme GmbH")),
        ("Peter", ("Peter", "", "", "")),
        ("Ana Lima, Portugal", ("Ana", "Lima", "", "")),
        ("", ("", "", "", "")),
    ],
)  # fmt: skip
def test_who_what_and_where_in_any_order_and_language(line: str, expected: tuple[str, str, str, str]) -> None:
    assert facts(understand(line, "PT")) == expected


def test_addresses_numbers_and_links_are_taken_with_their_labels() -> None:
    found = understand(
        "Ana Lima <Ana@ACME.pt>, Tel.: 212 345 678, Telemóvel: 912 345 678, Fax +351 212 345 679, "
        "e-mail: ana@gmail.com, www.acme.pt, linkedin.com/in/ana", "PT"
    )  # fmt: skip
    assert found.emails == ("Ana@acme.pt", "ana@gmail.com")
    assert list(zip(found.phones, found.phone_types, strict=True)) == [
        ("212 345 678", "voice"), ("912 345 678", "cell"), ("+351 212 345 679", "fax"),
    ]  # fmt: skip
    assert found.urls == ("https://www.acme.pt", "https://linkedin.com/in/ana")
    assert found.note == ""


def test_a_signature_of_several_lines() -> None:
    found = understand(
        "Mit freundlichen Grüßen\n\nProf. Dr. Eva von der Heide, MBA\nLeiterin Vertrieb\nBlue Harbour AG\n"
        "Hauptstr. 1, 10115 Berlin\nTel.: +49 (0)30 1234567 | Fax: +49 (0)30 1234568\n"
        "E-Mail: eva.heide@blue-harbour.de\nhttps://www.blue-harbour.de", "DE"
    )  # fmt: skip
    assert (found.prefix, found.suffix, found.formatted_name) == (
        "Prof. Dr.",
        "MBA",
        "Prof. Dr. Eva von der Heide, MBA",
    )
    assert facts(found) == ("Eva", "von der Heide", "Leiterin Vertrieb", "Blue Harbour AG")
    assert found.phones == ("+49 (0)30 1234567", "+49 (0)30 1234568")
    assert found.note == "Hauptstr. 1, 10115 Berlin"


def test_what_an_address_tells_is_a_guess_and_said_to_be_one() -> None:
    found = understand("ana.lima@blue-harbour.pt")
    assert facts(found) == ("Ana", "Lima", "", "Blue Harbour")
    assert found.guessed == {"formatted_name", "organization"}
    assert facts(understand("info@acme.pt")) == ("", "", "", "Acme")
    assert facts(understand("ana@gmail.com")) == ("Ana", "", "", "")
    assert facts(understand("Tom Hanks, tom@hanks.com")) == ("Tom", "Hanks", "", "")


def test_other_words_become_a_note() -> None:
    found = understand(
        "met at the fair, wants a quote for 20 chairs, Ana Lima, CFO, Acme, born 12.04.1980", "PT"
    )
    assert facts(found) == ("Ana", "Lima", "CFO", "Acme")
    assert found.note == "met at the fair, wants a quote for 20 chairs, born 12.04.1980"
    assert (
        understand("Mr John Smith, 12 High Street, London SW1A 1AA").note == "12 High Street, London SW1A 1AA"
    )


def test_the_rest_of_a_letter_is_kept() -> None:
    letter = "Ana Lima, CFO at Acme\n" + "word " * 2000
    found = understand(letter)
    assert facts(found) == ("Ana", "Lima", "CFO", "Acme")
    assert found.note.count("word") == 2000


JOINING = set("at na bei der den the from chez en of da de".split())  # noqa: SIM905
WORDS = [
    "Ana Lima",
    "CFO",
    "Acme Lda",
    "likes tea",
    "Rua Augusta 12",
    "Porto",
    "12.04.1980",
    "VIP",
    "x",
    "ana@acme.pt",
    "912 345 678",
]


@given(st.lists(st.sampled_from(WORDS), max_size=7), st.sampled_from([", ", "; ", "\n", " | ", " - "]))
def test_no_word_is_lost_whatever_the_order(pieces: list[str], separator: str) -> None:
    found = understand(separator.join(pieces), "PT")
    kept = " ".join(
        [found.formatted_name, found.title, found.organization, found.note, *found.emails, *found.phones]
    )
    assert set(words(" ".join(pieces))) - JOINING <= set(words(kept))


def test_no_naughty_string_is_an_error(shared_data: Path) -> None:
    for text in json.loads((shared_data / "security/blns/blns.json").read_text(encoding="utf-8")):
        assert isinstance(understand(text, "PT"), Understood)


def test_real_signatures_tell_name_mail_and_phone(shared_data: Path) -> None:
    folder = next((shared_data / "emails").rglob("long_signature"))
    found = understand(folder.read_text(encoding="utf-8"), "US")
    assert (found.given_name, found.emails, found.phones) == (
        "Gina",
        ("gina@example.com",),
        ("(555) 346-9947",),
    )
