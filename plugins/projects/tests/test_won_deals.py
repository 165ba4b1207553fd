"""A won deal becomes a project by one press, and the lines of its quote become tasks; Sales is met by name alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk.services import acting, plugin_settings, records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..plan import reading
from ..plan.models import Project

AsRole = Callable[..., Person]
LINES = [
    {"description": "Solar panel", "quantity": "10", "unit_price": "180", "discount": "0", "tax_rate": "0"},
    {"description": "Mounting", "quantity": "1", "unit_price": "640", "discount": "0", "tax_rate": "0"},
]


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """Projects and Sales are enabled."""
    return ("sales", "projects")


@pytest.fixture
def deal(make: Make) -> Any:
    """An open deal with a quote."""
    ctx = make.ctx()
    made = make("sales.deal", name="Roof", contact_id=make.contact().id, amount=Decimal(2440), currency="EUR")
    with acting(ctx):
        values = {"name": "Roof", "deal_id": made.id, "contact_id": made.contact_id, "valid_until": ""}
        records.create(ctx, "sales.quote", {**values, "lines": LINES})
    return made


def win(make: Make, deal: Any) -> None:
    ctx = make.ctx()
    stage = ctx.schema.entity("sales.stage").model
    query = select(stage.id).where(stage.outcome == "won").order_by(stage.id)
    won = ctx.session.execute(query).scalars().first()
    lists = ctx.session.execute(select(stage.checklist).order_by(stage.id)).scalars().all()
    ticked = [line for lines in lists for line in lines]
    with acting(ctx):
        records.update(ctx, "sales.deal", deal.id, {"stage_id": won, "checked": ticked})


def plans(make: Make) -> list[tuple[str, list[str]]]:
    ctx = make.ctx()
    found = ctx.session.execute(select(Project).order_by(Project.id)).scalars().all()
    return [(p.name, sorted(item.name for item in reading.plan(ctx, p).items)) for p in found]


def test_one_press_begins_the_project_of_a_won_deal_once(make: Make, deal: Any, as_role: AsRole) -> None:
    admin = as_role("admin")
    panel = f"/panel/projects/of_deal?on=sales.deal:{deal.id}"
    assert "Begin a project" not in admin.get(panel, htmx=True).text
    win(make, deal)
    form = soup(admin.get(panel, htmx=True)).select_one("form")
    sent = {i["name"]: i.get("value", "") for i in form.select("input[name]")}
    assert admin.post(form["action"], sent).status_code == 303
    admin.post(form["action"], sent)
    assert plans(make) == [("Roof", ["10 × Solar panel", "Mounting"])]


def test_a_won_deal_becomes_a_project_by_itself_where_it_is_set_so(
    make: Make, deal: Any, run_jobs: Callable[[], int]
) -> None:
    win(make, deal)
    run_jobs()
    assert plans(make) == []
    plugin_settings.save(make.ctx(), "projects", {"from_won": True})
    other = make(
        "sales.deal", name="Garage", contact_id=make.contact().id, amount=Decimal(900), currency="EUR"
    )
    win(make, other)
    run_jobs()
    assert plans(make) == [("Garage", [])]
