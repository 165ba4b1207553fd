"""Who is in a cadence: put in, paused, taken out, and stopped by what happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from app.sdk import Context, NotVisible, Refuse, _
from app.sdk.models import Contact, Interaction, InteractionLink
from app.sdk.services import access, as_house, fields, records, unit

from ..leads.models import Lead
from . import days
from .choices import ACTIVE, CADENCE, GOING, PAUSED, STOPPED
from .models import Cadence, CadenceStep, Enrolment, Touch

MOST = 500


def steps(ctx: Context, cadence_id: int) -> Sequence[CadenceStep]:
    """Return the steps of a cadence in order."""
    query = select(CadenceStep).where(CadenceStep.cadence_id == cadence_id)
    return ctx.session.execute(query.order_by(CadenceStep.position, CadenceStep.id).limit(50)).scalars().all()


@unit
def enrol(
    ctx: Context, cadence_id: int, contacts: Mapping[int, int | None], *, user_id: int | None = None
) -> tuple[int, dict[int, str]]:
    """Put contacts into a cadence (contact → its lead, or None); returns how many began, and why others did not.

    Who does the steps is `user_id`, else the principal. Raises NotVisible, Refuse for a cadence without steps.
    """
    cadence: Cadence = records.get(ctx, CADENCE, cadence_id)
    plan = steps(ctx, cadence_id)
    if not plan or not cadence.active:
        raise Refuse(_("This cadence is not in use: it has no steps, or was switched off."))
    visible = access.visible_ids(ctx, Contact, list(contacts))
    going = _going(ctx, cadence_id, list(contacts))
    flagged = opted_out(ctx, list(visible))
    refused: dict[int, str] = {}
    who = user_id or ctx.user.id
    for contact_id, lead_id in contacts.items():
        if contact_id not in visible:
            refused[contact_id] = _("There is no such contact.")
        elif contact_id in going:
            refused[contact_id] = _("Is in this cadence already.")
        elif flagged.get(contact_id):
            refused[contact_id] = _("Does not want to be contacted.")
        else:
            begins = days.after(ctx, who, days.today(ctx), plan[0].days).isoformat()
            ctx.session.add(
                Enrolment(
                    cadence_id=cadence_id,
                    contact_id=contact_id,
                    lead_id=lead_id,
                    user_id=who,
                    state=ACTIVE,
                    position=0,
                    next_on=begins,
                    started_at=ctx.now,
                )
            )
    ctx.session.flush()
    return len(contacts) - len(refused), refused


def _going(ctx: Context, cadence_id: int, contact_ids: Sequence[int]) -> set[int]:
    query = select(Enrolment.contact_id).where(
        Enrolment.cadence_id == cadence_id,
        Enrolment.contact_id.in_(contact_ids),
        Enrolment.state.in_(GOING),
    )
    return set(ctx.session.execute(query).scalars())


def opted_out(ctx: Context, contact_ids: Sequence[int]) -> dict[int, set[str]]:
    """Return the channels by which contacts do not want to be reached."""
    field = ctx.schema.field("contact", "do_not_contact")
    loaded = fields.load_ids(ctx, ctx.schema.entity("contact"), [field], contact_ids)
    found = loaded.get("do_not_contact", {})
    return {i: {str(flag["channel"]) for flag in found.get(i) or ()} for i in contact_ids}


# ---------------------------------------------------------------- by hand


def get(ctx: Context, enrolment_id: int) -> Enrolment:
    """Return an enrolment of a contact that the principal may see. Raises NotVisible."""
    found = ctx.session.get(Enrolment, enrolment_id)
    if found is None or not records.exists(ctx, "contact", found.contact_id):
        raise NotVisible(_("There is nobody of that number in the cadence."))
    return found


@unit
def pause(ctx: Context, enrolment_id: int, *, on: bool) -> Enrolment:
    """Let somebody rest in a cadence, or go on from the next working day. Raises Refuse when it is over."""
    found = get(ctx, enrolment_id)
    if found.state not in GOING:
        raise Refuse(_("This is over already."))
    found.state = PAUSED if on else ACTIVE
    if not on:
        found.next_on = max(found.next_on, days.after(ctx, found.user_id, days.today(ctx), 0).isoformat())
    return found


@unit
def stop(ctx: Context, enrolment_id: int, why: str = "") -> Enrolment:
    """Take somebody out of a cadence."""
    found = get(ctx, enrolment_id)
    if found.state in GOING:
        _stop(ctx, found, why or _("by hand"))
    return found


def _stop(ctx: Context, enrolment: Enrolment, why: str) -> None:
    enrolment.state, enrolment.why, enrolment.ended_at = STOPPED, why[:200], ctx.now


# ---------------------------------------------------------------- by what happens


def talked(ctx: Context, events: Sequence[Any]) -> None:
    """Stop where somebody answered or met us: a subscriber after an interaction."""
    ids = [e.record_id for e in events if e.record_id is not None]
    query = (
        select(Enrolment, Interaction)
        .join(InteractionLink, InteractionLink.record_id == Enrolment.contact_id)
        .join(Interaction, Interaction.id == InteractionLink.interaction_id)
        .where(InteractionLink.entity == "contact", Interaction.id.in_(ids), Enrolment.state.in_(GOING))
    )
    with as_house("a cadence stops", source=ctx.source) as house:
        if house.session.execute(query.limit(1)).first() is None:
            return
        with house.unit():
            for enrolment, interaction in house.session.execute(query.limit(MOST)).all():
                why = _answer(interaction)
                if why and interaction.occurred_at >= enrolment.started_at:
                    _replied(house, enrolment, interaction.occurred_at)
                    _stop(house, enrolment, why)


def _answer(interaction: Interaction) -> str:
    """Return why an interaction ends a cadence, "" when it does not."""
    if interaction.kind == "meeting":
        return _("a meeting")
    if interaction.direction == "inbound":
        return _("an answer")
    return _("a talk") if interaction.kind == "call" and interaction.outcome == "connected" else ""


def _replied(ctx: Context, enrolment: Enrolment, at: Any) -> None:
    query = select(Touch).where(Touch.enrolment_id == enrolment.id).order_by(Touch.position.desc()).limit(1)
    touch = ctx.session.execute(query).scalar_one_or_none()
    if touch is not None and touch.replied_at is None:
        touch.replied_at = at


def decided(ctx: Context, events: Sequence[Any]) -> None:
    """Stop where a lead is closed: a subscriber after the change."""
    leads = [e.record_id for e in events if e.after.get("status") in ("qualified", "disqualified")]
    if not leads:
        return
    with as_house("a cadence stops", source=ctx.source) as house:
        people = set(house.session.execute(select(Lead.contact_id).where(Lead.id.in_(leads))).scalars())
        _stop_all(house, [i for i in people if i], _("the stage has changed"))


GOING_ON = (
    select(Enrolment.id)
    .where(Enrolment.contact_id.in_(bindparam("contacts", expanding=True)), Enrolment.state.in_(GOING))
    .limit(1)
)


def moved(ctx: Context, events: Sequence[Any]) -> None:
    """Stop where a deal moves to another stage: a subscriber within the change, which asks one small question."""
    people = sorted({e.record.contact_id for e in events if e.record.contact_id})
    if people and access.rows(ctx, GOING_ON, {"contacts": people}).first() is not None:
        _stop_all(ctx, people, _("the stage has changed"))


def withdrawn(ctx: Context, events: Sequence[Any]) -> None:
    """Stop where somebody does not want to be contacted any more: a subscriber after the change."""
    ids = [e.record_id for e in events if e.record_id is not None and e.after.get("do_not_contact")]
    if ids:
        with as_house("a cadence stops", source=ctx.source) as house:
            _stop_all(house, ids, _("no wish to be contacted"))


def _stop_all(ctx: Context, contact_ids: Sequence[int], why: str) -> None:
    query = select(Enrolment).where(Enrolment.contact_id.in_(contact_ids), Enrolment.state.in_(GOING))
    if ctx.session.execute(query.limit(1)).first() is None:
        return
    with ctx.unit():
        for enrolment in ctx.session.execute(query.limit(MOST)).scalars():
            _stop(ctx, enrolment, why)
