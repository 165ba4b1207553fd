"""The catalogues fit the program: no translation raises when it is shown, and what runs is what people edit."""

from __future__ import annotations

import pytest

from tests import translations


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_no_translation_loses_or_invents_a_placeholder(language: str) -> None:
    assert list(translations.wrong(translations.read(language))) == []


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_program_reads_what_people_edit(language: str) -> None:
    assert translations.compiled(language), "run: python -m tests.translations"
