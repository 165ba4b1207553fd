"""Amounts, exactly: rounding to a currency's minor unit, totals of lines by tax rate, what comes again each month.

Everything is Decimal; a half is rounded up, away from zero (commercial rounding), once per line and once per tax rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Protocol

from babel.core import Locale
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol

HUNDRED = Decimal(100)
MONTHS = Decimal(12)
MOST = Decimal(10) ** 11
"""Amounts below this are kept exactly, with four decimals, by both databases."""


class Line(Protocol):
    """What is looked at of a line; percents are of hundred."""

    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax_rate: Decimal
    recurring: str


@dataclass(frozen=True)
class Tax:
    """One rate: the amount that it is of, and the tax."""

    rate: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Totals:
    """Lines added up: `lines` before and `net` after the discount on the whole, taxes by falling rate, the total."""

    lines: Decimal
    discount: Decimal
    net: Decimal
    taxes: tuple[Tax, ...]
    tax: Decimal
    total: Decimal


@dataclass(frozen=True)
class Recurring:
    """What lines bring: once, each month (MRR) and each year (ARR), before tax."""

    once: Decimal
    monthly: Decimal
    yearly: Decimal


@lru_cache(maxsize=256)
def step(currency: str) -> Decimal:
    """Return the smallest amount of a currency (ISO 4217): 0.01 euros, 1 yen; 0.01 for a code that is none."""
    return Decimal(1).scaleb(-int(get_currency_precision(currency or "EUR")))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount in whole minor units of its currency."""
    return amount.quantize(step(currency), ROUND_HALF_UP)


def line_total(quantity: Decimal, unit_price: Decimal, discount: Decimal, currency: str) -> Decimal:
    """Return the amount of a line after its discount in percent, before tax."""
    return rounded(quantity * unit_price * (HUNDRED - discount) / HUNDRED, currency)


def total_of(line: Line, currency: str) -> Decimal:
    """Return the amount of a line."""
    return line_total(line.quantity, line.unit_price, line.discount, currency)


def totals(lines: Sequence[Line], discount: Decimal, currency: str) -> Totals:
    """Add lines up; the discount in percent on the whole is shared among the tax rates to the last cent."""
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.tax_rate.normalize()
        bases[rate] = bases.get(rate, Decimal(0)) + total_of(line, currency)
    gross = sum(bases.values(), Decimal(0))
    off = rounded(gross * discount / HUNDRED, currency)
    shares = shared(off, bases, currency)
    taxes = tuple(
        Tax(rate, base - shares[rate], rounded((base - shares[rate]) * rate / HUNDRED, currency))
        for rate, base in sorted(bases.items(), reverse=True)
    )
    net, tax = gross - off, sum((t.tax for t in taxes), Decimal(0))
    return Totals(gross, off, net, taxes, tax, net + tax)


def shared(off: Decimal, bases: dict[Decimal, Decimal], currency: str) -> dict[Decimal, Decimal]:
    """Share an amount in proportion to others so that the parts add up to it exactly (running rest)."""
    found: dict[Decimal, Decimal] = {}
    whole, left = sum(bases.values(), Decimal(0)), off
    for rate, base in sorted(bases.items()):
        part = rounded(left * base / whole, currency) if whole else Decimal(0)
        found[rate] = part
        left, whole = left - part, whole - base
    return found


def recurring(lines: Iterable[Line], currency: str) -> Recurring:
    """Return what lines bring once, by month and by year; a yearly amount is a twelfth of it each month."""
    sums = {"none": Decimal(0), "month": Decimal(0), "year": Decimal(0)}
    for line in lines:
        sums[line.recurring if line.recurring in sums else "none"] += total_of(line, currency)
    yearly = sums["month"] * MONTHS + sums["year"]
    return Recurring(sums["none"], rounded(yearly / MONTHS, currency), yearly)


def off_list(line: Line, list_price: Decimal | None, discount: Decimal) -> Decimal:
    """Return by how many percent a line is below its list price, the discount on the whole included; at least 0."""
    price = line.unit_price * (HUNDRED - line.discount) / HUNDRED * (HUNDRED - discount) / HUNDRED
    reference = list_price if list_price else line.unit_price
    if reference <= 0:
        return Decimal(0)
    below = (reference - price) * HUNDRED / reference
    return max(Decimal(0), below.quantize(Decimal("0.01"), ROUND_HALF_UP))


def shown(amount: Decimal | None, currency: str, locale: str) -> str:
    """Return an amount as it is printed: always with the currency's decimals, more where a unit price has more."""
    if amount is None:
        return "–"
    exact = amount.normalize()
    places = max(-int(step(currency).as_tuple().exponent), -int(exact.as_tuple().exponent), 0)
    pattern = _pattern(locale, places)
    text: str = format_currency(amount, currency or "EUR", pattern, locale=locale, currency_digits=False)
    return text


@lru_cache(maxsize=64)
def _pattern(locale: str, places: int) -> str:
    """Return the pattern for amounts of a language (CLDR) with so many decimals."""
    usual = Locale.parse(locale, sep="-" if "-" in locale else "_").currency_formats["standard"].pattern
    return str(usual).replace("0.00", "0." + "0" * places if places else "0")


def plain(value: Decimal, locale: str) -> str:
    """Return a quantity or percentage without needless zeros."""
    exact = value.normalize()
    return str(format_decimal(exact, "#,##0.###", locale=locale))


def symbol(currency: str, locale: str) -> str:
    """Return the sign of a currency as a language writes it."""
    return str(get_currency_symbol(currency or "EUR", locale=locale))
