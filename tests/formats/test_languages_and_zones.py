"""Languages and time zones as people name them."""

from __future__ import annotations

import pytest

from app.formats import languages, zones


@pytest.mark.parametrize(
    ("written", "locale", "codes"),
    [
        ("Portuguese, English", "en", "pt,en"),
        ("Deutsch", "en", "de"),
        ("portugais; hongrois", "fr", "pt,hu"),
        ("pt_BR, de-AT, pt-BR", "en", "pt-BR,de-AT"),
        ("", "en", ""),
    ],
)
def test_languages_are_understood_by_name_and_code(written: str, locale: str, codes: str) -> None:
    assert languages.parse(written, locale) == codes


def test_names_of_codes_are_understood_again() -> None:
    said = ", ".join(languages.names("pt-BR,de-AT,hu,zh-Hant", "en"))

    assert languages.parse(said, "en") == "pt-BR,de-AT,hu,zh-Hant"


def test_an_unknown_language_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match="Klingonese"):
        languages.parse("English, Klingonese")
    assert languages.name("x-unknown") == "x-unknown"


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("lisbon", "Europe/Lisbon"),
        ("São Paulo", "America/Sao_Paulo"),
        ("utc+5:30", "+05:30"),
        ("-03", "-03:00"),
        ("", ""),
    ],
)
def test_zones_are_understood_by_city_and_offset(written: str, zone: str) -> None:
    assert zones.parse(written) == zone


@pytest.mark.parametrize("written", ["Atlantis", "UTC+15", "+1:75"])
def test_an_unknown_zone_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        zones.parse(written)
