"""Addresses are printed as the postman of their country expects them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.formats.postal import Address, countries, country_code, country_name, lines, one_line


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        (Address(street_address="Rua Augusta 12", locality="Lisboa", postal_code="1100-053", country="PT"),
         ["Rua Augusta 12", "1100-053 Lisboa", "Portugal"]),
        (Address(street_address="1 Main St", extended_address="Apt 4", locality="Springfield", region="IL",
                 postal_code="62701", country="US"),
         ["1 Main St", "Apt 4", "Springfield, IL 62701", "United States"]),
        (Address(street_address="10 Downing Street", locality="London", postal_code="SW1A 2AA", country="GB"),
         ["10 Downing Street", "London", "SW1A 2AA", "United Kingdom"]),
        (Address(street_address="Fő utca 1", locality="Budapest", postal_code="1011", country="HU"),
         ["Budapest", "Fő utca 1", "1011", "Hungary"]),
        (Address(street_address="丸の内1-1", locality="千代田区", region="東京都", postal_code="100-0005", country="JP"),
         ["〒100-0005", "東京都千代田区", "丸の内1-1", "Japan"]),
        (Address(street_address="1-1 Marunouchi", locality="Chiyoda-ku", region="Tokyo", postal_code="100-0005", country="JP"),
         ["1-1 Marunouchi", "Chiyoda-ku, Tokyo 100-0005", "Japan"]),
        (Address(locality="São Paulo", region="SP", country="BR"), ["São Paulo - SP", "Brazil"]),
        (Address(locality="São Paulo", country="BR"), ["São Paulo", "Brazil"]),
        (Address(region="SP", country="BR"), ["SP", "Brazil"]),
        (Address(post_office_box="12 34", locality="Bern", postal_code="3000", country="CH"),
         ["Postfach 12 34", "3000 Bern", "Switzerland"]),
        (Address(street_address="Somewhere 1\nBack door", locality="X", country="Atlantis"),
         ["Somewhere 1", "Back door", "X", "Atlantis"]),
        (Address(), []),
        (Address(country="DE"), ["Germany"]),
    ],
)  # fmt: skip
def test_each_country_has_its_own_order(address: Address, printed: list[str]) -> None:
    assert lines(address) == printed


def test_at_home_the_country_is_not_written_and_abroad_in_the_readers_language() -> None:
    address = Address(street_address="Hauptstr. 1", locality="Köln", postal_code="50667", country="DE")
    assert lines(address, home="de") == ["Hauptstr. 1", "50667 Köln"]
    assert one_line(address, "pt-PT", home="PT") == "Hauptstr. 1, 50667 Köln, Alemanha"


def test_nothing_of_an_address_is_hidden_but_an_envelope_needs_no_state() -> None:
    address = Address(locality="Köln", region="NRW", postal_code="50667", country="DE")
    assert lines(address) == ["50667 Köln", "NRW", "Germany"]
    assert lines(address, complete=False) == ["50667 Köln", "Germany"]
    for code, _name in countries():
        whole = Address("77", "Flat 2", "Street 1", "Town", "State", "12345", code)
        text = one_line(whole)
        assert all(part in text for part in ("77", "Flat 2", "Street 1", "Town", "State", "12345")), code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("DE", "DE"), ("deu", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("Allemagne", "DE"), ("Alemania", "DE"),
        ("ALEMANHA", "DE"), ("USA", "US"), ("U.S.A.", "US"), ("Vereinigte Staaten", "US"), ("États-Unis", "US"),
        ("UK", "GB"), ("England", "GB"), ("Royaume-Uni", "GB"), ("The Netherlands", "NL"), ("Niederlande", "NL"),
        ("Côte d’Ivoire", "CI"), ("cote d'ivoire", "CI"), ("Türkei", "TR"), ("Turkey", "TR"), ("日本", "JP"), ("Magyarország", "HU"),
        ("Россия", "RU"), ("Czech Republic", "CZ"), ("Republic of Korea", "KR"),
        ("", ""), ("XX", ""), ("EU", ""), ("Atlantis", ""),
    ],
)  # fmt: skip
def test_a_country_is_understood_in_many_languages(written: str, code: str) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es", "pt-PT"])
def test_every_country_of_the_list_is_understood_by_its_own_name(locale: str) -> None:
    listed = countries(locale)
    assert len(listed) > 245
    assert [(code, name) for code, name in listed if country_code(name) != code] == []


def test_the_list_is_sorted_as_the_reader_expects() -> None:
    names = [name for _code, name in countries("de")]
    assert names.index("Ägypten") < names.index("Albanien") < names.index("Österreich") < names.index("Polen")
    assert country_name("zz-unknown") == "zz-unknown"


def cases(folder: Path) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Read the simple YAML of the examples: what an address has, and how it is printed."""
    for file in sorted(folder.glob("*.yaml")):
        for block in re.split(r"(?m)^---\s*$", file.read_text(encoding="utf-8")):
            head, _mark, tail = block.partition("expected:")
            found = re.findall(r"(?m)^\s+(\w+):\s*[\"']?(.*?)[\"']?\s*$", head.partition("components:")[2])
            yield dict(found), [line.strip() for line in tail.splitlines()[1:] if line.strip()]


def layout(printed: list[str], parts: dict[str, str]) -> list[tuple[int, str]]:
    """Return which part stands in which line, lines counted from the first that holds one."""
    places = [
        (number, part)
        for number, line in enumerate(printed)
        for part in sorted(parts, key=line.find)
        if parts[part] in line
    ]
    seen: dict[str, int] = {}
    for number, part in places:
        seen.setdefault(part, number)
    used = sorted(set(seen.values()))
    return [(used.index(number), part) for part, number in seen.items()]


def test_order_and_lines_are_those_of_the_published_examples(shared_data: Path) -> None:
    right = total = 0
    for known, expected in cases(shared_data / "addresses/opencage"):
        towns = [
            known[key]
            for key in ("city", "town", "village")
            if known.get(key) and known[key] in " ".join(expected)
        ]
        parts = {
            "street": known.get("road", ""),
            "postcode": known.get("postcode", ""),
            "town": (towns or [""])[0],
        }
        parts = {
            part: text for part, text in parts.items() if text and any(text in line for line in expected)
        }
        if len(parts) < 2 or "country_code" not in known:
            continue
        street = next((line for line in expected if parts.get("street") and parts["street"] in line), "")
        address = Address(
            "", "", street, parts.get("town", ""), "", parts.get("postcode", ""), known["country_code"]
        )
        total += 1
        right += layout(lines(address, complete=False), parts) == layout(expected, parts)
    assert total > 200
    assert right / total >= 0.85
