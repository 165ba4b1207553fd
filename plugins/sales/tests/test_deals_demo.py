from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.sdk.services import for_user, records
from app.testing.factories import Make

from ..deals import demo
from ..deals.models import Deal


@pytest.fixture
def people(make: Make) -> list[Any]:
    rui = make.user("rep", name="Rui")
    ctx = for_user(rui.id, source="demo")
    firm = records.create(ctx, "company", {"name": "Tavola"})
    values = {"given_name": "Ana", "affiliations": [{"company_id": firm.id, "is_primary": True}]}
    return [records.create(ctx, "contact", values)]


def test_the_demonstration_is_the_same_each_time_and_goes_through_the_rules(
    make: Make, people: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "COUNT", 12)
    ctx = make.ctx()
    with ctx.unit():
        demo.build(ctx)
    found = ctx.session.execute(select(Deal).order_by(Deal.id)).scalars().all()
    assert len(found) == 12
    assert {deal.source for deal in found} == {"demo"}
    assert {deal.outcome for deal in found} == {"open", "won", "lost"}
    assert all(deal.reason_id for deal in found if deal.outcome != "open")
    assert len({deal.opened_on for deal in found}) > 3


def test_without_people_there_is_nothing_to_show(make: Make) -> None:
    ctx = make.ctx()
    with ctx.unit():
        demo.build(ctx)
    assert ctx.session.execute(select(Deal.id)).first() is None
