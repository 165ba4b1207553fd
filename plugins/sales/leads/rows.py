"""Leads as lines of the inbox, of panels and cards: who, what, how warm, how long there is time, and the taps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.sdk import Context, _, _n
from app.sdk.models import PhoneNumber
from app.sdk.services import people

from .choices import GRADES, LEAD, NEW, OPEN, STATUSES, WORKING, label_of, tone_of
from .models import Lead


def rows(ctx: Context, leads: Sequence[Lead]) -> list[dict[str, Any]]:
    """Return leads as the templates show them: with as many statements for many as for one."""
    owners = people.user_names(ctx, {lead.owner_id for lead in leads if lead.owner_id})
    phones = numbers(ctx, [lead.contact_id for lead in leads if lead.contact_id])
    return [
        row(ctx, lead, owners.get(lead.owner_id or 0, ""), phones.get(lead.contact_id or 0, ""))
        for lead in leads
    ]


def row(ctx: Context, lead: Lead, owner: str, phone: str) -> dict[str, Any]:
    """Return one lead as the templates show it."""
    may = ctx.may(f"{LEAD}.edit")
    return {
        "id": lead.id,
        "name": lead.name or _("Somebody"),
        "url": url_for("sales_leads.show", record_id=lead.id),
        "status": label_of(STATUSES, lead.status),
        "tone": tone_of(STATUSES, lead.status),
        "grade": label_of(GRADES, lead.grade),
        "grade_tone": tone_of(GRADES, lead.grade),
        "score": lead.score,
        "channel": lead.channel,
        "created_at": lead.created_at,
        "owner": owner,
        "clock": clock_words(ctx, lead),
        "late": is_late(ctx, lead),
        "call": f"tel:{phone}" if phone else "",
        "claim": _act("claim_lead") if may and lead.owner_id is None else "",
        "qualify": url_for("sales_leads.qualify", record_id=lead.id)
        if may and lead.status in (NEW, WORKING) and lead.owner_id is not None
        else "",
    }


def _act(name: str) -> str:
    return url_for("actions.perform", owner="sales", name=name)


def numbers(ctx: Context, contact_ids: Sequence[int]) -> dict[int, str]:
    """Return the number by which each of some contacts is called first, in E.164."""
    query = select(PhoneNumber.contact_id, PhoneNumber.key).where(
        PhoneNumber.contact_id.in_(contact_ids),
        PhoneNumber.key != "",
        PhoneNumber.kind.not_in(("fax", "pager")),
    )
    found: dict[int, str] = {}
    order = (PhoneNumber.preferred.desc(), PhoneNumber.position, PhoneNumber.id)
    for contact_id, key in ctx.session.execute(query.order_by(*order)) if contact_ids else ():
        found.setdefault(int(contact_id or 0), key)
    return found


def is_late(ctx: Context, lead: Lead) -> bool:
    """Tell whether a lead should have been answered by now."""
    waits = lead.status in OPEN and lead.first_contact_at is None
    return bool(waits and lead.respond_by is not None and lead.respond_by < ctx.now)


def clock_words(ctx: Context, lead: Lead) -> str:
    """Return in words how it stands with the first contact."""
    if lead.response_minutes is not None:
        return _("Answered after %(time)s", time=duration(lead.response_minutes))
    if lead.status not in OPEN or lead.respond_by is None or lead.first_contact_at is not None:
        return ""
    minutes = int(abs((lead.respond_by - ctx.now).total_seconds()) // 60)
    if lead.respond_by < ctx.now:
        return _("Late by %(time)s", time=duration(minutes))
    return _("Answer within %(time)s", time=duration(minutes))


def duration(minutes: float | None) -> str:
    """Return a span in the largest unit that is meant: minutes, hours, days."""
    if minutes is None:
        return "–"
    whole = round(minutes)
    if whole < 60:
        return _n("%(num)s minute", "%(num)s minutes", whole)
    if whole < 48 * 60:
        return _n("%(num)s hour", "%(num)s hours", round(whole / 60))
    return _n("%(num)s day", "%(num)s days", round(whole / 1440))
