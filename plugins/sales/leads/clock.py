"""The clock until the first contact: it runs in working hours, warns before it is over and tells others when it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.sdk import Context, _l
from app.sdk.models import Interaction, InteractionLink, User
from app.sdk.services import as_house, for_user, notifications, records, working_calendar

from . import options
from .choices import HOT, LEAD, NEW, OPEN, WORKING
from .models import Lead

WAITING = OPEN
TOUCHING = frozenset({"outbound", ""})
"""Directions of an interaction by which we, and not the other, were in touch; a meeting has none."""

SILENT = frozenset({"note"})
"""Kinds of interaction that nobody outside hears of."""

BATCH = 200
TOLD = 20
"""Colleagues who are told of one overdue lead at most."""

ASSIGNED, WARN, LATE = "sales.lead_assigned", "sales.lead_warning", "sales.lead_late"


def start(ctx: Context, leads: Iterable[Lead], hours: float = 0, since: datetime | None = None) -> None:
    """Set by when leads are to be answered, from their arrival or from `since`; `hours` of a rule hold before the house's."""
    waiting = [lead for lead in leads if lead.status in WAITING and lead.first_contact_at is None]
    settled = options.of(ctx)
    sources = options.by_source(settled)
    calendars = calendars_of(ctx, waiting)
    for lead in waiting:
        wanted = hours or target(settled, sources, lead)
        try:
            lead.respond_by = calendars[lead.owner_id].add_hours(since or lead.created_at, wanted)
        except LookupError:
            lead.respond_by = None
        lead.warned_at = lead.escalated_at = None


def target(settled: options.Options, sources: Mapping[str, int], lead: Lead) -> float:
    """Return the hours that the house allows for a lead: by its source, for hot ones, for all."""
    by_source = sources.get((lead.channel or "").strip().casefold(), 0)
    hours = settled.lead_hours_hot if lead.grade == HOT else settled.lead_hours
    return min(filter(None, (by_source, hours)), default=settled.lead_hours)


def calendars_of(ctx: Context, leads: Sequence[Lead]) -> dict[int | None, Any]:
    """Return the working calendars of the owners of leads; that of the company stands for nobody."""
    owners = {lead.owner_id for lead in leads if lead.owner_id}
    found = working_calendar.of_users(ctx, owners) if owners else {}
    company = working_calendar.company(ctx)
    return {None: company, **{i: found.get(i, company) for i in owners}}


def heard(ctx: Context, events: Sequence[Any]) -> None:
    """Stop the clock of leads whose contact was spoken to: a subscriber after the change."""
    told = [e.record_id for e in events if e.record_id is not None]
    query = (
        select(Lead, Interaction.occurred_at)
        .join(InteractionLink, InteractionLink.record_id == Lead.contact_id)
        .join(Interaction, Interaction.id == InteractionLink.interaction_id)
        .where(InteractionLink.entity == "contact", Interaction.id.in_(told))
        .where(Interaction.kind.not_in(SILENT), Interaction.direction.in_(TOUCHING))
        .where(Lead.status.in_(WAITING), Lead.first_contact_at.is_(None))
    )
    with as_house("the clock of leads", source=ctx.source) as house:
        if house.session.execute(query.limit(1)).first() is None:
            return
        with house.unit():
            for lead, at in house.session.execute(query.limit(BATCH)).all():
                answered(house, lead, at)


def answered(ctx: Context, lead: Lead, at: datetime) -> None:
    """Note when somebody first was in touch about a lead, and how much working time had passed."""
    if at < lead.created_at - timedelta(minutes=5) or lead.first_contact_at is not None:
        return
    calendar = calendars_of(ctx, [lead])[lead.owner_id]
    lead.response_minutes = max(0, int(calendar.hours_between(lead.created_at, at).total_seconds() // 60))
    status = {"status": WORKING} if lead.status == NEW else {}
    records.update(ctx, LEAD, lead.id, {"first_contact_at": at, **status})


def tell_owner(ctx: Context, events: Sequence[Any]) -> None:
    """Tell colleagues of leads that became theirs without their doing: a subscriber after the change."""
    for event in events:
        user_id = event.after.get("user")
        if not user_id or user_id == event.actor_id or event.record_id is None:
            continue
        with as_house("a lead was assigned", source=ctx.source) as house, house.unit():
            lead = house.session.get(Lead, event.record_id)
            if lead is not None:
                text = _l("%(name)s is yours now (%(why)s)", name=lead.name, why=event.after.get("why") or "")
                key = f"lead:{lead.id}:{event.at:%Y%m%d%H%M%S}"
                notifications.send(house, [user_id], ASSIGNED, text, about=(LEAD, lead.id), key=key)


# ---------------------------------------------------------------- warning and telling others


def watch(ctx: Context, args: Mapping[str, Any]) -> None:
    """Warn owners of leads that wait, and tell who may assign them when it is too late: a job on a schedule."""
    waiting = Lead.status.in_(WAITING), Lead.first_contact_at.is_(None), Lead.respond_by.is_not(None)
    late = select(Lead.id).where(*waiting, Lead.respond_by <= ctx.now, Lead.escalated_at.is_(None))
    soon = select(Lead.id).where(*waiting, Lead.respond_by > ctx.now, Lead.warned_at.is_(None))
    soon = soon.where(Lead.owner_id.is_not(None), Lead.respond_by <= ctx.now + timedelta(days=7)).order_by(
        Lead.respond_by
    )
    for lead_id in ctx.session.execute(late.order_by(Lead.respond_by).limit(BATCH)).scalars().all():
        _escalate(ctx, lead_id)
    percent = options.of(ctx).lead_warn_percent
    for lead_id in ctx.session.execute(soon.limit(BATCH)).scalars().all():
        _warn(ctx, lead_id, percent)


def _warn(ctx: Context, lead_id: int, percent: int) -> None:
    with ctx.unit():
        lead = ctx.session.get_one(Lead, lead_id, with_for_update=True)
        if lead.respond_by is None or lead.owner_id is None:
            return
        calendar = calendars_of(ctx, [lead])[lead.owner_id]
        whole = calendar.hours_between(lead.created_at, lead.respond_by)
        passed = calendar.hours_between(lead.created_at, ctx.now)
        if passed * 100 < whole * percent:
            return
        lead.warned_at = ctx.now
        text = _l("%(name)s waits for a first answer", name=lead.name)
        notifications.send(
            ctx, [lead.owner_id], WARN, text, about=(LEAD, lead.id), key=f"lead-warn:{lead.id}"
        )


def _escalate(ctx: Context, lead_id: int) -> None:
    with ctx.unit():
        lead = ctx.session.get_one(Lead, lead_id, with_for_update=True)
        lead.escalated_at = ctx.now
        whom = [i for i in (lead.owner_id, *overseers(ctx, lead.team_id)) if i]
        text = _l("%(name)s was not answered in time", name=lead.name)
        notifications.send(ctx, whom, LATE, text, about=(LEAD, lead.id), key=f"lead-late:{lead.id}")


def overseers(ctx: Context, team_id: int | None) -> list[int]:
    """Return the active colleagues who may give leads of a team to somebody else, at most TOLD."""
    query = select(User.id).where(User.active.is_(True)).order_by(User.id).limit(500)
    found = []
    with as_house("who oversees leads"):
        for user_id in ctx.session.execute(query).scalars().all():
            try:
                user = for_user(user_id).user
            except LookupError:
                continue
            if user.may(f"{LEAD}.assign") and (team_id is None or not user.teams or team_id in user.teams):
                found.append(user_id)
            if len(found) >= TOLD:
                break
    return found
