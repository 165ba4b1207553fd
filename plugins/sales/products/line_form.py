"""The form of lines, of a deal or of a quote: rows that are typed, added and taken away, with and without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select

from app.sdk import Context, Invalid, _

from . import lines, money, prices
from .models import Product
from .typed import amount

NAMES = ("product_id", "description", "quantity", "unit", "unit_price", "discount", "tax_rate", "recurring")
NUMBERS = ("quantity", "unit_price", "discount", "tax_rate")
MOST_PRODUCTS = 500


class LineForm:
    """Rows as they were typed. `errors` has a sentence per control, `lines-<row>-<name>`."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows: list[dict[str, str]] = [{n: _typed(row.get(n)) for n in NAMES} for row in rows]
        self.errors: dict[str, str] = {}

    @classmethod
    def posted(cls, data: Mapping[str, Any]) -> LineForm:
        """Return the form as it was sent."""
        count = min(_whole(data.get("lines")), lines.MOST)
        return cls([{n: data.get(f"lines-{i}-{n}", "") for n in NAMES} for i in range(count)])

    def press(self, ctx: Context, what: str, data: Mapping[str, Any], buyer: prices.Buyer) -> bool:
        """Do what a button says: `add` a product or an empty line, `remove-2`, `up-2`. False when it is none of these."""
        verb, _sep, number = what.partition("-")
        at = _whole(number) if number.isdigit() else -1
        if verb == "add":
            self._add(ctx, data, buyer)
        elif verb == "remove" and 0 <= at < len(self.rows):
            del self.rows[at]
        elif verb == "up" and 0 < at < len(self.rows):
            self.rows.insert(at - 1, self.rows.pop(at))
        else:
            return False
        return True

    def _add(self, ctx: Context, data: Mapping[str, Any], buyer: prices.Buyer) -> None:
        if len(self.rows) >= lines.MOST:
            self.errors["add_product"] = _("At most %(most)s lines are possible.", most=lines.MOST)
            return
        try:
            quantity = amount(str(data.get("add_quantity") or "1"))
        except InvalidOperation:
            self.errors["add_quantity"] = _("Write a number.")
            return
        product = lines.by_id(ctx, [_whole(data.get("add_product"))]).get(_whole(data.get("add_product")))
        if product is None:
            rate = prices.tax_rate(ctx, buyer.country, "standard", prices.today(ctx))
            made: Mapping[str, Any] = {"quantity": quantity, "discount": Decimal(0), "tax_rate": rate}
        else:
            made = lines.from_product(ctx, product, quantity, buyer)
        self.rows.append({n: _typed(made.get(n)) for n in NAMES})

    def values(self) -> list[dict[str, Any]]:
        """Return the rows as plain values. Raises Invalid, with the sentences in `errors` too; empty rows are left out."""
        found = []
        for number, row in enumerate(self.rows):
            if not any(row[n].strip() for n in ("description", "unit_price", "product_id")):
                continue
            found.append(
                {**row, **self._numbers(number, row), "product_id": _whole(row["product_id"]) or None}
            )
        for number, one in enumerate(found):
            try:
                lines.read(one, number)
            except Invalid as error:
                self.errors |= error.problems
        if self.errors:
            raise Invalid(self.errors)
        return found

    def _numbers(self, number: int, row: Mapping[str, str]) -> dict[str, str]:
        made = {}
        for name in NUMBERS:
            try:
                made[name] = str(amount(row[name])) if row[name].strip() else "0"
            except InvalidOperation:
                made[name] = "0"
                self.errors[f"lines-{number}-{name}"] = _(
                    "“%(text)s” is no number. Write it like 1200.50.", text=row[name][:40]
                )
        return made

    def shown(self, buyer: prices.Buyer, locale: str) -> list[dict[str, Any]]:
        """Return the rows for the template, each with its amount where it can be computed."""
        return [
            {**row, "n": number, "total": _total(row, buyer.currency, locale)}
            for number, row in enumerate(self.rows)
        ]


def choices(ctx: Context) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the products that are sold, by series: what a select offers."""
    query = (
        select(Product.id, Product.name, Product.code, Product.category)
        .where(Product.retired.is_(False))
        .order_by(Product.category, Product.name, Product.id)
        .limit(MOST_PRODUCTS)
    )
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in ctx.session.execute(query):
        label = f"{row.name} ({row.code})" if row.code else row.name
        groups.setdefault(row.category or _("Products"), []).append((row.id, label))
    return list(groups.items())


def _total(row: Mapping[str, str], currency: str, locale: str) -> str:
    try:
        quantity, price, discount = (amount(row[n] or "0") for n in ("quantity", "unit_price", "discount"))
        return money.shown(money.line_total(quantity, price, discount, currency), currency, locale)
    except InvalidOperation:
        return ""


def _typed(value: Any) -> str:
    if value is None:
        return ""
    return lines.text_of(value) if isinstance(value, Decimal) else str(value)


def _whole(text: Any) -> int:
    found = str(text or "")
    return int(found) if found.isdecimal() and len(found) < 10 else 0
