"""Places within JSON, as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from app.formats import json_paths

MESSAGE = {"a": {"b c": [{"d": 1}, "x"]}, "e.f": 2, "n": None, "": 3}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", MESSAGE["a"]),
        ("$.a.b c[0].d", 1),
        ("a.b c[1]", "x"),
        ("a.b c[2]", None),
        ("a.b c[1].d", None),
        ("a[0]", None),
        ("n.x", None),
        ("$[0]", None),
        ("$x", None),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path: str, found: Any) -> None:
    assert json_paths.value(MESSAGE, json_paths.steps(path)) == found


@pytest.mark.parametrize(
    "path", ["", "$", ".a", "a..b", "a.", "a[x]", "a[", "a]b", "a[-1]", "a[99999]", "x" * 300]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        json_paths.steps(path)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (1.50, "1.5"),
        (1e21, "1000000000000000000000"),
        (" a\x00 ", "a"),
        (["a", None, 2], "a\n2"),
    ],
)
def test_a_value_becomes_the_text_of_a_cell(value: Any, text: str) -> None:
    assert json_paths.text(value) == text


@pytest.mark.parametrize("value", [{}, [[1]], [{}]])
def test_an_object_is_no_text(value: Any) -> None:
    with pytest.raises(ValueError, match=r".*"):
        json_paths.text(value)
