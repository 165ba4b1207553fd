"""The forms of deals say in one answer what cannot be understood and what the change would refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.testing import Make, soup

AsRole = Callable[..., Any]


def test_a_new_deal_for_nobody_with_a_wrong_amount(as_role: AsRole) -> None:
    page = as_role("admin").post("/sales/deals/new", {"name": "", "amount": "much"})

    assert page.status_code == 422
    assert "Write what may be sold, or to whom." in page.text
    assert "“much”" in soup(page).get_text()


def test_an_edited_deal_with_a_long_name_and_a_wrong_amount(as_role: AsRole, make: Make) -> None:
    deal = make("sales.deal", name="Roof")

    page = as_role("admin").post(
        f"/sales/deals/{deal.id}/edit", {"name": "x" * 2000, "amount": "much", "version": "1"}
    )

    assert page.status_code == 422
    assert "Shorten it." in page.text
    assert "“much”" in soup(page).get_text()
