"""Borders as people write them, a line each: countries and regions, postal codes, circles.

    country DE, AT
    region US-CA
    region DE Bayern
    postal DE 80000-86999, 90
    within 25 km of 48.137, 11.575 (Munich)

A postal code without a second one means all that begin with it. Lines that begin with # are notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.sdk import _

from . import gazetteer

MOST_LINES = 500
CIRCLE = re.compile(r"^([\d.,]+)\s*km\s+of\s+(.+?)(?:\s*\(([^)]*)\))?$", re.I)
FARTHEST = 20_000


class Unclear(ValueError):
    """A line that cannot be understood; its message is a sentence."""


@dataclass(frozen=True)
class Codes:
    """Postal codes of a country, folded: from one up to another of the same length, or all that begin with `first`."""

    country: str
    first: str
    last: str = ""

    def holds(self, country: str, code: str) -> bool:
        """Tell whether a folded code is among them."""
        if country != self.country or not code:
            return False
        if not self.last:
            return code.startswith(self.first)
        return self.first <= code[: len(self.first)] and code[: len(self.last)] <= self.last


@dataclass(frozen=True)
class Circle:
    """All that is at most so far from a point."""

    latitude: float
    longitude: float
    km: float
    label: str = ""


@dataclass(frozen=True)
class Borders:
    """Everything that the lines of a territory say."""

    countries: frozenset[str] = frozenset()
    regions: frozenset[tuple[str, str]] = frozenset()
    codes: tuple[Codes, ...] = ()
    circles: tuple[Circle, ...] = ()
    empty: bool = field(default=True)


def code_key(text: str) -> str:
    """Return a postal code as it is compared: without blanks and hyphens, lower case; leading zeros stay."""
    return gazetteer.folded(text).replace(" ", "")


def read(text: str) -> Borders:
    """Return what some lines mean. Raises Unclear with the line and what is wrong with it."""
    countries: set[str] = set()
    regions: set[tuple[str, str]] = set()
    codes: list[Codes] = []
    circles: list[Circle] = []
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    if len(lines) > MOST_LINES:
        raise Unclear(_("These are more than 500 lines."))
    for line in lines:
        word, _blank, rest = line.partition(" ")
        match word.lower().rstrip(":"):
            case "country" | "countries":
                countries |= {_country(part, line) for part in _parts(rest, line)}
            case "region" | "regions":
                regions |= _regions(rest, line)
            case "postal" | "zip":
                codes += _codes(rest, line)
            case "within":
                circles.append(_circle(rest, line))
            case _:
                sentence = _("“%(line)s”: begin with country, region, postal or within.")
                raise Unclear(sentence % {"line": line[:60]})
    return Borders(frozenset(countries), frozenset(regions), tuple(codes), tuple(circles), not lines)


def _parts(text: str, line: str) -> list[str]:
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found:
        raise Unclear(_("“%(line)s” says not which.", line=line[:60]))
    return found


def _country(text: str, line: str) -> str:
    code = text.strip().upper()
    if gazetteer.country_name(code):
        return code
    found = gazetteer.country_code(text)
    if not found:
        sentence = _("“%(line)s”: “%(text)s” is no country. Write two letters like DE, or its name.")
        raise Unclear(sentence % {"line": line[:60], "text": text[:40]})
    return found


def _regions(text: str, line: str) -> set[tuple[str, str]]:
    found = set()
    country = ""
    for part in _parts(text, line):
        mark = re.match(r"^([A-Za-z]{2})[\s-]+(.+)$", part)
        if mark and gazetteer.country_name(mark[1].upper()):
            country, name = mark[1].upper(), mark[2]
        else:
            name = part
        if not country:
            raise Unclear(_("“%(line)s”: write the country before the region, like US-CA.", line=line[:60]))
        found.add((country, gazetteer.region_key(country, name)))
    return found


def _codes(text: str, line: str) -> list[Codes]:
    first, _blank, rest = text.strip().partition(" ")
    country = _country(first, line)
    found = []
    for part in _parts(rest, line):
        low, mark, high = (code_key(one) if one != "-" else one for one in part.partition("-"))
        if not mark:
            found.append(Codes(country, low))
        elif len(low) != len(high) or low > high:
            sentence = _("“%(line)s”: a range goes from a lower to a higher code of the same length.")
            raise Unclear(sentence % {"line": line[:60]})
        else:
            found.append(Codes(country, low, high))
    return found


def _circle(text: str, line: str) -> Circle:
    mark = CIRCLE.match(text.strip())
    try:
        km = float(mark[1].replace(",", ".")) if mark else 0.0
    except ValueError:
        km = 0.0
    if mark is None or not 0 < km <= FARTHEST:
        raise Unclear(_("“%(line)s”: write it like “within 25 km of Berlin”.", line=line[:60]))
    found = gazetteer.place(mark[2])
    if found is None:
        sentence = _("“%(line)s”: the place “%(place)s” is not known. Write latitude, longitude.")
        raise Unclear(sentence % {"line": line[:60], "place": mark[2][:40]})
    return Circle(found.latitude, found.longitude, km, mark[3] or found.name)


def address_of(row: Mapping[str, str]) -> tuple[str, str, str]:
    """Return (country, region, postal code) of an address as they are compared with borders."""
    country = row.get("country_code", "").upper()
    return country, gazetteer.region_key(country, row.get("region", "")), code_key(row.get("postal_code", ""))


def country_of(name: str) -> str:
    """Return the code of a country that is written as a name or a code, or ""."""
    code = name.strip().upper()
    if len(code) == 2 and gazetteer.country_name(code):
        return code
    return gazetteer.country_code(name) if name.strip() else ""
