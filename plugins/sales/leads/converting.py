"""What leads need of deals and of teams: one deal opened in the usual pipeline."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import User

from ..deals import service
from .models import Lead


def open_deal(ctx: Context, lead: Lead, company_id: int | None, name: str, amount: Decimal | None) -> Any:
    """Open a deal about the contact of a lead, in the usual pipeline, and return it."""
    values: dict[str, Any] = {
        "name": name[:300],
        "contact_id": lead.contact_id,
        "company_id": company_id,
        "campaign": lead.campaign,
    }
    if amount is not None:
        values["amount"] = amount
    return service.open_deal(ctx, values)


def team_of(ctx: Context, user_id: int) -> int | None:
    """Return the team of a colleague."""
    return ctx.session.execute(select(User.team_id).where(User.id == user_id)).scalar()
