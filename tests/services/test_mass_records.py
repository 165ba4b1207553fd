"""Many records stored at once are the same records as those stored one by one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from app.kernel.errors import Refuse
from app.models import Company, Contact
from app.services import mass_records, records
from app.services.context import HouseContext
from app.testing.factories import Make

OWN = ("id", "uid", "given_name", "formatted_name", "name_key")
"""What tells records apart."""


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    return make.ctx(make.user("manager"))


def people(count: int) -> list[dict[str, Any]]:
    return [{"given_name": f"Ana {n}", "family_name": "Lima", "birthday": "--04-12"} for n in range(count)]


def columns(record: Any) -> dict[str, Any]:
    names = [attribute.key for attribute in inspect(type(record)).column_attrs]
    return {name: getattr(record, name) for name in names if name not in OWN}


def test_they_have_what_a_record_made_alone_has(ctx: HouseContext) -> None:
    alone = records.create(ctx, "contact", people(1)[0])
    expected = columns(alone)
    made = records.create_many(ctx, "contact", people(mass_records.FEW))
    assert [columns(one) for one in made] == [expected] * len(made)
    ctx.session.expire_all()
    stored = list(ctx.session.scalars(select(Contact).order_by(Contact.id)))
    assert [columns(one) for one in stored] == [expected] * (len(made) + 1)
    assert len({one.id for one in stored}) == len({one.uid for one in stored}) == len(stored)


def test_they_can_be_changed_in_the_same_unit(ctx: HouseContext) -> None:
    with ctx.unit():
        first, *_rest = records.create_many(ctx, "contact", people(mass_records.FEW))
        records.update(ctx, "contact", first.id, {"given_name": "Berta"})
        number = first.id
    ctx.session.expire_all()
    assert records.get(ctx, "contact", number).formatted_name == "Berta Lima"


def test_a_savepoint_taken_back_leaves_nothing_and_the_numbers_serve_others(ctx: HouseContext) -> None:
    with ctx.unit():
        kept = records.create_many(ctx, "company", [{"name": f"Firm {n}"} for n in range(mass_records.FEW)])
        with suppress(Refuse), ctx.unit(savepoint=True):
            lost = records.create_many(ctx, "contact", people(mass_records.FEW))
            raise Refuse("Not these.")
        assert not any(one in ctx.session for one in lost)
        again = records.create_many(ctx, "contact", people(mass_records.FEW))
        assert all(one in ctx.session for one in (*kept, *again))
    assert ctx.session.scalar(select(func.count(Contact.id))) == mass_records.FEW
    assert ctx.session.scalar(select(func.count(Company.id))) == mass_records.FEW


def test_numbers_go_on_where_others_ended(ctx: HouseContext) -> None:
    many = records.create_many(ctx, "contact", people(mass_records.FEW))
    last = max(one.id for one in many)
    assert records.create(ctx, "contact", people(1)[0]).id > last


def test_the_statements_do_not_grow_with_the_records(ctx: HouseContext, queries: Callable[[], Any]) -> None:
    def sent(count: int) -> int:
        with queries() as seen:
            records.create_many(ctx, "contact", people(count))
        return len(seen)

    sent(mass_records.FEW)
    assert sent(mass_records.FEW * 5) == sent(mass_records.FEW * 2)
