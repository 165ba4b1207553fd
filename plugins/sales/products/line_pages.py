"""The page on which the lines of a deal are changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from app.sdk import Context, Invalid, _
from app.sdk.services import records
from app.sdk.web import Response, ctx, done, render, requires

from . import line_form, lines, money, options, prices
from .entities import RECURRING

pages = Blueprint("sales_lines", __name__, url_prefix="/sales/lines")


@pages.route("/<int:deal_id>", methods=["GET", "POST"])
@requires("sales.deal.edit")
def edit(deal_id: int) -> Response:
    """Show the lines of a deal as a form, do what its buttons say, and save them."""
    asked = ctx()
    deal = records.get(asked, lines.DEAL, deal_id, "edit")
    if request.method == "GET":
        stored = lines.of_deals(asked, [deal_id])[deal_id]
        return _show(asked, deal, line_form.LineForm([lines.value_of(line) for line in stored]))
    form = line_form.LineForm.posted(request.form)
    if form.press(asked, request.form.get("do", ""), request.form, prices.buyer_of(asked, deal)):
        return _show(asked, deal, form, status=422 if form.errors else 200)
    try:
        lines.replace(asked, deal_id, form.values(), seen_version=_version())
    except Invalid as error:
        form.errors |= error.problems
        return _show(asked, deal, form, status=422)
    return done(url_for("sales_deals.show", record_id=deal_id), toast=_("Products saved"))


def _version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _show(asked: Context, deal: Any, form: line_form.LineForm, *, status: int = 200) -> Response:
    buyer = prices.buyer_of(asked, deal)
    values = {
        **editor(asked, form, buyer),
        "title": _("Products of %(name)s", name=deal.name),
        "deal": deal,
        "version": request.form.get("version") or deal.version,
        "action": url_for("sales_lines.edit", deal_id=deal.id),
        "back": url_for("sales_deals.show", record_id=deal.id),
        "limit": options.get(asked, "discount_limit"),
    }
    return render("sales/products/lines.html", block="form", status=status, **values)


def editor(asked: Context, form: line_form.LineForm, buyer: prices.Buyer) -> dict[str, Any]:
    """Return what the template of the rows needs, for deals and quotes alike."""
    return {
        "form": form,
        "rows": form.shown(buyer, asked.locale),
        "groups": line_form.choices(asked),
        "currency": buyer.currency,
        "symbol": money.symbol(buyer.currency, asked.locale),
        "recurrings": [(choice.value, choice.label) for choice in RECURRING],
    }
