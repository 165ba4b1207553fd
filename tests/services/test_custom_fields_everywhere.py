"""Added fields go where all fields go: into tables and out again, through work on many records and its undo."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.context import Context
from app.kernel.contributions import Choice
from app.services import custom_fields, exporting, fields, importing, records, undo
from app.services.bulk_choice import Chosen
from app.services.context import acting
from app.services.custom_fields import Values
from app.services.listing_state import State
from app.testing.factories import Make
from tests.services import bulk_kit

SIZES = (Choice(value="", label="Small"), Choice(value="", label="Large"))
FIELDS = (
    Values(label="Seats", type="number"),
    Values(label="Worth", type="money"),
    Values(label="Since", type="date"),
    Values(label="Size", type="choice", choices=SIZES),
    Values(label="Likes", type="choices", choices=SIZES),
    Values(label="Portal", type="url"),
    Values(label="Employer", type="ref", ref="company"),
    Values(label="Plan", type="text", default="Basic"),
)


@pytest.fixture
def admin(make: Make) -> Any:
    """An administrator; people have the fields above."""
    user = make.user("administrator")
    with acting(make.ctx(user)) as seen:
        for one in FIELDS:
            custom_fields.add(seen, "contact", one)
    return user


@pytest.fixture
def ctx(admin: Any, make: Make) -> Iterator[Context]:
    with acting(make.ctx(admin)) as seen:
        yield seen


def said(ctx: Context, record: Any) -> dict[str, Any]:
    kind = ctx.schema.entity("contact")
    every = [f for f in ctx.schema.fields("contact") if f.name.startswith("x_")]
    loaded = fields.load(ctx, kind, every, [record])
    return {f.name: loaded[f.name].get(record.id) for f in every}


def test_a_table_brings_values_and_an_export_takes_them_out_again(
    make: Make, ctx: Context, tmp_path: Path
) -> None:
    acme = make.company(name="Acme")
    text = (
        "Name,E-mail,Seats,Worth,Since,Size,Likes,Portal,Employer,Plan\n"
        'Ana Lima,ana@x.pt,12,"1,200.50",2024-02-29,Large,"Small, Large",https://x.pt/a,Acme,Gold\n'
        "Rui Costa,rui@x.pt,,,,,,,,\n"
    )
    (tmp_path / "people.csv").write_text(text, "utf-8")
    report = importing.import_file(ctx, tmp_path / "people.csv")
    assert (report.created, report.failed, list(report.lines)) == (2, 0, [])
    people = {c.given_name: c for c in ctx.session.execute(_all(ctx)).scalars()}
    assert said(ctx, people["Ana"]) == {
        "x_seats": 12,
        "x_worth": Decimal("1200.50"),
        "x_since": "2024-02-29",
        "x_size": "large",
        "x_likes": ["small", "large"],
        "x_portal": "https://x.pt/a",
        "x_employer": acme.id,
        "x_plan": "Gold",
    }
    assert said(ctx, people["Rui"])["x_plan"] == "Basic"

    wanted = exporting.Wanted(entity="contact", format="csv", chosen=Chosen(every=True, state=State.of([])))
    (tmp_path / "again.csv").write_text("".join(exporting.text(ctx, wanted)), "utf-8")
    before = {name: said(ctx, one) for name, one in people.items()}
    for one in people.values():
        records.update(ctx, "contact", one.id, dict.fromkeys(before["Ana"], None) | {"x_likes": []})
    report = importing.import_file(ctx, tmp_path / "again.csv", duplicates="replace")
    assert (report.updated, report.failed) == (2, 0)
    assert {name: said(ctx, one) for name, one in people.items()} == before


def _all(ctx: Context) -> Any:
    return select(ctx.schema.entity("contact").model)


def test_work_on_many_sets_a_field_and_its_undo_restores_each_value(make: Make, ctx: Context) -> None:
    people = [make.contact(family_name=f"N{n}") for n in range(4)]
    records.update(ctx, "contact", people[0].id, {"x_seats": 5})
    run = bulk_kit.edit(ctx, bulk_kit.ticked(*people), "x_seats", "set", 7)
    assert [said(ctx, one)["x_seats"] for one in people] == [7, 7, 7, 7]
    undo.start(ctx, run.operation_id or 0)
    assert [said(ctx, one)["x_seats"] for one in people] == [5, None, None, None]
