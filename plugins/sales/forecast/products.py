"""What was won by product: the lines of won deals, in the reporting currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from app.sdk import Context, _

from ..deals.models import Deal
from ..products.models import DealLine, Product
from . import amounts
from .asked import Asked
from .tables import Column, Row, Table


def won_with(asked: Asked, product_id: int) -> Any:
    """Return the select of the ids of deals won in the period with a line of a product."""
    query = select(Deal.id).join(DealLine, DealLine.deal_id == Deal.id)
    return query.where(DealLine.product_id == product_id, *_won(asked))


def table(ctx: Context, asked: Asked) -> Table:
    """Return the products of the deals that were won in the period, the largest first.

    A line counts in the currency of reports at the rate of its deal; each sum is rounded to a cent.
    """
    rate = Deal.amount_base / func.nullif(Deal.amount, 0)
    query = (
        select(
            Product.id,
            Product.name,
            func.count(Deal.id.distinct()).label("deals"),
            func.sum(DealLine.quantity).label("quantity"),
            amounts.total(DealLine.total * func.coalesce(rate, 1)).label("value"),
        )
        .join(DealLine, DealLine.product_id == Product.id)
        .join(Deal, Deal.id == DealLine.deal_id)
        .where(*_won(asked))
        .group_by(Product.id, Product.name)
    )
    rows = [_row(asked, row) for row in ctx.session.execute(query)]
    return Table(
        id="products",
        title=_("Won by product"),
        first=_("Product"),
        columns=[
            Column(key="value", label=_("Value of the lines")),
            Column(key="deals", label=_("Deals"), kind="count"),
            Column(key="quantity", label=_("Quantity"), kind="decimal"),
        ],
        rows=sorted(rows, key=lambda row: (-row.values["value"], row.label)),
        total=Row(label=_("All"), values={"value": sum((row.values["value"] for row in rows), Decimal(0))})
        if rows
        else None,
        bar="value",
    )


def _won(asked: Asked) -> list[Any]:
    return [Deal.outcome == "won", asked.dated(Deal.close_on), *asked.whose(Deal)]


def _row(asked: Asked, row: Any) -> Row:
    address = url_for("sales_reports.behind", what="product", **asked.args(product=row.id))
    return Row(
        label=row.name,
        values={
            "value": amounts.money(row.value),
            "deals": row.deals,
            "quantity": Decimal(str(row.quantity or 0)),
        },
        urls=dict.fromkeys(("value", "deals"), address),
    )
