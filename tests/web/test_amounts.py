"""Money on lists and pages: in the currency of its record, of its owner or of the house, as the reader writes it."""

from __future__ import annotations

from typing import Any

import pytest

from app.i18n import speaking
from app.services import settings
from app.testing.clients import Person, soup
from app.testing.factories import Make
from app.web import amounts

LIST = "/companies?cols=name,annual_revenue"


@pytest.mark.parametrize(
    ("locale", "value", "shown"),
    [
        ("en", "1234.5", "$1,234"),
        ("en", "12.5", "$12.50"),
        ("en", "12", "$12"),
        ("de", "1234567.8", "1.234.568\xa0$"),
        ("de", "12.5", "12,50\xa0$"),
    ],
)
def test_an_amount_is_written_as_the_reader_does(app: Any, locale: str, value: str, shown: str) -> None:
    with app.test_request_context(), speaking(locale):
        assert amounts.money(value, "USD") == shown


@pytest.fixture
def firms(make: Make) -> None:
    for name, amount, currency, kind in (
        ("Acme", 5_000_000, "USD", "customer"),
        ("Bolt", 1_000, "", "customer"),
        ("Cork", 2_500, "", "partner"),
        ("Dell", 700, "EUR", "partner"),
    ):
        values: dict[str, Any] = {"annual_revenue": amount, "currency": currency, "kinds": kind}
        make.company(name=name, **values)


def cells(page: Any) -> list[str]:
    return [td.text.strip() for td in page.select("#rows td.num")]


def test_lists_say_what_money_is_in(firms: None, make: Make, as_role: Any) -> None:
    admin: Person = as_role("admin")
    assert cells(soup(admin.get(LIST))) == ["$5,000,000", "€1,000", "€2,500", "€700"]
    ctx = make.ctx()
    with ctx.unit():
        settings.save(ctx, {"currency": "CHF"})
    assert cells(soup(admin.get(LIST)))[1] == "CHF\xa01,000"


def test_sums_of_groups_say_it_too_and_never_add_currencies_up(firms: None, as_role: Any) -> None:
    heads = soup(as_role("admin").get(f"{LIST}&group=kinds")).select("tr.grp")
    said = {head.a.text: " ".join(b.text for b in head.select("b")) for head in heads}
    assert said == {"Customer": "", "Partner": "€3,200"}


def test_the_page_of_a_record_and_its_cell_agree(make: Make, as_role: Any) -> None:
    admin, firm = as_role("admin"), make.company(name="Acme", annual_revenue=1, currency="JPY")
    page = soup(admin.get(f"/companies/{firm.id}"))
    assert "¥2,000" not in page.text
    form = {"annual_revenue": "2000", "version": str(firm.version)}
    answer = admin.post(f"/list/company/{firm.id}/annual_revenue", form, htmx=True)
    assert "¥2,000" in answer.text
