"""Leads in the timeline of the person they are about: when they came, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Integer, bindparam, or_, select

from app.sdk import Context, TimelineEntry, TimelineKind, _, _l
from app.sdk.models import Instant
from app.sdk.services import access

from .choices import CLOSED, LEAD, QUALIFIED
from .models import Lead


def _leads(whose: Any, *further: Any) -> Any:
    """Return the select of leads about some records, newest first; built once."""
    query = select(
        Lead.id,
        Lead.created_at,
        Lead.closed_at,
        Lead.status,
        Lead.topic,
        Lead.message,
        Lead.channel,
        Lead.campaign,
        Lead.reason_note,
    ).where(whose.in_(bindparam("ids", expanding=True)), *further)
    return query.order_by(Lead.created_at.desc(), Lead.id.desc()).limit(bindparam("most", type_=Integer))


BEFORE: Any = bindparam("before", type_=Instant)
UNTIL = or_(Lead.created_at <= BEFORE, Lead.closed_at <= BEFORE)
OF = {"contact": Lead.contact_id, "sales.deal": Lead.deal_id}
EVERY = {entity: _leads(whose) for entity, whose in OF.items()}
EARLIER = {entity: _leads(whose, UNTIL) for entity, whose in OF.items()}


def entries(
    ctx: Context, contact_ids: Sequence[int], before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return arrivals and ends of leads about some contacts, newest first."""
    return _entries(ctx, "contact", contact_ids, before, limit)


def of_deals(
    ctx: Context, deal_ids: Sequence[int], before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return arrivals and ends of the leads that became some deals, newest first."""
    return _entries(ctx, "sales.deal", deal_ids, before, limit)


def _entries(
    ctx: Context, entity: str, ids: Sequence[int], before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    values: dict[str, Any] = {"ids": list(ids), "most": limit + 1}
    if before is not None:
        values["before"] = before
    leads = access.rows(ctx, (EVERY if before is None else EARLIER)[entity], values)
    found = [entry for lead in leads for entry in _of(lead)]
    shown = [entry for entry in found if before is None or entry.at <= before]
    return sorted(shown, key=lambda entry: (entry.at, entry.key), reverse=True)[:limit]


def _of(lead: Any) -> list[TimelineEntry]:
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
        sources={"sales.deal": of_deals},
        permission=f"{LEAD}.view",
        order=90,
    ),
)
