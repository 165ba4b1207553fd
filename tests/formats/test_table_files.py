"""Every real table: what it is recognised as, how many of its cells are read, what is refused and why.

`tables_expected.tsv` is complete: a file that is not in it fails. `python -m tests.tables` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tables

FILES = tables.files()
EXPECTED = tables.expected()


def test_the_collection_is_there() -> None:
    if not tables.SHARED.is_dir():
        pytest.skip("only the few tables of the repository are here")
    assert [tables.name_of(path) for path in FILES] == list(EXPECTED)


@pytest.mark.parametrize("path", FILES, ids=tables.name_of)
def test_a_table_is_read_as_the_list_says(path: Path) -> None:
    assert tables.line(path) == EXPECTED[tables.name_of(path)]


def test_nothing_is_missing_without_a_reason() -> None:
    silent = [
        name
        for name, (*_, there, read, _contacts, problems, why) in EXPECTED.items()
        if (there != read or problems != "0") and not why
    ]
    assert silent == []
