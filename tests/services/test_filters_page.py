"""What docs/filters.md shows works as it is written there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.kernel.expr import limits
from app.services import filters, listing
from app.services.context import acting
from app.services.listing import Asked
from app.testing.factories import Make

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "filters.md").read_text("utf-8")
EXAMPLES = [
    (entity, line)
    for entity, block in re.findall(r"```filter (\w+)\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]


@pytest.mark.parametrize(("entity", "text"), EXAMPLES)
def test_examples_can_be_asked(entity: str, text: str, make: Make) -> None:
    ctx = make.ctx(make.user("administrator"))
    listing.page(ctx, entity, Asked(where=text))
    assert filters.text_of(filters.parse(text)) == text


def test_the_snippet_runs(make: Make) -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    ctx = make.ctx(make.user("administrator"))
    made = make.contact(lifecycle_stage="customer")
    values = {"ctx": ctx}
    with acting(ctx):
        exec(snippet, values)
        assert values["ids"] == []
        assert filters.matches(ctx, "contact", "stage = customer", [made.id]) == {made.id}


def test_the_limits_are_those_of_the_program() -> None:
    told = f"{limits.LONGEST:,} characters, {limits.TESTS} conditions, {limits.DEEPEST} levels, {limits.VALUES} values"
    assert told in PAGE
    assert limits.HOPS == 3
