"""Demonstration of products: what an invented company that sells solar roofs has to offer, and its own letterhead."""

from __future__ import annotations

import random
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import func, select

from app.sdk import Context
from app.sdk.models import Company
from app.sdk.services import acting, as_house, attachments, for_user, photos, records

from ..deals.models import Deal
from . import catalogue, lines, money, prices
from .entities import PRICE_LIST, PRODUCT
from .models import Product

PRODUCTS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("Panel Aurora 440", "PV-440", "Panels", "pcs", "189", "standard", "none"),
    ("Panel Aurora 420 black", "PV-420B", "Panels", "pcs", "204.50", "standard", "none"),
    ("Inverter Tern 10 kW", "IN-10", "Inverters", "pcs", "1740", "standard", "none"),
    ("Inverter Tern 25 kW", "IN-25", "Inverters", "pcs", "3290", "standard", "none"),
    ("Battery Hearth 10 kWh", "BA-10", "Storage", "pcs", "4150", "standard", "none"),
    ("Battery Hearth 50 kWh", "BA-50", "Storage", "pcs", "17900", "standard", "none"),
    ("Wallbox Dock 22", "WB-22", "Charging", "pcs", "890", "standard", "none"),
    ("Flat roof mounting", "MO-FL", "Mounting", "pcs", "42", "standard", "none"),
    ("Tiled roof mounting", "MO-TI", "Mounting", "pcs", "37.80", "standard", "none"),
    ("Installation", "SV-IN", "Services", "h", "68", "reduced", "none"),
    ("Grid registration", "SV-GR", "Services", "", "420", "standard", "none"),
    ("Monitoring", "SV-MO", "Care", "", "19.90", "standard", "month"),
    ("Yearly inspection", "SV-YI", "Care", "", "290", "standard", "year"),
    ("Panel Aurora 380", "PV-380", "Panels", "pcs", "149", "standard", "none"),
)
"""Name, code, series, unit, price, tax class, how often it comes again; the last is sold no more."""

TAXES = (
    ("", "standard", "20", "VAT"),
    ("PT", "standard", "23", "IVA"),
    ("PT", "reduced", "6", "IVA"),
    ("DE", "standard", "19", "MwSt."),
    ("FR", "standard", "20", "TVA"),
    ("FR", "reduced", "5.5", "TVA"),
    ("NO", "standard", "25", "MVA"),
    ("HU", "standard", "27", "ÁFA"),
)
ROOFS = ((24, 1), (60, 2), (120, 3), (240, 5))


def build(demo: Context) -> None:
    """Add products, price lists, tax rates, our own company, and lines to open deals, in a house without products."""
    if demo.session.scalar(select(func.count(Product.id))):
        return
    with as_house("the demonstration of products", source="demo") as house:
        _build(house)


def _build(demo: Context) -> None:
    made = _products(demo)
    _price_lists(demo, made)
    for country, tax_class, rate, label in TAXES:
        values = {"country": country, "tax_class": tax_class, "label": label, "valid_from": ""}
        catalogue.put_rate(demo, {**values, "rate": Decimal(rate)})
    _own_company(demo)
    _deal_lines(demo, {product.code: product for product in made})


def _products(demo: Context) -> list[Any]:
    names = ("name", "code", "category", "unit", "price", "tax_class", "recurring")
    made = []
    for row in PRODUCTS:
        values: dict[str, Any] = {
            **dict(zip(names, row, strict=True)),
            "price": Decimal(row[4]),
            "currency": "EUR",
        }
        made.append(records.create(demo, PRODUCT, values))
    records.update(demo, PRODUCT, made[-1].id, {"retired": True})
    return made


def _price_lists(demo: Context, made: list[Any]) -> None:
    usual = records.create(
        demo, PRICE_LIST, {"name": "Price list of the year", "currency": "EUR", "standard": True}
    )
    trade = records.create(
        demo,
        PRICE_LIST,
        {"name": "Hotels and food", "currency": "EUR", "segment": "industry in (Hotels, Food)"},
    )
    for product in made[:-1]:
        for price_list, factor in ((usual, Decimal(1)), (trade, Decimal("0.95"))):
            _price(demo, price_list, product, 1, factor)
            if product.category == "Panels":
                for minimum, less in ((50, "0.94"), (200, "0.88")):
                    _price(demo, price_list, product, minimum, factor * Decimal(less))


def _price(demo: Context, price_list: Any, product: Any, minimum: int, factor: Decimal) -> None:
    price = money.rounded(product.price * factor, "EUR")
    catalogue.put_price(demo, price_list.id, product.id, Decimal(minimum), price)


def _own_company(demo: Context) -> None:
    name = str(demo.settings.get("company") or "")
    if not name or demo.session.scalar(select(func.count(Company.id)).where(Company.name == name)):
        return
    address = {"street_address": "Rua do Farol 14", "postal_code": "4050-000", "locality": "Porto"}
    values = {
        "name": name,
        "legal_name": f"{name} Energia, Lda.",
        "vat_id": "PT500000000",
        "addresses": [{**address, "country_code": "PT", "kind": "work", "preferred": True}],
    }
    own = records.create(demo, "company", values)
    photos.put(demo, "company", own.id, attachments.Upload(name="logo.png", data=logo()))


def logo() -> bytes:
    """Return an invented logo: a sun above a roof, as PNG."""
    picture = Image.new("RGB", (640, 640), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((190, 90, 450, 350), fill="#e8a33d")
    pen.polygon(((40, 430), (320, 220), (600, 430), (560, 480), (320, 300), (80, 480)), fill="#0b6e4f")
    for left in (150, 270, 390):
        pen.rectangle((left, 470, left + 100, 560), fill="#0b6e4f")
    kept = BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def _deal_lines(demo: Context, products: dict[str, Any]) -> None:
    """Give the open deals and some that were won the lines of a roof, as large as the deal's amount allows."""
    chance = random.Random(164)  # noqa: S311 - the same data on every machine, no secret
    query = select(Deal).where(Deal.company_id.is_not(None), Deal.currency.in_(["", "EUR"])).order_by(Deal.id)
    for deal in demo.session.execute(query.limit(60)).scalars().all():
        panels, kits = next(
            (size for size in reversed(ROOFS) if (deal.amount or 0) >= size[0] * 400), ROOFS[0]
        )
        _lines(demo, deal, products, panels, kits, chance)


def _lines(
    demo: Context, deal: Any, products: dict[str, Any], panels: int, kits: int, chance: random.Random
) -> None:
    wanted = [
        ("PV-440", panels),
        ("MO-FL", panels),
        ("IN-25" if kits > 1 else "IN-10", kits),
        ("SV-IN", panels),
    ]
    wanted += [(code, kits) for code in ("BA-50", "WB-22") if chance.random() < 0.4]
    wanted += [(code, 1) for code in ("SV-MO", "SV-YI") if chance.random() < 0.6]
    buyer = prices.buyer_of(demo, deal)
    rows = [lines.from_product(demo, products[code], Decimal(number), buyer) for code, number in wanted]
    rows[0]["discount"] = str(chance.choice((0, 0, 3, 5)))
    if deal.outcome == "lost" or deal.owner_id is None:
        return
    owner = for_user(deal.owner_id, source="demo")
    with acting(owner):
        lines.replace(owner, deal.id, rows)
