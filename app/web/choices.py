"""What selects offer: languages, time zones, currencies, regions, in the reader's language and order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from flask_babel import get_locale
from phonenumbers import SUPPORTED_REGIONS
from wtforms.fields.choices import SelectChoice

from app.services.language import LOCALES

Choices = list[SelectChoice]

AREAS = {
    "Africa",
    "America",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
    "Antarctica",
    "Arctic",
}


def made(pairs: Iterable[tuple[str, str]], default: str = "") -> Choices:
    """Return the options of a select from (value, label); `default` is the label of an empty first one."""
    first = [("", default)] if default else []
    return [SelectChoice(value, label) for value, label in [*first, *pairs]]


def languages(default: str = "") -> Choices:
    """Return the languages Kith speaks, each in its own words; `default` is the label of "none"."""
    found = [(code, str(Locale.parse(code).get_display_name(code)).capitalize()) for code in LOCALES]
    return made(found, default)


def zones(default: str = "") -> Choices:
    """Return the time zones by name."""
    return made(_zones(), default)


@lru_cache(maxsize=1)
def _zones() -> tuple[tuple[str, str], ...]:
    named = sorted(name for name in available_timezones() if name.partition("/")[0] in AREAS)
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in named))


def currencies() -> Choices:
    """Return the currencies that are legal tender somewhere (ISO 4217), by code, with their names."""
    return made(_currencies(str(get_locale() or "en")))


@lru_cache(maxsize=8)
def _currencies(locale: str) -> tuple[tuple[str, str], ...]:
    tender = get_global("territory_currencies").values()
    codes = {code for used in tender for code, _start, end, is_tender in used if end is None and is_tender}
    names = Locale.parse(locale).currencies
    return tuple((code, f"{code} – {names.get(code, code)}") for code in sorted(codes))


def regions(default: str = "") -> Choices:
    """Return the countries and regions whose phone numbers Kith understands (ISO 3166), by name."""
    return made(_regions(str(get_locale() or "en")), default)


@lru_cache(maxsize=8)
def _regions(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).territories
    return tuple(
        sorted(((code, names.get(code, code)) for code in SUPPORTED_REGIONS), key=lambda pair: pair[1])
    )
