"""Who is involved in deals: people with their part in it, and competitors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update

from app.sdk import Context, Event, Invalid, NotVisible, _
from app.sdk.models import Contact
from app.sdk.services import access, unit

from .choices import ROLES, STANCES
from .models import Deal, DealCompetitor, DealPerson

WHOLE = {access.UNSCOPED: "deals follow the person, whoever may see them", "synchronize_session": False}


def people(ctx: Context, deal: Deal) -> Sequence[Any]:
    """Return (part, person) of the people in a deal that the principal sees: champions first."""
    query = (
        select(DealPerson, Contact)
        .join(Contact, Contact.id == DealPerson.contact_id)
        .where(DealPerson.deal_id == deal.id)
        .order_by(DealPerson.stance != "champion", DealPerson.stance == "", DealPerson.id)
        .limit(50)
    )
    return ctx.session.execute(query).all()


def competitors(ctx: Context, deal: Deal) -> Sequence[DealCompetitor]:
    """Return the competitors of a deal that the caller has read."""
    query = select(DealCompetitor).where(DealCompetitor.deal_id == deal.id)
    return ctx.session.execute(query.order_by(DealCompetitor.id).limit(50)).scalars().all()


@unit
def add_person(
    ctx: Context, deal_id: int, contact_id: int, role: str = "other", stance: str = ""
) -> DealPerson:
    """Give somebody a part in a deal, or change it. Raises NotVisible, NotAllowed, Invalid."""
    deal = access.get(ctx, Deal, deal_id, "edit")
    if role not in {c.value for c in ROLES} or stance not in {"", *(c.value for c in STANCES)}:
        raise Invalid({"role": _("Choose an entry of the list.")})
    if not access.visible_ids(ctx, Contact, [contact_id]):
        raise NotVisible(_("There is no such record."))
    query = select(DealPerson).where(DealPerson.deal_id == deal.id, DealPerson.contact_id == contact_id)
    found = ctx.session.execute(query).scalar_one_or_none()
    if found is None:
        found = DealPerson(deal_id=deal.id, contact_id=contact_id)
        ctx.session.add(found)
    found.role, found.stance = role, stance
    ctx.session.flush()
    return found


@unit
def remove_person(ctx: Context, deal_id: int, contact_id: int) -> None:
    """Take somebody out of a deal."""
    access.get(ctx, Deal, deal_id, "edit")
    ctx.session.execute(
        delete(DealPerson).where(DealPerson.deal_id == deal_id, DealPerson.contact_id == contact_id)
    )


@unit
def add_competitor(ctx: Context, deal_id: int, name: str, note: str = "") -> DealCompetitor:
    """Note who else wants a deal. Raises NotVisible, NotAllowed, Invalid without a name."""
    access.get(ctx, Deal, deal_id, "edit")
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Invalid({"name": _("Write the name of the competitor, in at most 200 characters.")})
    made = DealCompetitor(deal_id=deal_id, name=name, note=note[:4000])
    ctx.session.add(made)
    ctx.session.flush()
    return made


@unit
def remove_competitor(ctx: Context, deal_id: int, competitor_id: int) -> None:
    """Take a competitor off a deal."""
    access.get(ctx, Deal, deal_id, "edit")
    ctx.session.execute(
        delete(DealCompetitor).where(DealCompetitor.deal_id == deal_id, DealCompetitor.id == competitor_id)
    )


def merged(ctx: Context, events: Sequence[Event]) -> None:
    """Let the deals of a contact that became another be those of the other: parts in them, too."""
    ids = [event.record_id for event in events if event.record_id is not None]
    query = select(Contact.id, Contact.merged_into).where(
        Contact.merged_into.is_not(None), or_(Contact.id.in_(ids), Contact.merged_into.in_(ids))
    )
    for former, kept in ctx.session.execute(query, execution_options=WHOLE).all():
        there = select(DealPerson.deal_id).where(DealPerson.contact_id == kept)
        mine = update(DealPerson).where(DealPerson.contact_id == former, DealPerson.deal_id.not_in(there))
        ctx.session.execute(mine.values(contact_id=kept))
        follow = update(Deal).where(Deal.contact_id == former).values(contact_id=kept)
        ctx.session.execute(follow, execution_options=WHOLE)
