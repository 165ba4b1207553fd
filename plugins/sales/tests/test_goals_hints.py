from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from app.sdk.services import acting
from app.testing.clients import Person
from app.testing.factories import Make

from ..goals import hints
from ..products.models import DealLine, Product
from .deals_as_rows import Selling

AsRole = Callable[..., Person]


@pytest.fixture
def selling(make: Make) -> Selling:
    return Selling(make)


def bought(
    make: Make, selling: Selling, baskets: list[str], outcome: str = "won"
) -> tuple[dict[str, int], list[Any]]:
    """A company for each basket with a deal of its products, each product a letter."""
    letters = sorted(set("".join(baskets)))
    with acting(selling.ctx), selling.ctx.unit():
        made = [Product(name=f"Product {letter}", price=Decimal(1), currency="EUR") for letter in letters]
        selling.ctx.session.add_all(made)
        selling.ctx.session.flush()
        products = {letter: one.id for letter, one in zip(letters, made, strict=True)}
    companies = [make.company() for _basket in baskets]
    for company, basket in zip(companies, baskets, strict=True):
        deal = selling.deal(outcome=outcome, company_id=company.id)
        with acting(selling.ctx), selling.ctx.unit():
            selling.ctx.session.add_all(
                DealLine(deal_id=deal.id, product_id=products[letter], total=Decimal(1)) for letter in basket
            )
    return products, companies


def test_hints_come_from_what_similar_customers_bought(make: Make, selling: Selling, app: Flask) -> None:
    products, companies = bought(make, selling, ["ab", "ab", "ab", "a", "c", "c", "cb", "d"])
    ctx = make.ctx()
    with acting(ctx):
        assert hints.learn(ctx) == 2
        assert hints.learn(ctx) == 2
    held = hints.held_by(ctx, company_id=companies[3].id, contact_id=None)
    with app.test_request_context():
        (found,) = hints.of(make.ctx(), held)

    assert (found.product, found.because) == ("Product b", "Product a")
    assert (found.rule.support, found.rule.confidence) == (Fraction(3, 8), Fraction(3, 4))
    assert found.rule.lift == Fraction(3, 2)
    assert held == {products["a"]}


def test_lost_deals_teach_nothing(make: Make, selling: Selling) -> None:
    bought(make, selling, ["ab"] * 5 + ["c"], outcome="lost")
    ctx = make.ctx()
    with acting(ctx):
        assert hints.learn(ctx) == 0


def test_the_panel_says_the_numbers(
    as_role: AsRole, make: Make, selling: Selling, run_jobs: Callable[[], int]
) -> None:
    _products, companies = bought(make, selling, ["ab", "ab", "ab", "a", "c", "c", "cb", "d"])
    ctx = make.ctx()
    with acting(ctx):
        hints.learn(ctx)
    person = as_role("admin")
    text = person.get(f"/panel/sales/hints_company?on=company:{companies[3].id}", htmx=True).text
    assert "Product b" in text
    assert "3 of 4 who have Product a have it too: 75 %, 1.5 times as often as others" in text
    assert "37.5 % of all customers have both" in text
    assert (
        "Product"
        not in person.get(f"/panel/sales/hints_company?on=company:{companies[7].id}", htmx=True).text
    )
