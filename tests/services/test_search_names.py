"""Names of many scripts: found whole, by their beginnings, without accents and with a typo; alike on both databases.

`tests/data/names/found.tsv` says what each query finds, in order. It is read on either database, so that both answer
the same; `KITH_TEST_WRITE=1` writes it anew.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.formats.fold import fold, words
from app.services import records, search
from app.services.context import acting
from app.testing.factories import Make

DATA = Path(__file__).resolve().parents[1] / "data" / "names"
Find = Callable[[str], list[str]]
WRITTEN_WITHOUT_BLANKS = {"Cjk", "Hangul", "Hiragana", "Katakana"}


def rows() -> list[dict[str, str]]:
    """The names with their scripts."""
    with (DATA / "names.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def misspelt(word: str) -> str:
    """A word with two neighbours in its middle swapped, or one left out where they are alike."""
    at = len(word) // 2
    swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return swapped if swapped != word else word[:at] + word[at + 1 :]


def queries(name: str) -> Iterator[str]:
    """What people type who look for somebody: all, the beginning, plain letters, the last part first, a typo."""
    yield name
    yield name[:3]
    yield fold(name)
    yield " ".join(reversed(name.split()))
    yield from (misspelt(word) for word in words(name) if len(word) >= 5)


@pytest.fixture
def find(make: Make) -> Find:
    """Look for contacts among all the names, which are there; the first hits."""
    _make(make, [row["name"] for row in rows()])
    return _finder(make)


def test_a_name_is_found_as_people_type_it(find: Find) -> None:
    missed = []
    for row in rows():
        name = row["name"]
        tried = [q for q in queries(name) if row["script"] not in WRITTEN_WITHOUT_BLANKS or q in name]
        missed += [(name, q, find(q)[:5]) for q in tried if name not in find(q)]
    assert missed == []


def test_the_whole_name_is_the_first_hit(find: Find) -> None:
    assert {row["name"]: find(row["name"])[0] for row in rows()} == {
        row["name"]: row["name"] for row in rows()
    }


def test_both_databases_find_the_same_in_the_same_order(find: Find) -> None:
    asked = list(dict.fromkeys(q for row in rows() for q in queries(row["name"])))
    found = [f"{q}\t{' | '.join(find(q))}" for q in asked]
    table = DATA / "found.tsv"
    if os.environ.get("KITH_TEST_WRITE"):
        table.write_text("\n".join(["query\tfound, in order", *found, ""]), encoding="utf-8")
    assert found == table.read_text(encoding="utf-8").splitlines()[1:]


def test_real_names_are_found_with_a_typo(shared_data: Path, make: Make) -> None:
    with (shared_data / "names" / "common-forenames-by-country.csv").open(encoding="utf-8-sig") as file:
        every = dict.fromkeys(row["Localized Name"].strip() for row in csv.DictReader(file))
    wanted = [name for name in every if len(name) >= 5 and len(words(name)) == 1][::17]
    _make(make, wanted)
    find = _finder(make)
    typed = {name: misspelt(words(name)[0]) for name in wanted if not _is_cut(name)}
    assert [(name, text) for name, text in typed.items() if name not in find(text)] == []


def _is_cut(name: str) -> bool:
    """Tell whether a name is looked up in pairs of letters, for it is written without blanks."""
    return len(words(name)[0]) != len(fold(name))


def _make(make: Make, names: list[str]) -> None:
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        for name in names:
            given, _, family = name.partition(" ")
            records.create(ctx, "contact", {"given_name": given, "family_name": family})


def _finder(make: Make) -> Find:
    ctx: Any = make.ctx()

    def find(text: str) -> list[str]:
        with acting(ctx):
            groups = search.find(ctx, text, entity="contact").groups
        return [hit.title for group in groups for hit in group.hits]

    return find
