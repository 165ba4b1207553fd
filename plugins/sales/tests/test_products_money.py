"""Amounts are exact: totals by tax rate agree with their lines for whatever is sold in whatever currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..products import money

CURRENCIES = ("EUR", "JPY", "KWD", "CHF")


@dataclass
class Line:
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)
    recurring: str = "none"


def numbers(most: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, Decimal(most), places=places, allow_nan=False)


LINES = st.lists(
    st.builds(
        Line,
        quantity=numbers("9999", 3),
        unit_price=numbers("99999", 4),
        discount=numbers("100", 2),
        tax_rate=st.sampled_from([Decimal(0), Decimal(6), Decimal("7.7"), Decimal(19), Decimal(23)]),
        recurring=st.sampled_from(["none", "month", "year"]),
    ),
    max_size=12,
)


@given(LINES, numbers("100", 2), st.sampled_from(CURRENCIES))
def test_totals_agree_with_their_lines(lines: list[Line], discount: Decimal, currency: str) -> None:
    found = money.totals(lines, discount, currency)
    step = money.step(currency)

    assert found.lines == sum((money.total_of(line, currency) for line in lines), Decimal(0))
    assert found.net == found.lines - found.discount == sum((t.base for t in found.taxes), Decimal(0))
    assert found.tax == sum((t.tax for t in found.taxes), Decimal(0))
    assert found.total == found.net + found.tax
    assert all(t.tax == money.rounded(t.base * t.rate / 100, currency) for t in found.taxes)
    for amount in (found.net, found.tax, found.total, *(t.base for t in found.taxes)):
        assert amount % step == 0
        assert amount >= 0


@given(LINES, st.sampled_from(CURRENCIES))
def test_what_comes_again_is_none_of_what_comes_once(lines: list[Line], currency: str) -> None:
    found = money.recurring(lines, currency)
    once = sum((money.total_of(line, currency) for line in lines if line.recurring == "none"), Decimal(0))
    assert found.once == once
    assert abs(found.monthly * 12 - found.yearly) <= money.step(currency) * 6


def test_halves_are_rounded_up() -> None:
    assert money.line_total(Decimal(1), Decimal("0.125"), Decimal(0), "EUR") == Decimal("0.13")
    assert money.line_total(Decimal(3), Decimal("0.5"), Decimal(0), "JPY") == Decimal(2)
    assert money.line_total(Decimal(1), Decimal("1.2345"), Decimal(0), "KWD") == Decimal("1.235")


def test_a_discount_is_shared_to_the_last_cent() -> None:
    lines = [Line(unit_price=Decimal("33.33"), tax_rate=Decimal(r)) for r in (6, 13, 23)]
    found = money.totals(lines, Decimal(10), "EUR")
    assert found.discount == Decimal("10.00")
    assert sorted(t.base for t in found.taxes) == [Decimal("29.99"), Decimal("30.00"), Decimal("30.00")]


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        ("1234.5", "EUR", "de", "1.234,50\xa0€"),
        ("0.0375", "EUR", "en", "€0.0375"),
        ("12", "JPY", "en", "¥12"),
        ("1.5", "KWD", "en", "KWD1.500"),
    ],
)
def test_amounts_are_printed_with_the_decimals_of_the_currency(
    amount: str, currency: str, locale: str, text: str
) -> None:
    assert money.shown(Decimal(amount), currency, locale) == text


def test_a_discount_is_judged_by_the_list_price() -> None:
    line = Line(unit_price=Decimal(80), discount=Decimal(10))
    assert money.off_list(line, Decimal(100), Decimal(5)) == Decimal("31.60")
    assert money.off_list(line, None, Decimal(0)) == Decimal(10)
    assert money.off_list(Line(unit_price=Decimal(120)), Decimal(100), Decimal(0)) == 0
