"""The catalogues fit the program: no translation raises when it is shown, and what runs is what people edit."""

from __future__ import annotations

from typing import Any

import pytest

from app.testing.clients import Person
from tests import translations


@pytest.mark.parametrize("owner", translations.OWNERS)
@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_no_translation_loses_or_invents_a_placeholder(language: str, owner: str) -> None:
    assert list(translations.wrong(translations.read(language, owner))) == []


@pytest.mark.parametrize("owner", translations.OWNERS)
@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_program_reads_what_people_edit(language: str, owner: str) -> None:
    assert translations.compiled(language, owner), "run: python -m tests.translations"


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de", ["Kontakte", "Suche", "Firmen"]),
        ("fr", ["Recherche", "Sociétés"]),
        ("es", ["Contactos", "Empresas", "Búsqueda"]),
        ("pt", ["Contactos", "Empresas", "Pesquisa"]),
    ],
)
def test_somebody_reads_kith_in_his_language(as_role: Any, locale: str, said: list[str]) -> None:
    person: Person = as_role("representative")
    person.post("/account", {"name": "Ana", "locale": locale, "zone": "", "theme": ""})
    page = person.get("/contacts").text
    assert f'lang="{locale}"' in page
    assert [word for word in said if word not in page] == []


def test_what_the_macros_say_is_translated() -> None:
    known = translations.merged("de", translations.template())
    assert [getattr(known.get(text), "string", "") for text in ("Close", "open")] == ["Schließen", "öffnen"]
