"""What the tests of products and quotes sell: a deal with lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.sdk.services import records
from app.testing.factories import Make

from ..products import lines

LINES: list[dict[str, Any]] = [
    {"description": "Solar panel", "quantity": "10", "unit_price": "180", "discount": "5", "tax_rate": "23"},
    {"description": "Mounting", "quantity": "1", "unit_price": "640.50", "discount": "0", "tax_rate": "6"},
]


def deal(make: Make, rows: list[dict[str, Any]] | None = None, **values: Any) -> Any:
    """Make a deal with a customer and lines; `owner` and `team` are those of the deal and of its customer."""
    whose = {name: values[name] for name in ("owner", "team") if name in values}
    company = make.company(name="Padaria Sol", **whose)
    ana = make.contact(given_name="Ana", family_name="Lima", **whose)
    given = {"name": "Roof of the bakery", "contact_id": ana.id, "company_id": company.id, "currency": "EUR"}
    made = make("sales.deal", **{**given, "amount": Decimal(1), **values})
    ctx = make.ctx()
    lines.replace(ctx, made.id, LINES if rows is None else rows)
    return records.get(ctx, "sales.deal", made.id)
