"""Postal addresses printed as their country writes them, and the names of countries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

from babel.core import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from app.formats.fold import fold
from app.formats.postal_formats import BOXES, DEFAULT, FORMATS, LATIN

# Groups and test codes of CLDR, and islands that ISO 3166 counts to another country.
_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
_FOREIGN_LETTERS = re.compile(r"[\u0400-\u04ff\u0590-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_TOKEN = re.compile(r"[ACSZ]|[^ACSZ]+")


class PostalAddress(Protocol):
    """What has the seven parts of a vCard address; `country` is an ISO 3166 code or a written name."""

    @property
    def post_office_box(self) -> str: ...
    @property
    def extended_address(self) -> str: ...
    @property
    def street_address(self) -> str: ...
    @property
    def locality(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def postal_code(self) -> str: ...
    @property
    def country(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address by itself."""

    post_office_box: str = ""
    extended_address: str = ""
    street_address: str = ""
    locality: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


def lines(address: PostalAddress, locale: str = "en", home: str = "", *, complete: bool = True) -> list[str]:
    """Return the lines of the address in its country's order, the country last unless it is `home`.

    A state or province which the country does not print, as in Germany, follows before the country; with
    `complete=False`, for an envelope, it is left out.
    """
    code = country_code(address.country)
    parts = {
        "A": "\n".join(
            filter(None, (address.street_address, address.extended_address, _box(address, code)))
        ).strip(),
        "C": address.locality.strip(),
        "S": address.region.strip(),
        "Z": address.postal_code.strip(),
    }
    order = _order(code, "".join(parts.values()))
    printed = [line for row in order.split(" / ") for line in _filled(row, parts).split("\n")]
    missing = "CSZ" if complete else "CZ"
    printed += [parts[part] for part in missing if part not in order and parts[part] not in printed]
    if address.country and (not code or code != home.upper()):
        printed.append(country_name(code, locale) if code else address.country)
    return [line.strip() for line in printed if line.strip()]


def one_line(address: PostalAddress, locale: str = "en", home: str = "") -> str:
    """Return the address in one line, for lists and search."""
    return ", ".join(lines(address, locale, home))


def country_name(code: str, locale: str = "en") -> str:
    """Return the name of the country in the language of `locale`; an unknown code comes back as it is."""
    return str(_locale(locale).territories.get(code.upper(), code))


def country_code(text: str) -> str:
    """Return the ISO 3166 code of a country written as code (DE, DEU) or name; or "".

    Names in seven languages, the country's own, three-letter codes and what people write (England, Holland).
    """
    written = text.strip()
    if len(written) == 2 and written.upper() in _codes():
        return written.upper()
    return _names().get(_key(written), "") if written else ""


def countries(locale: str = "en") -> list[tuple[str, str]]:
    """Return code and name of every country, sorted by name as the locale reads it, for a select."""
    return sorted(((code, country_name(code, locale)) for code in _codes()), key=lambda pair: fold(pair[1]))


def _order(code: str, text: str) -> str:
    if code in LATIN and not _FOREIGN_LETTERS.search(text):
        return LATIN[code]
    return FORMATS.get(code, DEFAULT)


def _filled(row: str, parts: Mapping[str, str]) -> str:
    """Fill one line; a sign between two parts stays only if both are there."""
    tokens = _TOKEN.findall(row)
    kept: list[str] = []
    for at, token in enumerate(tokens):
        if token in parts:
            kept.append(parts[token])
        elif at == 0:
            kept.append(token if parts.get(tokens[1]) else "")
        else:
            later = any(parts.get(other) for other in tokens[at + 1 :])
            kept.append(
                token if "".join(kept).strip() and later and not "".join(kept).endswith(token) else ""
            )
    return "".join(kept)


def _box(address: PostalAddress, code: str) -> str:
    box = address.post_office_box.strip()
    if not box or not box[0].isdigit():
        return box
    languages = get_official_languages(code) if code else ()
    word = next((BOXES[language[:2]] for language in languages if language[:2] in BOXES), BOXES["en"])
    return f"{word} {box}"


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    known = map(str, Locale("en").territories)
    return frozenset(code for code in known if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return the code of every name in the list; asking CLDR for all languages would cost 70 MB."""
    rows = files("app.formats").joinpath("country_names.tsv").read_text(encoding="utf-8").splitlines()
    named = (row.split("\t", 1) for row in rows if not row.startswith("#"))
    return {_key(name): code for code, names in named for name in names.split(";")}


def _key(name: str) -> str:
    return " ".join(re.sub(r"[^\w\s]+", " ", fold(name)).split())
