"""What is written as TOML is read as the same."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.formats import toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES: Any = st.recursive(
    TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(TEXTS, VALUES, max_size=5), min_size=1, max_size=4))
def test_what_is_written_is_read_as_the_same(rows: list[dict[str, Any]]) -> None:
    assert tomllib.loads(toml.rows("field", rows)) == {"field": rows}


def test_a_value_has_a_line_and_nothing_has_none() -> None:
    row = {"name": "Größe", "hint": None, "options": [{"value": "a"}, {"value": "b"}], "required": False}
    assert toml.rows("field", [row]) == (
        '[[field]]\nname = "Größe"\noptions = [\n  { value = "a" },\n  { value = "b" },\n]\nrequired = false\n'
    )
