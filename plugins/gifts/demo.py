"""Made-up gifts for `kith demo`."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import Contact

from . import gifts
from .models import Gift

GIFTS = (
    ("Port wine", "christmas", 60),
    ("A book about bees", "birthday", 200),
    ("Chocolate", "thanks", None),
)


def build(ctx: Context) -> None:
    """Note gifts and ideas for the first few contacts; where there are gifts already, nothing is added."""
    if ctx.session.execute(select(Gift.id).limit(1)).scalar() is not None:
        return
    people = ctx.session.execute(select(Contact.id).order_by(Contact.id).limit(6)).scalars().all()
    for number, contact_id in enumerate(people):
        name, occasion, days = GIFTS[number % len(GIFTS)]
        on = (ctx.now - timedelta(days=days)).date().isoformat() if days else ""
        gifts.note(ctx, contact_id, {"name": name, "occasion": occasion, "given_on": on})
