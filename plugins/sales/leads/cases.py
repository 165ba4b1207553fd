"""What becomes of a lead: taken, given back, made into a deal, put aside until a day, given up, begun again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.sdk import Context, Invalid, Refuse, _
from app.sdk.models import Affiliation, Company, Contact
from app.sdk.services import as_house, fields, records, unit

from . import clock, converting, options
from .choices import CHECKLISTS, DISQUALIFIED, LEAD, NEW, NURTURING, OPEN, QUALIFIED
from .models import Lead, LeadReason

EARLY = ("", "subscriber", "lead", "qualified")
"""Stages of a contact that a new deal moves on."""


def today(ctx: Context) -> date:
    """Return the present day where the principal is."""
    return ctx.now.astimezone(ctx.zone).date()


@unit
def claim(ctx: Context, lead_id: int) -> Lead:
    """Take a lead that is nobody's. Raises Refuse when somebody was faster."""
    lead: Lead = records.get(ctx, LEAD, lead_id, "edit")
    if lead.owner_id == ctx.user.id:
        return lead
    if lead.owner_id is not None:
        raise Refuse(_("A colleague has this lead already."))
    return _hand(ctx, lead, ctx.user.id, _("taken"))


@unit
def release(ctx: Context, lead_id: int) -> Lead:
    """Give a lead back, so that somebody else may take it. Raises Refuse for one that is somebody else's."""
    lead: Lead = records.get(ctx, LEAD, lead_id, "edit")
    if lead.owner_id != ctx.user.id and not ctx.may(f"{LEAD}.assign"):
        raise Refuse(_("Only who has a lead can give it back."))
    return _hand(ctx, lead, None, _("given back"))


@unit
def hand_to(ctx: Context, lead_id: int, user_id: int, why: str) -> Lead:
    """Give a lead to a colleague, with the reason in words. Raises NotAllowed without the right to assign."""
    return _hand(ctx, records.get(ctx, LEAD, lead_id, "assign"), user_id, why)


def _hand(ctx: Context, lead: Lead, user_id: int | None, why: str) -> Lead:
    """Change whose a lead is. The house writes it: the right to do so was asked before."""
    with as_house("a lead changes hands", source=ctx.source) as house:
        team = converting.team_of(house, user_id) if user_id else lead.team_id
        values = {"owner_id": user_id, "team_id": team, "assigned_at": ctx.now if user_id else None}
        made: Lead = records.update(house, LEAD, lead.id, {**values, "assigned_why": why[:500]})
        if user_id and made.contact_id:
            adopt(house, made.contact_id, user_id, team)
        clock.start(house, [made])
    if user_id:
        told = {"user": user_id, "why": why[:500]}
        ctx.events.emit("sales.lead.assigned", entity=LEAD, record_ids=[lead.id], payload=told)
    return made


def adopt(ctx: Context, contact_id: int, user_id: int, team_id: int | None) -> None:
    """Give a contact that is nobody's to who works on its lead."""
    contact = ctx.session.get(Contact, contact_id)
    if contact is not None and contact.owner_id is None:
        records.update(ctx, "contact", contact_id, {"owner_id": user_id, "team_id": team_id})


# ---------------------------------------------------------------- the end of a case, and its new beginning


@unit
def disqualify(ctx: Context, lead_id: int, reason_id: int, note: str = "", *, revive_on: str = "") -> Lead:
    """Give a lead up with a reason, for good or until a day. Raises Invalid without a reason."""
    if ctx.session.get(LeadReason, reason_id) is None:
        raise Invalid({"reason_id": _("Choose why this lead is given up.")})
    _open(ctx, lead_id)
    values = {"status": DISQUALIFIED, "closed_at": ctx.now, "reason_note": note}
    made: Lead = records.update(ctx, LEAD, lead_id, {**values, "revive_on": _day(revive_on)})
    made.reason_id = reason_id
    ctx.events.emit(
        "sales.lead.disqualified", entity=LEAD, record_ids=[lead_id], payload={"reason": reason_id}
    )
    return made


@unit
def revive_in(ctx: Context, lead_id: int, days: int) -> Lead:
    """Put a lead aside and let it come back in some days. Raises Invalid for less than a day or more than five years."""
    if not 0 < days <= 1827:
        raise Invalid({"days": _("Choose a number of days from 1 to 1,827.")})
    on = (today(ctx) + timedelta(days=days)).isoformat()
    made: Lead = records.update(ctx, LEAD, lead_id, {"status": NURTURING, "revive_on": on, "closed_at": None})
    return made


@unit
def begin_again(ctx: Context, lead_id: int) -> Lead:
    """Make a lead new again: its clock runs from now."""
    values = {"status": NEW, "closed_at": None, "revive_on": "", "first_contact_at": None}
    made: Lead = records.update(ctx, LEAD, lead_id, {**values, "reason_note": ""})
    made.response_minutes = made.reason_id = None
    clock.start(ctx, [made], since=ctx.now)
    return made


def revive_due(ctx: Context, args: Mapping[str, Any]) -> None:
    """Bring back the leads whose day has come: a job on a schedule."""
    query = select(Lead.id).where(
        Lead.revive_on != "", Lead.revive_on <= today(ctx).isoformat(), Lead.status != QUALIFIED
    )
    for lead_id in ctx.session.execute(query.order_by(Lead.revive_on).limit(500)).scalars().all():
        begin_again(ctx, lead_id)


def _open(ctx: Context, lead_id: int) -> Lead:
    lead: Lead = records.get(ctx, LEAD, lead_id, "edit")
    if lead.status not in (*OPEN, NURTURING):
        raise Refuse(_("This lead is closed already."))
    return lead


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Invalid({"revive_on": _("Write the day as 2026-02-28.")}) from None


def reason_of(ctx: Context, lead: Lead) -> str:
    """Return the reason why a lead was given up, in words, or an empty text."""
    found = ctx.session.get(LeadReason, lead.reason_id) if lead.reason_id else None
    return found.label if found is not None else ""


def reasons(ctx: Context) -> Sequence[LeadReason]:
    """Return the reasons that can be chosen, in order."""
    query = select(LeadReason).where(LeadReason.retired.is_(False))
    return ctx.session.execute(query.order_by(LeadReason.position, LeadReason.id).limit(200)).scalars().all()


# ---------------------------------------------------------------- into a deal


def questions(ctx: Context) -> tuple[tuple[str, Any], ...]:
    """Return the checklist of the house: key and question."""
    return CHECKLISTS.get(options.of(ctx).lead_checklist, ())


@unit
def note_answers(ctx: Context, lead_id: int, answers: Mapping[str, str]) -> Lead:
    """Keep answers to the checklist; those left empty stay as they were."""
    lead: Lead = records.get(ctx, LEAD, lead_id, "edit")
    known = {key for key, _question in questions(ctx)}
    said = {key: text.strip()[:2000] for key, text in answers.items() if key in known and text.strip()}
    lead.checklist = {**lead.checklist, **said}
    return lead


@unit
def convert(
    ctx: Context,
    lead_id: int,
    *,
    name: str = "",
    amount: Decimal | None = None,
    company: str = "",
    answers: Mapping[str, str] | None = None,
) -> Any:
    """Make a deal of a lead and return the deal: it is about the same contact, and nothing is copied.

    `company` is where the contact works, if that was not known. Raises Invalid, Refuse when there is a deal already.
    """
    lead = _open(ctx, lead_id)
    if lead.contact_id is None:
        raise Invalid({"contact_id": _("Say first who this is about: choose the contact of the lead.")})
    note_answers(ctx, lead_id, answers or {})
    company_id = company_of(ctx, lead.contact_id) or _placed(ctx, lead.contact_id, company)
    deal = converting.open_deal(ctx, lead, company_id, name.strip() or lead.topic or lead.name, amount)
    records.update(
        ctx, LEAD, lead_id, {"status": QUALIFIED, "closed_at": ctx.now, "deal_id": deal.id, "revive_on": ""}
    )
    _moved_on(ctx, lead.contact_id)
    ctx.events.emit("sales.lead.qualified", entity=LEAD, record_ids=[lead_id], payload={"deal": deal.id})
    return deal


def company_of(ctx: Context, contact_id: int | None) -> int | None:
    """Return the id of the company where a contact works now."""
    query = (
        select(Affiliation.company_id)
        .join(Company, Company.id == Affiliation.company_id)
        .where(Affiliation.contact_id == contact_id, Affiliation.ended_on == "")
        .order_by(Affiliation.is_primary.desc(), Affiliation.id)
    )
    return ctx.session.execute(query.limit(1)).scalar()


def _placed(ctx: Context, contact_id: int, company: str) -> int | None:
    """Write down where a contact works, found or made by its name, and return the company's id."""
    if not company.strip():
        return None
    kind = ctx.schema.entity("contact")
    field = ctx.schema.field("contact", "affiliations")
    contact = records.get(ctx, "contact", contact_id, "edit")
    known = fields.value(ctx, kind, field, contact) or []
    place = {"company": company.strip()[:300], "is_primary": not known}
    records.update(ctx, "contact", contact_id, {"affiliations": [*known, place]})
    return company_of(ctx, contact_id)


def _moved_on(ctx: Context, contact_id: int) -> None:
    contact = ctx.session.get(Contact, contact_id)
    if contact is not None and contact.lifecycle_stage in EARLY and ctx.may("contact.edit"):
        with as_house("a lead became a deal", source=ctx.source) as house:
            records.update(house, "contact", contact_id, {"lifecycle_stage": "opportunity"})
