"""Totals of the forecast by team and quarter, and of reports, are those that plain Python finds in the same file."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from app.sdk.services import acting
from app.testing.factories import Make

from ..deals.models import Deal
from ..forecast import board, cycle, periods, products
from ..forecast.asked import Asked
from ..products.models import DealLine, Product
from .deals_as_rows import Selling

Read = Callable[[str], list[dict[str, str]]]


@pytest.fixture(autouse=True)
def page(app: Flask) -> Iterator[None]:
    """A request, in which addresses can be made."""
    with app.test_request_context():
        yield


@pytest.fixture
def read(pipeline_data: Path) -> Read:
    """Read a table of the pipeline by its name."""

    def rows(name: str) -> list[dict[str, str]]:
        with (pipeline_data / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows


def quarter(day: str) -> str:
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


@pytest.fixture
def teams(make: Make, read: Read) -> dict[str, int]:
    """Write the deals of the file: one product each, its value that of the deal; the managers are the teams."""
    selling = Selling(make)
    agents = {row["sales_agent"]: row["manager"] for row in read("sales_teams.csv")}
    found = {manager: make.team(manager).id for manager in agents.values()}
    users = {name: make.user("rep", name=name, team=manager).id for name, manager in agents.items()}
    rows = read("sales_pipeline.csv")
    ctx = selling.ctx
    outcome = {"Won": "won", "Lost": "lost"}
    with acting(ctx), ctx.unit():
        goods = {row["product"]: Product(name=row["product"], currency="EUR") for row in rows}
        ctx.session.add_all(goods.values())
        ctx.session.flush()
        made = [
            Deal(
                name=row["opportunity_id"],
                pipeline_id=selling.pipeline_id,
                outcome=outcome.get(row["deal_stage"], "open"),
                category="closed" if row["deal_stage"] in outcome else "pipeline",
                amount=Decimal(row["close_value"] or 0),
                amount_base=Decimal(row["close_value"] or 0),
                currency="EUR",
                opened_on=row["engage_date"],
                close_on=row["close_date"],
                owner_id=users[row["sales_agent"]],
                team_id=found[agents[row["sales_agent"]]],
            )
            for row in rows
        ]
        ctx.session.add_all(made)
        ctx.session.flush()
        ctx.session.add_all(
            DealLine(deal_id=deal.id, product_id=goods[row["product"]].id, total=deal.amount)
            for deal, row in zip(made, rows, strict=True)
        )
    return found


def test_totals_by_team_product_and_quarter_are_those_of_the_file(
    make: Make, teams: dict[str, int], read: Read
) -> None:
    agents = {row["sales_agent"]: row["manager"] for row in read("sales_teams.csv")}
    won: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    by_product: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    decided: Counter[tuple[str, str]] = Counter()
    for row in read("sales_pipeline.csv"):
        if row["deal_stage"] in ("Won", "Lost"):
            decided[row["deal_stage"].lower(), quarter(row["close_date"])] += 1
        if row["deal_stage"] == "Won":
            won[teams[agents[row["sales_agent"]]], quarter(row["close_date"])] += Decimal(row["close_value"])
            by_product[row["product"], quarter(row["close_date"])] += Decimal(row["close_value"])
    assert won

    ctx = make.ctx()
    for key in {q for _team, q in won}:
        asked = Asked(period=periods.parse(key))
        lines = board.lines(ctx, asked)
        for team in teams.values():
            figures = board.added(line for line in lines if line.team_id == team)
            assert figures.sums["closed"] == won.get((team, key), Decimal(0))
            own = replace(asked, team=str(team), teams=frozenset({team}))
            assert board.added(board.lines(ctx, own)).sums["closed"] == figures.sums["closed"]
        found = {row.label: row.values["value"] for row in products.table(ctx, asked).rows}
        assert found == {product: value for (product, q), value in by_product.items() if q == key}
        for table, outcome in zip(cycle.reasons(ctx, asked), ("lost", "won"), strict=True):
            assert sum(row.values["count"] for row in table.rows) == decided[outcome, key]
        total = cycle.tables(ctx, asked, "month")[0].total
        assert total is not None
        assert total.values["deals"] == decided["won", key]
