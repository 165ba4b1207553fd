from __future__ import annotations

from typing import Any

import pytest

from app.sdk.services import for_user, records
from app.testing.factories import Make

from ..deals import demo as deals
from ..forecast import asked as asking
from ..forecast import comparing, snapshots
from ..goals import activity, demo, plans


@pytest.fixture
def people(make: Make) -> list[Any]:
    rui = make.user("rep", name="Rui")
    ctx = for_user(rui.id, source="demo")
    firm = records.create(ctx, "company", {"name": "Tavola"})
    values = {"given_name": "Ana", "affiliations": [{"company_id": firm.id, "is_primary": True}]}
    return [records.create(ctx, "contact", values)]


@pytest.mark.usefixtures("people")
def test_the_demonstration_has_weeks_behind_it(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deals, "COUNT", 25)
    ctx = make.ctx()
    with ctx.unit():
        deals.build(ctx)
        demo.build(ctx)
    every = snapshots.latest(ctx)
    assert len(every) == demo.WEEKS
    assert every[0].deals > 0
    assert len(plans.listed(ctx)) == 1
    assert len(activity.listed(ctx)) == 3
    found = comparing.between(ctx, asking.read(ctx, {}), every[-1])
    assert sum(k.delta for k in found.kinds) == sum(found.now.values()) - sum(found.then.values())


def test_without_deals_there_is_nothing_to_aim_at(make: Make) -> None:
    make.user("rep")
    ctx = make.ctx()
    with ctx.unit():
        demo.build(ctx)
    assert plans.listed(ctx) == []
