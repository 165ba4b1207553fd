"""A lead arrives: its contact is found or made, it gets an owner, its first score and the day by which it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.sdk import Context
from app.sdk.services import as_house, contacts, duplicates, records, unit

from . import cases, clock, naming, routing, scoring
from .choices import LEAD
from .models import Lead

SAME = 2
"""Contacts that are looked at when a number is shared: it may be that of a whole office."""


@unit
def create(ctx: Context, values: Mapping[str, Any]) -> Lead:
    """Write a lead down and return it. Raises what `records.create` raises.

    `values` are field values; without `contact_id` the contact is found or made from person, email, phone and company.
    Unless `owner_id` is given, the rules say whose it becomes.
    """
    made: Lead = records.create(ctx, LEAD, {"owner_id": None, **values} if _may_assign(ctx) else values)
    return made


def _may_assign(ctx: Context) -> bool:
    return ctx.user.system or ctx.may(f"{LEAD}.assign")


def arrived(ctx: Context, events: Sequence[Any]) -> None:
    """Complete new leads: a subscriber within the transaction that makes them."""
    leads = [e.record for e in events if e.record is not None]
    for lead in leads:
        if lead.contact_id is None:
            lead.contact_id = contact_of(ctx, lead)
            naming.derive(ctx, lead)
    ctx.session.flush()
    scoring.refresh(ctx, [lead.id for lead in leads])
    for lead in leads:
        ctx.session.refresh(lead, ["score", "grade"])
        chosen = None
        with as_house("a lead arrives", source=ctx.source) as house:
            if lead.status in clock.WAITING and _is_free(ctx, lead):
                chosen = routing.assign(house, lead)
            if lead.owner_id and lead.contact_id:
                cases.adopt(house, lead.contact_id, lead.owner_id, lead.team_id)
            clock.start(house, [lead], chosen.rule.hours if chosen and chosen.rule else 0)


def _is_free(ctx: Context, lead: Lead) -> bool:
    """Tell whether the rules decide: nobody was named, or whoever entered it was not meant."""
    return lead.owner_id is None or ctx.source == "import"


def contact_of(ctx: Context, lead: Lead) -> int | None:
    """Return the id of the contact that a lead is about, found or made; None when nothing is known of the person."""
    values = entered(lead)
    if not values:
        return None
    known = _known(ctx, lead)
    if known is not None:
        return known
    return int(records.create(ctx, "contact", contacts.named(values)).id)


def entered(lead: Lead) -> dict[str, Any]:
    """Return what was entered about a person as field values of a contact; empty when that is nothing."""
    values: dict[str, Any] = {}
    if lead.person.strip():
        values["name"] = lead.person.strip()
    if lead.email.strip():
        values["emails"] = [{"value": lead.email.strip(), "kind": "", "preferred": True}]
    if lead.phone.strip():
        values["phones"] = [{"value": lead.phone.strip(), "kind": "", "preferred": True}]
    if lead.company.strip():
        values["affiliations"] = [{"company": lead.company.strip(), "is_primary": True}]
    if values:
        values["lifecycle_stage"] = "lead"
    return values


def _known(ctx: Context, lead: Lead) -> int | None:
    """Return who it is among the contacts: the same e-mail address, or the same number under the same name."""
    if lead.email.strip():
        found = duplicates.of_contact(ctx, duplicates.Wanted(emails=[lead.email]))
        if found:
            return found[0].id
    if lead.phone.strip() and lead.person.strip():
        by_phone = duplicates.of_contact(ctx, duplicates.Wanted(phones=[lead.phone]))
        by_name = {m.id for m in duplicates.of_contact(ctx, duplicates.Wanted(name=lead.person))}
        return next((m.id for m in by_phone[:SAME] if m.id in by_name), None)
    return None
