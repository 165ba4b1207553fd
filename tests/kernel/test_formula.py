"""Formulas come to exactly what they say, and to nothing where a part is missing or cannot be computed."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.expr.formula import FormulaError, compute, names, parse

VALUES = {
    "x_seats": 12,
    "x_price": Decimal("0.10"),
    "x_begin": "2024-02-28",
    "x_end": "2024-03-01",
    "x_empty": "",
    "x_on": True,
}

CASES: list[tuple[str, Any]] = [
    ("1 + 2 * 3", Decimal(7)),
    ("(1 + 2) * 3", Decimal(9)),
    ("10 - 4 - 3", Decimal(3)),
    ("-x_seats", Decimal(-12)),
    ("x_seats * x_price", Decimal("1.20")),
    ("x_price + x_price + x_price = 0.3", True),
    ("round(x_seats / 7, 2)", Decimal("1.71")),
    ("round(2.5)", Decimal(3)),
    ('if(x_seats > 10, "large", "small")', "large"),
    ("if(x_seats > 10 and not x_on, 1, 2)", Decimal(2)),
    ("days(x_begin, x_end)", Decimal(2)),
    ('"N" & x_seats & "-" & x_empty', "N12-"),
    ("concat(upper('a'), x_seats)", "A12"),
    ("min(3, x_seats, 4.5)", Decimal(3)),
    ("first(x_empty, x_nothing, 4)", Decimal(4)),
    ("year(x_begin) + month(x_end)", Decimal(2027)),
    ("x_empty + 1", None),
    ("x_seats / 0", None),
    ("'a' * 2", None),
    ("days('yesterday', x_end)", None),
    ("x_empty > 1", False),
]


@pytest.mark.parametrize(("text", "value"), CASES)
def test_formulas_come_to_what_they_say(text: str, value: Any) -> None:
    assert compute(parse(text), VALUES) == value


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1 +", "unfinished"),
        ("", "unfinished"),
        ("1 2", "unexpected"),
        ("open('x')", "function"),
        ("__import__('os')", "function"),
        ("round(1, 2, 3)", "parts"),
        ("(1", "expected"),
        ("x ** 2", "unexpected"),
        ("(" * 40 + "1" + ")" * 40, "deep"),
        ("1" + " + 1" * 249, "long"),
    ],
)
def test_what_is_no_formula_is_refused(text: str, key: str) -> None:
    with pytest.raises(FormulaError) as error:
        parse(text)
    assert error.value.key == key


def test_the_fields_of_a_formula_are_known() -> None:
    assert names(parse("if(x_a > 1, x_b & 'x_c', round(x_a))")) == {"x_a", "x_b"}


@given(st.text(max_size=200))
def test_no_text_does_anything_but_compute_or_be_refused(text: str) -> None:
    with suppress(FormulaError):
        compute(parse(text), VALUES)
