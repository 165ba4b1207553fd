from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.sdk import Context, Invalid, NotAllowed, Refuse
from app.sdk.services import records
from app.testing.factories import Make

from ..products import catalogue, prices
from ..products.entities import PRICE_LIST, PRODUCT


@pytest.fixture
def ctx(make: Make) -> Context:
    return make.ctx()


def product(make: Make, name: str = "Panel", **values: Any) -> Any:
    return make(PRODUCT, **{"name": name, "price": Decimal(200), "currency": "EUR", **values})


def price_list(make: Make, ctx: Context, of: Any, *tiers: tuple[int, int], **values: Any) -> Any:
    made = make(PRICE_LIST, **{"name": "All", "currency": "EUR", "standard": True, **values})
    for minimum, price in tiers:
        catalogue.put_price(ctx, made.id, of.id, Decimal(minimum), Decimal(price))
    return made


def costs(ctx: Context, of: Any, quantity: int, **buyer: Any) -> Decimal | None:
    return prices.price_of(ctx, of, Decimal(quantity), prices.Buyer(**{"currency": "EUR", **buyer}))


def test_the_highest_tier_that_is_reached_holds(ctx: Context, make: Make) -> None:
    panel = product(make)
    price_list(make, ctx, panel, (10, 180), (1, 190), (100, 150))

    assert [costs(ctx, panel, n) for n in (1, 9, 10, 99, 1000)] == [190, 190, 180, 180, 150]


def test_without_a_list_the_product_costs_what_its_page_says(ctx: Context, make: Make) -> None:
    panel = product(make)
    assert costs(ctx, panel, 1) == 200
    assert costs(ctx, panel, 1, currency="USD") is None


def test_a_list_is_for_its_days_and_its_currency(ctx: Context, make: Make) -> None:
    panel = product(make)
    price_list(make, ctx, panel, (1, 100), valid_until="2020-12-31")
    price_list(make, ctx, panel, (1, 110), valid_from="2999-01-01", name="Later")
    price_list(make, ctx, panel, (1, 300), currency="USD", name="Dollars")

    assert costs(ctx, panel, 1) == 200
    assert costs(ctx, panel, 1, currency="USD") == 300


def test_a_list_for_some_companies_goes_before_the_one_for_everybody(ctx: Context, make: Make) -> None:
    panel = product(make)
    energy = make.company(name="Solar", industry="Energy")
    bakery = make.company(name="Bread", industry="Food")
    price_list(make, ctx, panel, (1, 190))
    price_list(make, ctx, panel, (1, 120), name="Installers", segment="industry = Energy", standard=False)

    assert costs(ctx, panel, 1, company_id=energy.id) == 120
    assert costs(ctx, panel, 1, company_id=bakery.id) == 190
    assert costs(ctx, panel, 1) == 190


def test_the_tax_rate_is_that_of_country_class_and_day(ctx: Context, make: Make) -> None:
    for country, tax_class, rate, day in (
        ("", "standard", 20, ""),
        ("PT", "standard", 21, ""),
        ("PT", "standard", 23, "2011-01-01"),
        ("PT", "reduced", 6, ""),
    ):
        values = {
            "country": country,
            "tax_class": tax_class,
            "rate": Decimal(rate),
            "valid_from": day,
            "label": "",
        }
        catalogue.put_rate(ctx, values)

    assert prices.tax_rate(ctx, "PT", "standard", "2026-05-01") == 23
    assert prices.tax_rate(ctx, "PT", "standard", "2010-05-01") == 21
    assert prices.tax_rate(ctx, "PT", "reduced", "2026-05-01") == 6
    assert prices.tax_rate(ctx, "DE", "standard", "2026-05-01") == 20
    assert prices.tax_rate(ctx, "DE", "reduced", "2026-05-01") == 20
    assert prices.tax_rate(ctx, "DE", "exempt", "2026-05-01") == 0


def test_everybody_who_sells_sees_products_and_few_change_them(ctx: Context, make: Make) -> None:
    panel = product(make)
    rep = make.ctx(make.user("rep", team="north"))

    assert records.get(rep, PRODUCT, panel.id).name == "Panel"
    with pytest.raises(NotAllowed):
        records.update(rep, PRODUCT, panel.id, {"price": Decimal(1)})
    with pytest.raises(Refuse):
        records.create(rep, PRODUCT, {"name": "Mine"})
    with pytest.raises(NotAllowed):
        catalogue.put_rate(
            rep, {"country": "", "tax_class": "zero", "rate": Decimal(0), "valid_from": "", "label": ""}
        )


@pytest.mark.parametrize(("minimum", "price"), [("0", "1"), ("1", "-1"), ("1", "1e30")])
def test_a_price_is_no_nonsense(ctx: Context, make: Make, minimum: str, price: str) -> None:
    panel = product(make)
    made = price_list(make, ctx, panel)
    with pytest.raises(Invalid):
        catalogue.put_price(ctx, made.id, panel.id, Decimal(minimum), Decimal(price))
