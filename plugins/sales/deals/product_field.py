"""The product of a deal in one word: the first of its lines. What an import says of it becomes a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select

from app.sdk import Context, Field, Kind, Show, _l
from app.sdk.services import records

from ..products import lines
from ..products.models import DealLine, Product
from .fields import DEAL
from .models import Deal


def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, int]:
    """Return deal id → the product of its first line that has one; one query."""
    query = select(DealLine.deal_id, DealLine.product_id).where(DealLine.deal_id.in_(ids))
    query = query.where(DealLine.product_id.is_not(None)).order_by(
        DealLine.deal_id, DealLine.position.desc(), DealLine.id.desc()
    )
    return {row.deal_id: row.product_id for row in ctx.session.execute(query)}


def sql(model: Any) -> ColumnElement[Any]:
    """Return the same as an expression over deals, for filters."""
    query = select(DealLine.product_id).where(DealLine.deal_id == model.id, DealLine.product_id.is_not(None))
    return query.order_by(DealLine.position, DealLine.id).limit(1).scalar_subquery()


def save(ctx: Context, values: Mapping[int, Any]) -> None:
    """Give deals a line with a product that none of their lines has: at the deal's amount, else at the product's price."""
    present = lines.of_deals(ctx, values)
    products = lines.by_id(ctx, [value for value in values.values() if value])
    for deal_id, value in values.items():
        product = products.get(value)
        if product is not None and value not in {line.product_id for line in present[deal_id]}:
            deal: Deal = records.get(ctx, DEAL, deal_id, "edit")
            ctx.session.add(_line(deal, product, len(present[deal_id])))
    ctx.session.flush()


def _line(deal: Deal, product: Product, position: int) -> DealLine:
    price = deal.amount if deal.amount is not None and not position else product.price or Decimal(0)
    return DealLine(
        deal_id=deal.id,
        position=position,
        product_id=product.id,
        description=product.name,
        unit=product.unit,
        unit_price=price,
        list_price=product.price,
        recurring=product.recurring,
        total=price,
    )


ALL = (
    Field(
        name="product",
        label=_l("Product"),
        on=DEAL,
        kind=Kind.REF,
        ref="sales.product",
        load=load,
        sql=sql,
        save=save,
        show=Show.FORM | Show.LIST | Show.FILTER | Show.API | Show.RULE,
        personal=False,
        order=17,
    ),
)
