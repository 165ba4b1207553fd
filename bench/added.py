"""Four added fields of contacts with values for a bench: a choice, a number, a date and a text."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from app.extensions import db
from app.kernel.contributions import Choice
from app.services import custom_fields
from app.services.context import acting, as_system
from app.services.custom_fields import Values
from bench import load

CHOICES = 6
"""Each of so many choices fits every sixth contact."""

N = "CAST(id AS BIGINT)"
DAY: Mapping[str, str] = {
    "sqlite": f"date('2015-01-01', (({N} * 7907) % 3650) || ' days')",
    "postgresql": f"to_char(date '2015-01-01' + CAST(({N} * 7907) % 3650 AS INTEGER), 'YYYY-MM-DD')",
}


def fields() -> Mapping[str, Values]:
    """Return the fields by the names under which they can be asked for."""
    choices = tuple(Choice(value="", label=f"Region {n}") for n in range(CHOICES))
    return {
        "x_region": Values(label="Region", type="choice", choices=choices),
        "x_points": Values(label="Points", type="number"),
        "x_since": Values(label="Since", type="date"),
        "x_code": Values(label="Code", type="text"),
    }


def cells(dialect: str) -> Mapping[str, str]:
    """Return by the names of fields what is stored for a contact, in SQL: text, key, number; and for whom."""
    region = f"({N} * 104729) % {CHOICES}"
    return {
        "x_region": f"NULL, 'region_' || ({region}), ({region}) + 1 FROM contact",
        "x_points": f"NULL, NULL, ({N} * 7919 + 13) % 1000 FROM contact WHERE id % 10 > 0",
        "x_since": f"NULL, {DAY[dialect]}, NULL FROM contact",
        "x_code": f"'Code ' || ({N} * 31 % 5000), 'code ' || ({N} * 31 % 5000), NULL FROM contact",
    }


def add() -> None:
    """Add the fields to contacts and fill them straight in the table, a field in one statement."""
    ctx = as_system("bench")
    with acting(ctx):
        made = {row.name: row.id for row in (custom_fields.add(ctx, "contact", v) for v in fields().values())}
    db.session.remove()
    dialect = db.engine.dialect.name
    for name, told in cells(dialect).items():
        with db.engine.begin() as connection:
            load.patient(connection)
            put = "INSERT INTO custom_value (record_id, field_id, pos, text, key, number)"
            connection.execute(text(f"{put} SELECT id, :field, 0, {told}"), {"field": made[name]})
    load.analyse()
