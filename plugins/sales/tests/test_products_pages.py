from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..products import demo
from ..products.entities import PRICE_LIST, PRODUCT
from ..products.models import Product, TaxRate

AsRole = Callable[..., Person]


def test_a_product_is_written_down_and_shown(as_role: AsRole) -> None:
    person = as_role("admin")
    values = {
        "name": "Panel",
        "code": "P-1",
        "price": "1.234,50",
        "tax_class": "standard",
        "recurring": "none",
    }

    assert person.post("/sales/products/new", {**values, "price": "x"}).status_code == 422
    answer = person.post("/sales/products/new", values)

    assert answer.status_code == 303
    page = person.get(answer.headers["Location"]).text
    assert "P-1" in page
    assert "Panel" in person.get(f"/list/{PRODUCT}").text


def test_a_price_list_is_filled(as_role: AsRole, make: Make) -> None:
    person, panel = as_role("admin"), make(PRODUCT, name="Panel", category="Panels")
    wrong = person.post(
        "/sales/price-lists/new", {"name": "Trade", "currency": "EUR", "segment": "nonsense ="}
    )
    made = person.post(
        "/sales/price-lists/new", {"name": "Trade", "currency": "EUR", "segment": "industry = Food"}
    )
    page = made.headers["Location"]

    assert wrong.status_code == 422
    assert "Panels" in person.get(page).text
    assert (
        person.post(f"{page}/prices", {"product_id": panel.id, "minimum": "10", "price": "-"}).status_code
        == 422
    )
    person.post(f"{page}/prices", {"product_id": panel.id, "minimum": "10", "price": "99.95"})
    shown = soup(person.get(page))
    assert "€99.95" in shown.text
    person.post(shown.select_one("#prices form")["action"])
    assert "€99.95" not in person.get(page).text


def test_tax_rates_are_kept_by_who_looks_after_prices(as_role: AsRole, make: Make) -> None:
    person = as_role("manager")
    person.post(
        "/sales/taxes/", {"country": "pt", "tax_class": "standard", "rate": "23", "valid_from": "2011-01-01"}
    )
    rate = make.ctx().session.execute(select(TaxRate)).scalar_one()

    assert (rate.country, rate.rate) == ("PT", Decimal(23))
    assert (
        person.post("/sales/taxes/", {"country": "", "tax_class": "standard", "rate": "101"}).status_code
        == 422
    )
    assert "23 %" in person.get("/sales/taxes/").text
    assert as_role("rep").get("/sales/taxes/").status_code == 403
    assert as_role("rep").get("/sales/products/new").status_code == 403
    person.post(f"/sales/taxes/{rate.id}/remove")
    assert "23 %" not in person.get("/sales/taxes/").text


def test_a_table_of_products_is_imported_as_it_is(
    as_role: AsRole, make: Make, run_jobs: Callable[[], int], pipeline_data: Path
) -> None:
    text = (pipeline_data / "products.csv").read_text("utf-8")
    person = as_role("admin")
    sent = person.post("/import", {"entity": PRODUCT, "file": (io.BytesIO(text.encode()), "products.csv")})
    look = soup(person.get(sent.headers["Location"]))
    assert f"{len(text.splitlines()) - 1} new" in look.get_text(" ")
    person.post(sent.headers["Location"], {"do": "go"})
    run_jobs()
    rows = make.ctx().session.execute(select(Product.name, Product.category, Product.price)).all()
    assert len(rows) == len(text.splitlines()) - 1
    assert ("GTX Basic", "GTX", Decimal(550)) in [tuple(row) for row in rows]


def test_the_demonstration_comes_once(make: Make) -> None:
    ctx = make.ctx()
    for _time in range(2):
        with ctx.unit():
            demo.build(ctx)
    rows = ctx.session.execute(select(Product.name)).all()
    assert len(rows) == len(demo.PRODUCTS)
    assert make.ctx().schema.has(PRICE_LIST)
