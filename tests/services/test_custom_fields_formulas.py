"""Formulas follow what they look at: on forms, in tables, in work on many records, for records that were there before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import custom_fields, custom_fields_formulas, fields, listing, records
from app.services.context import acting
from app.services.custom_fields import Values
from app.services.listing import Asked
from app.testing.factories import Make
from tests.services import bulk_kit

TOTAL = Values(label="Total", type="formula", result="money", formula="x_seats * x_price * if(x_vip, 0.9, 1)")


@pytest.fixture
def admin(make: Make) -> Any:
    """An administrator; people have seats, a price, a flag and the total of them."""
    user = make.user("administrator")
    before = (
        Values(label="Seats", type="number"),
        Values(label="Price", type="money"),
        Values(label="VIP", type="bool"),
    )
    with acting(make.ctx(user)) as seen:
        for one in before:
            custom_fields.add(seen, "contact", one)
    with acting(make.ctx(user)) as seen:
        custom_fields.add(seen, "contact", TOTAL)
    return user


@pytest.fixture
def ctx(admin: Any, make: Make) -> Iterator[Context]:
    with acting(make.ctx(admin)) as seen:
        yield seen


def total(ctx: Context, record_id: int) -> Any:
    field = ctx.schema.field("contact", "x_total")
    return fields.value(ctx, ctx.schema.entity("contact"), field, records.get(ctx, "contact", record_id))


def _new(ctx: Context, **values: Any) -> int:
    return int(records.create(ctx, "contact", {"family_name": "Lima", **values}).id)


def test_a_formula_follows_what_it_looks_at(ctx: Context) -> None:
    made = _new(ctx, x_seats=3, x_price=Decimal("10.50"))
    assert total(ctx, made) == Decimal("31.50")
    records.update(ctx, "contact", made, {"x_vip": True})
    assert total(ctx, made) == Decimal("28.35")
    records.update(ctx, "contact", made, {"x_price": None})
    assert total(ctx, made) is None


def test_it_follows_in_tables_and_work_on_many_records(ctx: Context) -> None:
    rows = [{"family_name": f"N{n}", "x_seats": n, "x_price": Decimal(2)} for n in range(30)]
    made = records.create_many(ctx, "contact", rows)
    assert [total(ctx, one.id) for one in made[:3]] == [Decimal(0), Decimal(2), Decimal(4)]
    bulk_kit.edit(ctx, bulk_kit.ticked(*made), "x_price", "set", Decimal(5))
    assert [total(ctx, one.id) for one in made[:3]] == [Decimal(0), Decimal(5), Decimal(10)]


def test_lists_are_filtered_and_sorted_by_it(ctx: Context) -> None:
    ids = [_new(ctx, x_seats=n, x_price=Decimal(1)) for n in (5, 1, 3)]
    page = listing.page(ctx, "contact", Asked(sort="-x_total", where="x_total > 2"))
    assert [row.id for row in page.rows] == [ids[0], ids[2]]


def test_records_from_before_are_computed_by_the_job(ctx: Context, make: Make, admin: Any) -> None:
    made = _new(ctx, x_seats=4)
    row = custom_fields.add(
        ctx, "contact", Values(label="Double", type="formula", result="number", formula="x_seats * 2")
    )
    with acting(make.ctx(admin)) as seen:
        custom_fields_formulas.compute(seen, {"entity": "contact", "field": row.id})
        field = seen.schema.field("contact", "x_double")
        kind = seen.schema.entity("contact")
        assert fields.value(seen, kind, field, records.get(seen, "contact", made)) == 8


def test_nobody_writes_a_result_and_a_wrong_formula_is_explained(ctx: Context) -> None:
    with pytest.raises(Invalid):
        _new(ctx, x_total=Decimal(1))
    for text, part in (
        ("x_nothing + 1", "x_nothing"),
        ("open(1)", "open()"),
        ("x_total + 1", "Total"),
        ("1 +", "finished"),
    ):
        with pytest.raises(Invalid) as error:
            custom_fields.add(
                ctx, "contact", Values(label="Wrong", type="formula", result="number", formula=text)
            )
        assert part in error.value.problems["formula"]
