"""Pages of products, price lists and tax rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, request, url_for

from app.sdk import Context, Invalid, _
from app.sdk.services import records
from app.sdk.web import Response, ctx, done, record_page, render, requires

from . import catalogue, line_form, money
from .entities import PRICE_LIST, PRODUCT, TAX_CLASSES
from .forms import PriceForm, PriceListForm, ProductForm, RateForm

products = Blueprint("sales_products", __name__, url_prefix="/sales/products")
price_lists = Blueprint("sales_price_lists", __name__, url_prefix="/sales/price-lists")
taxes = Blueprint("sales_taxes", __name__, url_prefix="/sales/taxes")

ASIDE = ("code", "category", "price", "currency", "unit", "tax_class", "recurring", "description", "retired")
LIST_ASIDE = ("currency", "valid_from", "valid_until", "standard", "segment")


@products.get("/<int:record_id>")
@requires("sales.product.view")
def show(record_id: int) -> Response:
    """Show a product with its prices."""
    asked = ctx()
    product = records.get(asked, PRODUCT, record_id)
    rows = [
        {
            "list": one.name,
            "url": url_for("sales_price_lists.show", record_id=one.id),
            "minimum": money.plain(minimum, asked.locale),
            "price": money.shown(price, one.currency, asked.locale),
        }
        for one, minimum, price in catalogue.of_product(asked, product)
    ]
    return record_page(
        "sales/products/product.html", PRODUCT, product, aside=ASIDE, always=ASIDE, prices=rows
    )


@products.route("/new", methods=["GET", "POST"])
@requires(catalogue.MAY)
def new() -> Response:
    """Write a product down."""
    form = ProductForm.of()
    if form.accepted():
        asked = ctx()
        values = {**form.data, "price": form.price.amount}
        try:
            made = records.create(asked, PRODUCT, {k: v for k, v in values.items() if v not in (None, "")})
        except Invalid as error:
            form.explain(error)
        else:
            return done(url_for("sales_products.show", record_id=made.id), toast=_("Product saved"))
    return _form(form, _("New product"), url_for("lists.index", entity=PRODUCT))


@price_lists.get("/<int:record_id>", endpoint="show")
@requires("sales.price_list.view")
def show_list(record_id: int) -> Response:
    """Show a price list with its prices."""
    return _price_list(ctx(), record_id, PriceForm())


@price_lists.route("/new", methods=["GET", "POST"])
@requires(catalogue.MAY)
def new_list() -> Response:
    """Begin a price list."""
    asked = ctx()
    form = PriceListForm.of(currency=str(asked.settings.get("currency") or ""))
    if form.accepted():
        try:
            values = {k: v or "" for k, v in form.data.items()} | {"standard": form.standard.data}
            values["segment"] = _segment(asked, values["segment"])
            made = records.create(asked, PRICE_LIST, values)
        except Invalid as error:
            form.explain(error)
        else:
            return done(
                url_for("sales_price_lists.show", record_id=made.id),
                toast=_("Price list saved. Add prices now."),
            )
    return _form(form, _("New price list"), url_for("lists.index", entity=PRICE_LIST))


def _segment(asked: Context, text: str) -> str:
    try:
        parse = asked.schema.field(PRICE_LIST, "segment").parse
        return str(parse(asked, text)) if parse is not None else text
    except ValueError as error:
        raise Invalid({"segment": str(error)}) from error


@price_lists.post("/<int:record_id>/prices")
@requires(catalogue.MAY)
def put_price(record_id: int) -> Response:
    """Add or change a price of a list."""
    asked = ctx()
    form = PriceForm.of()
    if form.accepted():
        try:
            catalogue.put_price(
                asked,
                record_id,
                form.product_id.data,
                form.minimum.amount or Decimal(1),
                form.price.amount or Decimal(0),
            )
        except Invalid as error:
            form.explain(error)
        else:
            return done(url_for("sales_price_lists.show", record_id=record_id), toast=_("Price saved"))
    return _price_list(asked, record_id, form, status=422)


@price_lists.post("/<int:record_id>/prices/<int:price_id>/remove")
@requires(catalogue.MAY)
def drop_price(record_id: int, price_id: int) -> Response:
    """Take a price out of a list."""
    catalogue.drop_price(ctx(), record_id, price_id)
    return done(url_for("sales_price_lists.show", record_id=record_id), toast=_("Price removed"))


def _price_list(asked: Context, record_id: int, form: Any, *, status: int = 200) -> Response:
    found = records.get(asked, PRICE_LIST, record_id)
    tiers = [
        {
            "id": tier.id,
            "product": tier.product,
            "code": tier.code,
            "url": url_for("sales_products.show", record_id=tier.product_id),
            "minimum": money.plain(tier.minimum, asked.locale),
            "price": money.shown(tier.price, found.currency, asked.locale),
        }
        for tier in catalogue.tiers(asked, found)
    ]
    form.product_id.choices = dict(line_form.choices(asked))
    answer = record_page(
        "sales/products/price_list.html",
        PRICE_LIST,
        found,
        aside=LIST_ASIDE,
        always=LIST_ASIDE,
        tiers=tiers,
        form=form,
        may=asked.may(catalogue.MAY),
    )
    answer.status_code = status
    return answer


@taxes.route("/", methods=["GET", "POST"])
@requires(catalogue.MAY)
def index() -> Response:
    """Show the tax rates, and add one."""
    asked = ctx()
    form = RateForm.of()
    if form.accepted():
        values = {name: form[name].data or "" for name in ("country", "tax_class", "label", "valid_from")}
        try:
            catalogue.put_rate(asked, {**values, "rate": form.rate.amount or Decimal(0)})
        except Invalid as error:
            form.explain(error)
        else:
            return done(url_for("sales_taxes.index"), toast=_("Tax rate saved"))
    classes = {choice.value: choice.label for choice in TAX_CLASSES}
    rows = [
        {
            "rate": rate,
            "percent": money.plain(rate.rate, asked.locale),
            "tax_class": classes.get(rate.tax_class),
        }
        for rate in catalogue.rates(asked)
    ]
    return render(
        "sales/products/taxes.html",
        status=422 if form.wrong else 200,
        title=_("Tax rates"),
        rows=rows,
        form=form,
    )


@taxes.post("/<int:rate_id>/remove")
@requires(catalogue.MAY)
def drop(rate_id: int) -> Response:
    """Take a tax rate away."""
    catalogue.drop_rate(ctx(), rate_id)
    return done(url_for("sales_taxes.index"), toast=_("Tax rate removed"))


def _form(form: Any, title: str, back: str) -> Response:
    shown = _("Error: %(title)s", title=title) if form.wrong else title
    return render(
        "sales/products/form.html",
        status=422 if form.wrong or request.method == "POST" else 200,
        title=shown,
        heading=title,
        form=form,
        back=back,
    )
