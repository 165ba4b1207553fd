"""Numbers and amounts of money as people read them: in the currency of their record, of their field's owner, or of the house."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from flask import g
from flask_babel import get_locale

from app.kernel.context import Context
from app.kernel.contributions import Field
from app.kernel.guard import Failure, Surface, run

CENTS = re.compile(r"\.0+")


def money(value: Any, currency: str) -> str:
    """Return an amount with its currency (ISO 4217), written as the reader's language does; no cents from 1,000 up."""
    return _amount(str(value), currency, get_locale())


@lru_cache(maxsize=4096)
def _amount(value: str, currency: str, locale: Any) -> str:
    amount, pattern = Decimal(value), Locale.parse(str(locale)).currency_formats["standard"].pattern
    if get_currency_symbol(currency, locale)[-1:].isalpha():
        pattern = pattern.replace("¤#", "¤\xa0#")  # CHF 1,000 as CLDR spaces it, which Babel leaves out
    if abs(amount) < 1000 and amount != amount.to_integral_value():
        return str(format_currency(amount, currency, pattern, locale=locale))
    return str(
        format_currency(amount, currency, CENTS.sub("", pattern), locale=locale, currency_digits=False)
    )


def number(value: Any) -> str:
    """Return a number by the reader's locale; an empty one is an en dash."""
    if value is None or value == "":
        return "–"
    locale = g.setdefault("babel_locale", get_locale())
    return _whole(value, str(locale)) if type(value) is int else str(format_decimal(value, locale=locale))


@lru_cache(maxsize=4096)
def _whole(value: int, locale: str) -> str:
    """Return a count as a language writes it; pages say the same few again and again."""
    return str(format_decimal(value, locale=locale))


def bare(value: Any) -> str:
    """Return an amount of which nobody can say the currency, as a number."""
    amount = Decimal(str(value))
    whole = abs(amount) >= 1000 or amount == amount.to_integral_value()
    return str(format_decimal(amount, "#,##0" if whole else "#,##0.00", locale=get_locale()))


def column(field: Field) -> str:
    """Return the column of a record that says what currency a field is in; empty where all records have the same."""
    return field.currency if isinstance(field.currency, str) else ""


def common(ctx: Context, field: Field) -> str:
    """Return the currency of a field where the record says none: its owner's, else that of the house."""
    house = str(ctx.settings.get("currency") or "EUR")
    if not callable(field.currency):
        return house
    found = run(
        field.currency, ctx, owner=field.owner, surface=Surface.FIELD, item=field.key, session=ctx.session
    )
    return house if isinstance(found, Failure) or not found else str(found)


def of(ctx: Context, field: Field, record: Any) -> str:
    """Return the currency of a field of a record."""
    name = column(field)
    return str(getattr(record, name, "") or "") or common(ctx, field)
