"""What the pages of territories show when every page is walked through: the demonstration, and an address nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import Contact
from app.sdk.services import acting

from ..models import Place, Territory
from ..plugin import Territories


def records(ctx: Context) -> Mapping[Any, Any]:
    """Make what the pages show; returns (endpoint, part) or part of an address → value."""
    with ctx.unit(), acting(ctx):
        Territories().kith_demo(ctx)
    territory = ctx.session.execute(select(Territory.id).order_by(Territory.id).limit(1)).scalar_one()
    placed = select(Place.contact_id).where(Place.contact_id.is_not(None)).order_by(Place.id)
    contact = ctx.session.execute(placed.limit(1)).scalar()
    if contact is None:
        contact = ctx.session.execute(select(Contact.id).order_by(Contact.id).limit(1)).scalar_one()
    return {
        **{(f"territories.{page}", "record_id"): territory for page in ("show", "edit")},
        **{(f"territories.{page}", "record_id"): contact for page in ("why", "pin", "visit")},
        "entity": "contact",
        "z": 1,
        "x": 0,
        "y": 0,
    }
