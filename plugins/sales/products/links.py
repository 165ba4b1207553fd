"""The ways to products, price lists and tax rates."""

from __future__ import annotations

from app.sdk import Link, View, _l

from .catalogue import MAY
from .entities import PRICE_LIST, PRODUCT

SECTION = _l("Sales")

ALL = (
    Link(
        name="products",
        label=_l("Products"),
        place="nav",
        endpoint="lists.index",
        values={"entity": PRODUCT},
        icon="shopping-cart",
        section=SECTION,
        order=45,
        permission="sales.product.view",
    ),
    Link(
        name="new_product",
        label=_l("Product"),
        place="create",
        endpoint="sales_products.new",
        icon="shopping-cart",
        order=60,
        permission=MAY,
    ),
    Link(
        name="price_lists",
        label=_l("Price lists"),
        place=f"{PRODUCT}.list",
        endpoint="lists.index",
        values={"entity": PRICE_LIST},
        icon="list",
        order=60,
        permission="sales.price_list.view",
    ),
    Link(
        name="new_price_list",
        label=_l("New price list"),
        place=f"{PRICE_LIST}.list",
        endpoint="sales_price_lists.new_list",
        icon="plus",
        order=10,
        permission=MAY,
    ),
    Link(
        name="taxes",
        label=_l("Tax rates"),
        place=f"{PRODUCT}.list",
        endpoint="sales_taxes.index",
        icon="table",
        order=61,
        permission=MAY,
    ),
    View(name="sold", label=_l("On sale"), on=PRODUCT, filters=("retired:is:false",), pinned=True),
    View(name="by_series", label=_l("By series"), on=PRODUCT, group="category"),
)
