"""Leads in the timeline of the person they are about: when they came, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import or_, select

from app.sdk import Context, TimelineEntry, TimelineKind, _, _l

from .choices import CLOSED, LEAD, QUALIFIED
from .models import Lead


def entries(
    ctx: Context, contact_ids: Sequence[int], before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return arrivals and ends of leads about some contacts, newest first."""
    query = select(Lead).where(Lead.contact_id.in_(contact_ids))
    if before is not None:
        query = query.where(or_(Lead.created_at <= before, Lead.closed_at <= before))
    leads = ctx.session.execute(
        query.order_by(Lead.created_at.desc(), Lead.id.desc()).limit(limit + 1)
    ).scalars()
    found = [entry for lead in leads for entry in _of(lead)]
    shown = [entry for entry in found if before is None or entry.at <= before]
    return sorted(shown, key=lambda entry: (entry.at, entry.key), reverse=True)[:limit]


def _of(lead: Lead) -> list[TimelineEntry]:
    url = url_for("sales_leads.show", record_id=lead.id)
    facts = tuple(filter(None, (lead.channel, lead.campaign)))
    found = [
        TimelineEntry(
            at=lead.created_at,
            key=f"lead:{lead.id}",
            kind="sales.lead",
            title=lead.topic or _("New lead"),
            body=lead.message,
            url=url,
            facts=facts,
        )
    ]
    if lead.status in CLOSED and lead.closed_at is not None:
        title = _("Qualified: it is a deal now") if lead.status == QUALIFIED else _("Disqualified")
        found.append(
            TimelineEntry(
                at=lead.closed_at,
                key=f"lead-end:{lead.id}",
                kind="sales.lead",
                title=title,
                body=lead.reason_note if lead.status != QUALIFIED else "",
                url=url,
            )
        )
    return found


ALL = (
    TimelineKind(
        name="lead",
        label=_l("Lead"),
        icon="inbox",
        tone="form",
        source=entries,
        permission=f"{LEAD}.view",
        order=90,
    ),
)
