"""Lists are filtered and sorted by added fields along the index of their values, never by reading a table whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from app.kernel.context import Context
from app.kernel.contributions import Choice
from app.services import api_reading, custom_fields
from app.services.api_reading import Asked
from app.services.context import acting
from app.services.custom_fields import Values
from app.testing.factories import Make

SIZES = (Choice(value="", label="Small"), Choice(value="", label="Large"))
ASKED = {
    "a choice": (Asked(where="x_size = large"), "ix_custom_value_key"),
    "a number": (Asked(where="x_seats > 10"), "ix_custom_value_number"),
    "a date": (Asked(where="x_since > 2026-01-01"), "ix_custom_value_key"),
    "a text": (Asked(where='x_code = "A 1"'), "ix_custom_value_key"),
    "two": (Asked(where="x_size = large and x_seats > 10"), "ix_custom_value_number"),
    "sorted by a choice": (Asked(sort="x_size"), "ix_custom_value_number"),
    "sorted by a number": (Asked(sort="-x_seats"), "ix_custom_value_number"),
    "sorted by a date": (Asked(sort="x_since"), "ix_custom_value_key"),
    "sorted by a text": (Asked(sort="-x_code"), "ix_custom_value_key"),
}


@pytest.fixture
def ctx(make: Make) -> Iterator[Context]:
    """A context in which contacts have four added fields."""
    user = make.user("administrator")
    with acting(make.ctx(user)) as seen:
        for values in (
            Values(label="Size", type="choice", choices=SIZES),
            Values(label="Seats", type="number"),
            Values(label="Since", type="date"),
            Values(label="Code", type="text"),
        ):
            custom_fields.add(seen, "contact", values)
    with acting(make.ctx(user)) as seen:
        yield seen


@pytest.mark.parametrize("name", ASKED)
def test_a_list_is_read_along_the_index_of_the_values(ctx: Context, name: str) -> None:
    if ctx.session.get_bind().dialect.name != "sqlite":
        pytest.skip("a small table is always read whole on PostgreSQL; see bench.plans")
    asked, index = ASKED[name]
    steps = explained(ctx, asked)
    assert any(f"COVERING INDEX {index}" in step for step in steps), steps
    if asked.sort:
        assert not any("FOR ORDER BY" in step for step in steps), steps
    else:
        assert not any(step.startswith("SCAN c") and "INDEX" not in step for step in steps), steps


def explained(ctx: Context, asked: Asked) -> list[str]:
    """Return how the database reads the values that a page asks for."""
    engine, sent = ctx.session.get_bind(), []

    def note(conn: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        if "custom_value" in statement:
            sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    api_reading.page(ctx, "contact", asked)
    event.remove(engine, "before_cursor_execute", note)
    connection = ctx.session.connection()
    plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values) for one, values in sent]
    return [str(row[3]) for found in plans for row in found]
