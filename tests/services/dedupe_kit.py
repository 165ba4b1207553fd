"""Labelled sets of people and places: their rows as the house's own profiles, and how well the matcher finds the pairs."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from app.services import dedupe_profile, dedupe_score
from app.services.dedupe_profile import Profile
from app.services.dedupe_shelf import Shelf

Pair = tuple[str, str]


@dataclass(frozen=True)
class Labelled:
    """Records by their name in the set, and which pairs of them are the same."""

    records: Mapping[str, Profile]
    same: frozenset[Pair]


class Quality(NamedTuple):
    """How well pairs were found, and how many were looked at."""

    precision: float
    recall: float
    compared: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def rows(path: Path) -> Iterable[dict[str, str]]:
    """The rows of a file, names and values without blanks around them."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {name.strip(): (value or "").strip() for name, value in row.items()}


def grouped(groups: Mapping[str, list[str]]) -> frozenset[Pair]:
    """All pairs within groups of the same."""
    return frozenset(pair(a, b) for found in groups.values() for a, b in combinations(found, 2))


def pair(one: str, other: str) -> Pair:
    """Two names in order."""
    return (one, other) if one < other else (other, one)


def people(path: Path) -> Labelled:
    """A FEBRL set, without the number that tells people apart for sure."""
    records, groups = {}, defaultdict(list)
    for row in rows(path):
        day, name = row["date_of_birth"], row["rec_id"]
        records[name] = dedupe_profile.person(
            given=row["given_name"],
            family=row["surname"],
            born=f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 else "",
            addresses=[
                {
                    "house_number": row["street_number"],
                    "street_address": row["address_1"],
                    "locality": row["suburb"],
                    "postal_code": row["postcode"],
                }
            ],
        )
        groups[name.split("-")[1]].append(name)
    return Labelled(records, grouped(groups))


def listing(row: Mapping[str, str]) -> Profile:
    """A restaurant of the Fodors and Zagats guides."""
    place = {"street_address": row["addr"], "locality": row["city"]}
    return dedupe_profile.company(name=row["name"], phones=[row["phone"]], addresses=[place])


def guides(folder: Path) -> Labelled:
    """Fodors and Zagats: `f…` and `z…`."""
    records = {
        f"{name[0]}{row['id']}": listing(row)
        for name in ("fodors", "zagats")
        for row in rows(folder / f"{name}.csv")
    }
    matches = rows(folder / "matches_fodors_zagats.csv")
    return Labelled(records, frozenset((f"f{m['fodors_id']}", f"z{m['zagats_id']}") for m in matches))


def few_guides(path: Path) -> Labelled:
    """Some of both in one file, those that are the same with one number."""
    records, groups = {}, defaultdict(list)
    for row in rows(path):
        name = f"{row['source']}{row['same']}"
        records[name] = listing(row)
        groups[row["same"]].append(name)
    return Labelled(records, grouped(groups))


def sites(path: Path) -> Labelled:
    """Sites of child care in Chicago, from several registers."""
    records, groups = {}, defaultdict(list)
    for row in rows(path):
        place = {"street_address": row["Address"], "postal_code": row["Zip"]}
        records[row["Id"]] = dedupe_profile.company(
            name=row["Site name"], phones=[row["Phone"]], addresses=[place]
        )
        groups[row["True Id"]].append(row["Id"])
    return Labelled(records, grouped(groups))


def quality(
    labelled: Labelled, among: Callable[[str, str], bool] | None = None, *, once: bool = False
) -> Quality:
    """Find the pairs as the nightly search does; `among` says which may be the same, `once` that no list repeats itself."""
    names = list(labelled.records)
    found: list[tuple[float, Pair]] = []
    compared = 0
    with Shelf() as shelf:
        shelf.add((at, True, labelled.records[name]) for at, name in enumerate(names))
        for left, right, namesakes in shelf.pairs():
            one, other = names[left.id], names[right.id]
            if among is not None and not among(one, other):
                continue
            compared += 1
            points = dedupe_score.compare(left.profile, right.profile, namesakes=namesakes).points
            if points >= dedupe_score.BAR:
                found.append((points, pair(one, other)))
    told = _once(found) if once else {two for _points, two in found}
    right_ones = len(told & labelled.same)
    return Quality(right_ones / len(told), right_ones / len(labelled.same), compared)


def _once(found: list[tuple[float, Pair]]) -> set[Pair]:
    """The best pairs first, each record in one of them."""
    used: set[str] = set()
    told: set[Pair] = set()
    for _points, two in sorted(found, reverse=True):
        if used.isdisjoint(two):
            used.update(two)
            told.add(two)
    return told
