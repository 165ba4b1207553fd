"""Addresses of companies and people, as prices and printed quotes need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.sdk import Context, NotVisible
from app.sdk.formats import Address, address_lines
from app.sdk.services import fields, records


def of_record(ctx: Context, entity: str, record_id: int | None) -> Mapping[str, Any] | None:
    """Return the preferred postal address of a company or person, None without one that the reader may see."""
    if record_id is None:
        return None
    try:
        record = records.get(ctx, entity, record_id)
    except NotVisible:
        return None
    field = next((f for f in fields.visible(ctx, entity) if f.key == "addresses"), None)
    if field is None:
        return None
    found = fields.value(ctx, ctx.schema.entity(entity), field, record)
    return found[0] if isinstance(found, list) and found else None


def printed(ctx: Context, entity: str, record_id: int | None, locale: str) -> list[str]:
    """Return the lines of that address as its country writes them; the country last unless it is the house's."""
    found = of_record(ctx, entity, record_id)
    if found is None:
        return []
    parts = {name: str(found.get(name) or "") for name in PARTS}
    country = str(found.get("country_code") or found.get("country") or "")
    home = str(ctx.settings.get("region") or "")
    return address_lines(Address(**parts, country=country), locale, home)


PARTS = ("post_office_box", "extended_address", "street_address", "locality", "region", "postal_code")
