"""Public holidays by country and region, from the library `holidays`; countries are named for a reader."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from babel.core import Locale, UnknownLocaleError


def _library() -> Any:
    """Return the library once it is needed: it takes megabytes, and not everybody tells it a country."""
    import holidays

    return holidays


@lru_cache(maxsize=1)
def _supported() -> dict[str, list[str]]:
    found: dict[str, list[str]] = _library().list_supported_countries(include_aliases=False)
    return found


def countries(locale: str) -> list[tuple[str, str]]:
    """Return the countries whose holidays are known, as (code, name in the reader's language), by name."""
    names = _names(locale)
    return sorted(((code, names.get(code, code)) for code in _supported()), key=lambda pair: pair[1])


def regions(country: str) -> list[str]:
    """Return the codes of a country's regions with holidays of their own; none for a country without."""
    return sorted(_supported().get(country, ()))


def region_names(country: str) -> list[tuple[str, str]]:
    """Return the regions as (code, name), where the library has a name for the code."""
    if country not in _supported():
        return []
    aliases: dict[str, list[str]] = getattr(
        _library().country_holidays(country), "get_subdivision_aliases", dict
    )()
    found = [(code, next(iter(aliases.get(code) or ()), code)) for code in regions(country)]
    return sorted(found, key=lambda pair: pair[1])


def known(country: str, region: str = "") -> bool:
    """Tell whether there are holidays of a country, and of a region of it."""
    return country in _supported() and (not region or region in _supported()[country])


@lru_cache(maxsize=256)
def of_year(country: str, region: str, year: int) -> dict[date, str]:
    """Return the public holidays of a year by day; nothing for a country nobody knows."""
    if not known(country, region):
        return {}
    found: Any = _library().country_holidays(country, subdiv=region or None, years=year)
    return {day: str(name) for day, name in found.items() if day.year == year}


def on(country: str, region: str, day: date) -> str:
    """Return the name of the holiday on a day, an empty text when it is none."""
    if not country:
        return ""
    return of_year(country, region, day.year).get(day, "")


def _names(locale: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(locale.replace("-", "_")).territories)
    except (UnknownLocaleError, ValueError):
        return dict(Locale("en").territories)
