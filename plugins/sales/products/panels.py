"""What is shown on the page of a deal: its lines."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from app.sdk import Context, Panel, _, _l

from . import lines, money, prices


def of_deal(ctx: Context, deal: Any) -> str | None:
    """Show the lines of a deal, their sum, and what of it comes again."""
    found = lines.of_deals(ctx, [deal.id])[deal.id]
    may_edit = ctx.may("sales.deal.edit")
    if not found and not may_edit:
        return None
    currency = prices.buyer_of(ctx, deal).currency
    again = money.recurring(found, currency)
    return render_template(
        "sales/products/panel.html",
        rows=[_row(ctx, line, currency) for line in found],
        total=money.shown(sum((line.total for line in found), again.once * 0), currency, ctx.locale),
        monthly=money.shown(again.monthly, currency, ctx.locale) if again.yearly else "",
        yearly=money.shown(again.yearly, currency, ctx.locale),
        edit_url=url_for("sales_lines.edit", deal_id=deal.id) if may_edit else None,
    )


def _row(ctx: Context, line: Any, currency: str) -> dict[str, str]:
    price = money.shown(line.unit_price, currency, ctx.locale)
    sub = [f"{money.plain(line.quantity, ctx.locale)} {line.unit}".strip() + f" × {price}"]
    if line.discount:
        sub.append(_("%(percent)s %% off", percent=money.plain(line.discount, ctx.locale)))
    if line.recurring != "none":
        sub.append(_("every month") if line.recurring == "month" else _("every year"))
    return {
        "text": line.description,
        "sub": " · ".join(sub),
        "amount": money.shown(line.total, currency, ctx.locale),
    }


ALL = (
    Panel(
        name="lines",
        label=_l("Products"),
        slot="sales.deal.main",
        view=of_deal,
        order=20,
        permission="sales.deal.view",
        refresh_on=("sales.deal.updated",),
    ),
)
