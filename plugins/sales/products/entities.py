"""The kinds of record of this part: products and price lists, and what it adds to deals."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from app.sdk import EVERYWHERE, Choice, Context, Entity, Field, Kind, Show, _, _l
from app.sdk.filters import ExprError, check

from . import lines
from .models import PriceList, Product

PRODUCT = "sales.product"
PRICE_LIST = "sales.price_list"

TAX_CLASSES = (
    Choice(value="standard", label=_l("Standard")),
    Choice(value="reduced", label=_l("Reduced")),
    Choice(value="zero", label=_l("Zero-rated")),
    Choice(value="exempt", label=_l("Exempt")),
)
RECURRING = (
    Choice(value="none", label=_l("Once")),
    Choice(value="month", label=_l("Every month")),
    Choice(value="year", label=_l("Every year")),
)
CURRENCY = _l("Three letters, such as EUR. Empty: the currency of the house.")


def _currency(ctx: Context, text: str) -> str:
    code = text.strip().upper()
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise ValueError(_("“%(text)s” is no currency. Write three letters, like EUR.", text=text[:10]))
    return code


def _segment(ctx: Context, text: str) -> str:
    if text.strip():
        try:
            check(ctx, "company", text.strip())
        except ExprError as error:
            raise ValueError(str(error)) from error
    return text.strip()


def _price(ctx: Context, text: str) -> Decimal | None:
    from .typed import amount

    if not text.strip():
        return None
    try:
        return amount(text)
    except InvalidOperation as error:
        raise ValueError(_("“%(text)s” is no price. Write it like 1200.50.", text=text[:40])) from error


def _of(entity: str, name: str, label: Any, order: int, **more: Any) -> Field:
    more.setdefault("personal", False)
    return Field(name=name, label=label, on=entity, column=name, order=order, **more)


def _product(name: str, label: Any, order: int, **more: Any) -> Field:
    return _of(PRODUCT, name, label, order, **more)


def _list(name: str, label: Any, order: int, **more: Any) -> Field:
    return _of(PRICE_LIST, name, label, order, **more)


HIDDEN_IN_LISTS = EVERYWHERE & ~Show.LIST

ALL = (
    Entity(
        name="product",
        label=_l("Product"),
        plural=_l("Products"),
        model=Product,
        icon="tag",
        url="sales_products.show",
        title="name",
        default_columns=("name", "code", "category", "price", "recurring", "retired"),
        default_sort="name",
        fields=(
            _product("name", _l("Product"), 0, required=True, search=3, sort=lambda m: m.name),
            _product("code", _l("Code"), 1, search=2, hint=_l("Article number or SKU.")),
            _product("category", _l("Series"), 2, search=1, sort=lambda m: m.category),
            _product("price", _l("Sales price"), 3, kind=Kind.MONEY, currency="currency", parse=_price),
            _product("currency", _l("Currency"), 4, parse=_currency, hint=CURRENCY, show=HIDDEN_IN_LISTS),
            _product("unit", _l("Unit"), 5, hint=_l("What one of it is: piece, hour, kWp …")),
            _product("tax_class", _l("Tax class"), 6, kind=Kind.CHOICE, choices=TAX_CLASSES),
            _product("recurring", _l("Comes again"), 7, kind=Kind.CHOICE, choices=RECURRING),
            _product(
                "description", _l("Description"), 8, kind=Kind.LONG_TEXT, search=1, show=HIDDEN_IN_LISTS
            ),
            _product("retired", _l("No longer sold"), 9, kind=Kind.BOOL),
        ),
    ),
    Entity(
        name="price_list",
        label=_l("Price list"),
        plural=_l("Price lists"),
        model=PriceList,
        icon="list",
        url="sales_price_lists.show",
        title="name",
        default_columns=("name", "currency", "valid_from", "valid_until", "standard"),
        default_sort="name",
        fields=(
            _list("name", _l("Price list"), 0, required=True, search=3, sort=lambda m: m.name),
            _list(
                "currency",
                _l("Currency"),
                1,
                parse=_currency,
                required=True,
                hint=_l("Three letters, such as EUR."),
            ),
            _list("valid_from", _l("Valid from"), 2, kind=Kind.DATE),
            _list("valid_until", _l("Valid until"), 3, kind=Kind.DATE),
            _list("standard", _l("For everybody"), 4, kind=Kind.BOOL),
            _list(
                "segment",
                _l("For companies with"),
                5,
                kind=Kind.LONG_TEXT,
                parse=_segment,
                show=HIDDEN_IN_LISTS,
                hint=_l("A condition such as: industry = Energy. Goes before a list for everybody."),
            ),
        ),
    ),
    Field(
        name="lines",
        label=_l("Products"),
        on=lines.DEAL,
        many=True,
        load=lines.load,
        save=lines.save,
        template="sales/products/_lines_value.html",
        show=Show.HISTORY,
        personal=False,
        order=95,
    ),
)
