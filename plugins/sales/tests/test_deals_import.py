"""A foreign pipeline comes in through the import, and its totals are those of the file, to the cent."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.sdk.models import Company, Team, User
from app.sdk.services import records
from app.testing.clients import Person
from app.testing.factories import Make

from ..deals import admin, stages
from ..deals.models import Deal
from ..products.models import DealLine, Product

Totals = dict[tuple[str, str, str], Decimal]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def quarter(day: str) -> str:
    return f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}"


def expected(folder: Path) -> Totals:
    """Add up what the file says by manager's team, product and quarter."""
    teams = {row["sales_agent"]: row["manager"] for row in rows(folder, "sales_teams.csv")}
    found: Totals = defaultdict(Decimal)
    for row in rows(folder, "sales_pipeline.csv"):
        if row["deal_stage"] == "Won":
            product = row["product"].replace("GTXPro", "GTX Pro")
            key = (teams[row["sales_agent"]], product, quarter(row["close_date"]))
            found[key] += Decimal(row["close_value"])
    return dict(found)


def prepare(make: Make, folder: Path) -> None:
    """Set up what an administrator would: teams, colleagues, stages, products."""
    ctx = make.ctx()
    for row in rows(folder, "sales_teams.csv"):
        make.user("rep", name=row["sales_agent"], team=row["manager"])
    of = stages.default_pipeline(ctx)
    names = ("Prospecting", "Engaging")
    for at, stage in enumerate(stages.stages(ctx, of)):
        values = {
            n: getattr(stage, n) for n in ("name", "outcome", "probability", "expected_days", "retired")
        }
        values |= {"required": [], "checklist": []} | ({"name": names[at]} if at < len(names) else {})
        admin.save_stage(ctx, of.id, stage.id, values)
    for row in rows(folder, "products.csv"):
        records.create(
            ctx,
            "sales.product",
            {"name": row["product"], "price": Decimal(row["sales_price"]), "currency": "EUR"},
        )


def brought(
    person: Person, run_jobs: Callable[[], int], data: bytes, entity: str, columns: list[str]
) -> None:
    """Import a table: choose what its columns hold, begin, let it run."""
    url = person.post("/import", {"entity": entity, "file": (io.BytesIO(data), "table.csv")}).headers[
        "Location"
    ]
    chosen = {f"m{n}": f"field:{name}" if name else "" for n, name in enumerate(columns)}
    assert person.post(url, {"do": "look", **chosen}).status_code in (200, 303)
    assert person.post(url, {"do": "go"}).status_code == 303
    while run_jobs():
        pass


def actual(make: Make) -> Totals:
    ctx = make.ctx()
    query = (
        select(Team.name, Product.name, Deal.close_on, DealLine.total, Deal.amount)
        .join(User, User.id == Deal.owner_id)
        .join(Team, Team.id == User.team_id)
        .join(DealLine, DealLine.deal_id == Deal.id)
        .join(Product, Product.id == DealLine.product_id)
        .where(Deal.outcome == "won")
    )
    found: Totals = defaultdict(Decimal)
    for team, product, day, total, amount in ctx.session.execute(query):
        assert total == amount
        found[team, product, quarter(day)] += total
    return dict(found)


def test_totals_by_team_product_and_quarter_are_those_of_the_file(
    make: Make, as_role: Any, run_jobs: Callable[[], int], pipeline_data: Path
) -> None:
    folder = pipeline_data
    prepare(make, folder)
    person = as_role("manager")
    accounts = (folder / "accounts.csv").read_bytes()
    brought(
        person, run_jobs, accounts, "company", ["name", "industry", "", "", "number_of_employees", "", ""]
    )
    data = (folder / "sales_pipeline.csv").read_bytes().replace(b"GTXPro", b"GTX Pro")
    columns = ["name", "owner_id", "product", "company_id", "stage_id", "opened_on", "close_on", "amount"]
    brought(person, run_jobs, data, "sales.deal", columns)

    ctx = make.ctx()
    given = rows(folder, "sales_pipeline.csv")
    deals = {deal.name: deal for deal in ctx.session.execute(select(Deal)).scalars()}
    assert len(deals) == len(given)
    for row in given:
        deal = deals[row["opportunity_id"]]
        assert stages.stage(ctx, deal.stage_id).name == row["deal_stage"]
        assert (deal.opened_on if row["engage_date"] else "") == row["engage_date"]
        assert deal.close_on == row["close_date"]
    firms = {row.id: row.name for row in ctx.session.execute(select(Company.id, Company.name))}
    assert all(firms.get(deals[row["opportunity_id"]].company_id or 0, "") == row["account"] for row in given)
    assert actual(make) == expected(folder)
