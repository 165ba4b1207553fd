"""Sums of money in SQL that are exact on both databases: they are made of whole cents, Decimal again in Python."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func

CENT = Decimal("0.01")


def cents(column: Any) -> ColumnElement[int]:
    """Return a column of money with two places as a whole number of cents."""
    return cast(func.round(column * 100), BigInteger)


def total(column: Any) -> ColumnElement[int]:
    """Return the sum of a column of money in cents, 0 for no row."""
    return func.coalesce(func.sum(cents(column)), 0)


def weighted(column: Any, percent: Any) -> ColumnElement[int]:
    """Return the sum of a column of money, each weighted by a whole percentage, in hundredths of a cent."""
    return func.coalesce(func.sum(cents(column) * percent), 0)


def money(found: Any) -> Decimal:
    """Return what `total` found as an amount."""
    return Decimal(int(found)).scaleb(-2)


def money_weighted(found: Any) -> Decimal:
    """Return what `weighted` found as an amount, rounded half up to a cent."""
    return rounded(Decimal(int(found)).scaleb(-4))


def rounded(amount: Decimal) -> Decimal:
    """Return an amount rounded half up to a cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)
