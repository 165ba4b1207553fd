"""What a lead is called: its contact and its topic; it follows when the contact is renamed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import Contact
from app.sdk.services import as_house

from .models import Lead

MOST = 500
NAMES = {"formatted_name", "name", "given_name", "family_name", "additional_name", "nickname"}


def derive(ctx: Context, lead: Lead) -> None:
    """Put the name of a lead together from its contact and topic."""
    query = select(Contact.formatted_name).where(Contact.id == lead.contact_id)
    known = ctx.session.execute(query).scalar() if lead.contact_id else ""
    lead.name = called(known or lead.person or lead.email or lead.company or "", lead.topic or "")


def called(person: str, topic: str) -> str:
    """Return the name of a lead: the person, and what it is about if that is known."""
    return " · ".join(filter(None, (person, topic.strip())))[:500]


def renamed(ctx: Context, events: Sequence[Any]) -> None:
    """Let leads, whosoever they are, follow the new name of their contact: a subscriber within the change."""
    ids = [e.record_id for e in events if e.record_id is not None and NAMES & set(e.after)]
    if not ids:
        return
    query = (
        select(Lead, Contact.formatted_name)
        .join(Contact, Contact.id == Lead.contact_id)
        .where(Lead.contact_id.in_(ids))
        .limit(MOST)
    )
    with as_house("leads of others follow, too", source=ctx.source) as house:
        for lead, person in house.session.execute(query).all():
            lead.name = called(person, lead.topic)
        house.session.flush()
