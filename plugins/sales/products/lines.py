"""Lines of deals: read, made from products, replaced as a whole; the deal's amount follows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from sqlalchemy import delete, select

from app.sdk import Context, Invalid, _
from app.sdk.services import records, unit

from . import money, options, prices
from .models import DealLine, LineColumns, Product

DEAL = "sales.deal"
MOST = 200
TEXTS = ("description", "unit", "recurring")
NUMBERS = ("quantity", "unit_price", "discount", "tax_rate")
L = TypeVar("L", bound=Any)


def value_of(line: Any) -> dict[str, Any]:
    """Return a line as plain values, for the journal and for copies; numbers as text without needless zeros."""
    values: dict[str, Any] = {"product_id": line.product_id}
    values |= {name: getattr(line, name) for name in TEXTS}
    values |= {name: text_of(getattr(line, name)) for name in NUMBERS}
    return values


def text_of(number: Decimal) -> str:
    """Return a number as text without needless zeros."""
    return format(Decimal(number).normalize(), "f")


def read(values: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return plain values as those of the columns. Raises Invalid naming the line and what is wrong with it."""
    problems: dict[str, str] = {}
    found: dict[str, Any] = {"product_id": values.get("product_id") or None}
    found |= {name: str(values.get(name) or "").strip() for name in TEXTS}
    for name in NUMBERS:
        found[name] = _number(values.get(name), problems, f"lines-{number}-{name}")
    found["recurring"] = found["recurring"] if found["recurring"] in ("month", "year") else "none"
    at = f"lines-{number}-"
    if not found["description"]:
        problems[f"{at}description"] = _("Write what line %(number)s is about.", number=number + 1)
    if not Decimal(0) <= found["discount"] <= money.HUNDRED:
        problems[f"{at}discount"] = _("A discount is between 0 and 100 percent.")
    if not Decimal(0) <= found["tax_rate"] <= money.HUNDRED:
        problems[f"{at}tax_rate"] = _("A tax rate is between 0 and 100 percent.")
    if abs(found["quantity"] * found["unit_price"]) >= money.MOST:
        problems[f"{at}unit_price"] = _("This amount is too large to be kept. Write a smaller one.")
    found["description"], found["unit"] = found["description"][:500], found["unit"][:40]
    if problems:
        raise Invalid(problems)
    return found


SCALES = {"quantity": 3, "unit_price": 4, "discount": 3, "tax_rate": 3}


def _number(given: Any, problems: dict[str, str], where: str) -> Decimal:
    try:
        number = Decimal(str(given if given not in (None, "") else 0))
        if not number.is_finite() or abs(number) >= money.MOST:
            raise InvalidOperation
        return number.quantize(Decimal(1).scaleb(-SCALES[where.rpartition("-")[2]]))
    except InvalidOperation:
        problems[where] = _("“%(text)s” is no number. Write it like 1200.50.", text=str(given)[:40])
        return Decimal(0)


def made(ctx: Context, model: type[L], owner: Mapping[str, int], values: Any, buyer: prices.Buyer) -> list[L]:
    """Return new rows for the lines of one deal or quote. Raises Invalid for what is wrong, or too many.

    What the price list says is looked up here, not taken from whoever sends the lines: discounts are judged by it.
    """
    given = list(values or ())
    if len(given) > MOST:
        raise Invalid({"lines": _("At most %(most)s lines are possible.", most=MOST)})
    rows = [model(**owner, position=number, **read(one, number)) for number, one in enumerate(given)]
    products = by_id(ctx, [row.product_id for row in rows if row.product_id])
    known = [row for row in rows if row.product_id in products]
    listed = prices.prices_of(ctx, [(products[row.product_id], row.quantity) for row in known], buyer)
    for row in rows:
        row.total = money.total_of(row, buyer.currency)
        row.product_id = row.product_id if row.product_id in products else None
    for row, price in zip(known, listed, strict=True):
        row.list_price = price
    return rows


def by_id(ctx: Context, ids: Iterable[int]) -> Mapping[int, Product]:
    """Return products that the reader may see by their ids; one query, none without ids."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = ctx.session.execute(select(Product).where(Product.id.in_(wanted))).scalars()
    return {product.id: product for product in found}


def of_deals(ctx: Context, deal_ids: Iterable[int]) -> Mapping[int, list[DealLine]]:
    """Return the lines of deals that the reader holds, in their order; one query."""
    ids = list(deal_ids)
    found: dict[int, list[DealLine]] = {deal_id: [] for deal_id in ids}
    query = select(DealLine).where(DealLine.deal_id.in_(ids)).order_by(DealLine.deal_id, DealLine.position)
    for line in ctx.session.execute(query).scalars():
        found[line.deal_id].append(line)
    return found


def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """Return the lines of deals as plain values: the field `lines`."""
    return {deal_id: [value_of(line) for line in rows] for deal_id, rows in of_deals(ctx, ids).items()}


def save(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace the lines of deals by plain values: the field `lines`."""
    for deal_id, given in values.items():
        deal = records.get(ctx, DEAL, deal_id, "edit")
        rows = made(ctx, DealLine, {"deal_id": deal_id}, given, prices.buyer_of(ctx, deal))
        ctx.session.execute(delete(DealLine).where(DealLine.deal_id == deal_id))
        ctx.session.add_all(rows)


@unit
def replace(
    ctx: Context, deal_id: int, values: Sequence[Mapping[str, Any]], *, seen_version: int | None = None
) -> None:
    """Set the lines of a deal; its amount is their sum before tax, unless the house keeps amounts by hand.

    Raises what `records.update` raises, and Invalid with `lines-<number>-<field>` for a line.
    """
    deal = records.get(ctx, DEAL, deal_id, "edit")
    buyer = prices.buyer_of(ctx, deal)
    rows = made(ctx, DealLine, {"deal_id": deal_id}, values, buyer)
    changes: dict[str, Any] = {"lines": [value_of(row) for row in rows]}
    if rows and follows(ctx):
        amount = sum((row.total for row in rows), Decimal(0))
        changes["amount"] = amount.quantize(Decimal("0.01"))
        if not deal.currency:
            changes["currency"] = buyer.currency
    records.update(ctx, DEAL, deal_id, changes, seen_version=seen_version)


def follows(ctx: Context) -> bool:
    """Tell whether a deal's amount follows its lines."""
    return bool(options.get(ctx, "amount_from_lines"))


def from_product(ctx: Context, product: Product, quantity: Decimal, buyer: prices.Buyer) -> dict[str, Any]:
    """Return the plain values of a line with a product: its price for this buyer, and the tax of his country."""
    price = prices.price_of(ctx, product, quantity, buyer)
    rate = prices.tax_rate(ctx, buyer.country, product.tax_class, prices.today(ctx))
    return {
        "product_id": product.id,
        "description": product.name,
        "quantity": text_of(quantity),
        "unit": product.unit,
        "unit_price": text_of(price if price is not None else Decimal(0)),
        "discount": "0",
        "tax_rate": text_of(rate),
        "recurring": product.recurring,
    }


def words(line: LineColumns, currency: str, locale: str) -> str:
    """Return a line in a few words."""
    amount = money.shown(line.total, currency, locale)
    return f"{money.plain(line.quantity, locale)} × {line.description}: {amount}"
