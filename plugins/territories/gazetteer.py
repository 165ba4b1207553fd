"""The packaged gazetteer: where postal codes, cities, regions and countries are, found in files without reading them whole.

The files are sorted lines; each look-up is a binary search in the mapped file, so that nothing is held in memory.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from unicodedata import category, normalize

DATA = Path(__file__).parent / "data"

CODE_METRES = 3_000
PART_METRES = 20_000
REGION_METRES = 80_000
MOST = 200
"""How many places of one name are looked at."""


@dataclass(frozen=True)
class Found:
    """A place: where, to how many metres, how exact in a word (`postal_code`, `city`, `region`, `country`), and its name."""

    latitude: float
    longitude: float
    metres: int
    exact: str
    name: str = ""


def folded(text: str) -> str:
    """Return a name as it is compared: lower case, without accents, points and hyphens."""
    plain = normalize("NFKD", text.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    kept = (" " if c in "-'’.,/" else c for c in plain if category(c) != "Mn")
    return " ".join("".join(kept).split())


def locate(address: Mapping[str, str]) -> Found | None:
    """Return where an address is, as exactly as the gazetteer knows it; None when it knows nothing of it.

    `address` has some of `postal_code`, `locality`, `region` and `country_code`, as the columns of a postal address.
    """
    country = address.get("country_code", "").upper()
    return (
        _by_code(country, address.get("postal_code", ""))
        or _by_name(address.get("locality", ""), country, address.get("region", ""), "C")
        or _by_name(address.get("region", ""), country, "", "R")
        or _by_country(country)
    )


def place(text: str) -> Found | None:
    """Return the place that somebody typed: "Berlin", "10115 Berlin", "Berlin, DE", "Paris, Texas" or "48.2, 16.4"."""
    point = _numbers(text)
    if point is not None:
        return Found(*point, 10, "point", text.strip())
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        return None
    country, region = _tail(parts)
    words = parts[0].split()
    codes = [word for word in words if any(c.isdigit() for c in word)]
    name = " ".join(word for word in words if word not in codes)
    for code in codes:
        known = [country] if country else _countries_of(name)
        for one in known:
            if (found := _by_code(one, code)) is not None:
                return Found(found.latitude, found.longitude, found.metres, found.exact, text.strip())
    return (
        _by_name(name, country, region, "C")
        or _by_name(name, country, "", "R")
        or _by_name(name, "", "", "L")
    )


def _tail(parts: list[str]) -> tuple[str, str]:
    if len(parts) == 1:
        return "", ""
    last = parts[-1]
    if len(last) == 2 and last.isalpha() and _by_country(last.upper()) is not None:
        states = _rows("cities.tsv", f"{folded(parts[0])}\tUS\tC\t{last.upper()}\t")
        return ("US", last.upper()) if next(states, None) else (last.upper(), "")
    land = next((row for row in _rows("cities.tsv", f"{folded(last)}\t") if row[2] == "L"), None)
    return (land[1], "") if land else ("", last)


def _countries_of(name: str) -> list[str]:
    found = sorted(_named(name), key=lambda row: -int(row[6]))
    return list(dict.fromkeys(row[1] for row in found)) or ["DE", "US"]


def _numbers(text: str) -> tuple[float, float] | None:
    first, mark, second = text.partition(",")
    try:
        latitude, longitude = float(first), float(second)
    except ValueError:
        return None
    return (latitude, longitude) if mark and abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _by_code(country: str, code: str) -> Found | None:
    key = folded(code).replace(" ", "")
    for length in (len(key), 5, 4, 3, 2) if country and key else ():
        if 1 < length <= len(key):
            for row in _rows("postal.tsv", f"{country}{key[:length]}\t"):
                metres = CODE_METRES if length == len(key) else PART_METRES
                return Found(float(row[1]), float(row[2]), metres, "postal_code", code)
    return None


def _named(name: str) -> list[list[str]]:
    key = folded(name)
    return [row for row, _ in zip(_rows("cities.tsv", f"{key}\t"), range(MOST), strict=False)] if key else []


def _by_name(name: str, country: str, region: str, sort: str) -> Found | None:
    rows = [row for row in _named(name) if row[2] == sort and country in ("", row[1])]
    if not rows:
        return None
    wished = folded(region)
    near = _by_name(region, country, "", "R") if wished and sort == "C" else None

    def rank(row: list[str]) -> tuple[int, float]:
        if row[3] and row[3].lower() == wished:
            return (0, 0.0)
        if near is not None:
            away = abs(float(row[4]) - near.latitude) + abs(float(row[5]) - near.longitude)
            return (1, away)
        return (2, -float(row[6]))

    best = min(rows, key=rank)
    people = int(best[6])
    metres = {"C": int(1000 + 6 * sqrt(people)), "R": REGION_METRES, "L": people}[sort]
    return Found(
        float(best[4]), float(best[5]), metres, {"C": "city", "R": "region", "L": "country"}[sort], best[7]
    )


@cache
def _lands() -> Mapping[str, Found]:
    found = {}
    for line in bytes(_file("cities.tsv")).splitlines():
        if b"\tL\t" in line:
            row = line.decode().split("\t")
            found[row[1]] = Found(float(row[4]), float(row[5]), int(row[6]), "country", row[7])
    return found


def _by_country(code: str) -> Found | None:
    return _lands().get(code)


# ---------------------------------------------------------------- the files


@cache
def _file(name: str) -> mmap.mmap:
    with (DATA / name).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _rows(name: str, start: str) -> Iterator[list[str]]:
    """Yield the lines of a file that begin with a text, taken apart."""
    data, wanted = _file(name), start.encode()
    low, high = 0, len(data)
    while low < high:
        middle = (low + high) // 2
        begin = data.rfind(b"\n", 0, middle) + 1
        if data[begin : begin + len(wanted)] < wanted:
            low = data.find(b"\n", middle) + 1 or len(data)
        else:
            high = begin
    while low < len(data) and data[low : low + len(wanted)] == wanted:
        end = data.find(b"\n", low)
        yield data[low:end].decode().split("\t")
        low = end + 1


# ---------------------------------------------------------------- names of countries and regions


def country_name(code: str) -> str:
    """Return the English name of a country by its code (ISO 3166-1), or ""."""
    found = _by_country(code)
    return found.name if found is not None else ""


def country_code(name: str) -> str:
    """Return the code of a country by its name in a language of the house, or ""."""
    return next((row[1] for row in _named(name) if row[2] == "L"), "")


def region_key(country: str, name: str) -> str:
    """Return a region as it is compared: states of the USA by their two letters, others by the folded name."""
    key = folded(name)
    if country == "US" and len(key) > 2:
        return _states().get(key, key)
    return key.removeprefix(f"{country.lower()} ")


@cache
def _states() -> Mapping[str, str]:
    return {folded(str(one["name"])): code[3:].lower() for code, one in outlines()["states"].items()}


@cache
def outlines() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """Return the outlines of countries and states: sort → code → name and shape, in hundredths of degrees."""
    found: Mapping[str, Mapping[str, Mapping[str, object]]] = json.loads(
        (DATA / "outlines.json").read_text("utf-8")
    )
    return found
