"""Columns are understood by their headers, as programs write them in five languages."""

import pytest

from app.formats.csv_headers import guess_target, types_of_words
from app.formats.csv_table import header_mapping


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("First Name", "given_name"),
        ("FirstName", "given_name"),
        ("E-mail 2 - Value", "emails#2"),
        ("E-mail 2 Type", ""),
        ("Address 1 - Postal Code", "addresses.postal_code#1"),
        ("Business Street 2", "addresses.street_address#work"),
        ("Home Address 2", "addresses.extended_address#home"),
        ("Business Postal Code", "addresses.postal_code#work"),
        ("Mobile_Phone__c", "phones#cell"),
        ("NPSP__CONTACT2_LASTNAME__C", "family_name@2"),
        ("Account2 Zip/Postal Code", "addresses.postal_code#work@2"),
        ("Vorname", "given_name"),
        ("Straße geschäftlich", "addresses.street_address#work"),
        ("STRASSE PRIVAT", "addresses.street_address#home"),
        ("Fax privat", "phones#home-fax"),
        ("E-Mail 2: Adresse", "emails#2"),
        ("Prénom", "given_name"),
        ("Prenom", "given_name"),
        ("Code postal (bureau)", "addresses.postal_code#work"),
        ("Téléphone 2 (bureau)", "phones#work-2"),
        ("Apellidos", "family_name"),
        ("Teléfono móvil", "phones#cell"),
        ("Cumpleaños", "birthday"),
        ("Aniversario", "anniversary"),
        ("Aniversário", "birthday"),
        ("Telemóvel", "phones#cell"),
        ("CEP do endereço comercial", "addresses.postal_code#work"),
        ("Lead Status", ""),
        ("Record ID", ""),
        ("", ""),
    ],
)
def test_a_header_names_its_target(header: str, target: str) -> None:
    assert guess_target(header) == target


@pytest.mark.parametrize(
    ("header", "targets"),
    [
        (("Title", "First Name", "Job Title"), ("honorific_prefix", "given_name", "title")),
        (("Name", "Title", "Email"), ("formatted_name", "title", "emails")),
        (("Titre", "Prénom", "Nom", "Titre"), ("honorific_prefix", "given_name", "family_name", "title")),
        (("Nombre", "Apellidos"), ("given_name", "family_name")),
        (("Nombre", "Correo"), ("formatted_name", "emails")),
        (("Vorname", "Name"), ("given_name", "family_name")),
        (("Nome", "Sobrenome"), ("given_name", "family_name")),
    ],
)
def test_a_word_with_two_meanings_takes_what_the_others_leave(
    header: tuple[str, ...], targets: tuple[str, ...]
) -> None:
    assert tuple(header_mapping(header).values()) == targets


def test_a_single_field_is_taken_by_one_column_only() -> None:
    assert header_mapping(("Company", "Account", "Email", "Email")) == {
        0: "organization",
        2: "emails",
        3: "emails",
    }


def test_words_of_type_columns_are_types() -> None:
    assert types_of_words("* Home Fax") == (("home", "fax"), 1)
    assert types_of_words("Geschäftlich") == (("work",), None)
    assert types_of_words("Ferienhaus am See") == (("Ferienhaus am See",), None)
