"""The steps of cadences on their day: each becomes a task of who does it, with the text already written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context, _
from app.sdk.models import Contact, User
from app.sdk.services import as_house, fields, tasks

from . import days, enrolling
from .choices import ACTIVE, CALL, DONE, EMAIL, MESSAGE, STOPPED, TASK, WRITTEN
from .models import Cadence, CadenceStep, Enrolment, Touch

BATCH = 500
CHANNELS = {CALL: "call", EMAIL: "email", MESSAGE: "message"}


def run_due(ctx: Context, args: Mapping[str, Any]) -> None:
    """Begin every step whose day has come, each in a transaction of its own: a job on a schedule."""
    last = 0
    while True:
        query = (
            select(Enrolment.id)
            .join(Cadence, Cadence.id == Enrolment.cadence_id)
            .where(Enrolment.state == ACTIVE, Enrolment.next_on <= days.today(ctx).isoformat())
            .where(Cadence.active.is_(True), Enrolment.id > last)
            .order_by(Enrolment.id)
            .limit(BATCH)
        )
        ids = ctx.session.execute(query).scalars().all()
        if not ids:
            return
        for enrolment_id in ids:
            with ctx.unit():
                _step(ctx, enrolment_id)
        last = ids[-1]


def _step(ctx: Context, enrolment_id: int) -> None:
    enrolment = ctx.session.get_one(Enrolment, enrolment_id, with_for_update=True)
    today = days.today(ctx)
    if enrolment.state != ACTIVE or enrolment.next_on > today.isoformat():
        return
    plan = enrolling.steps(ctx, enrolment.cadence_id)
    if enrolment.position >= len(plan):
        _end(ctx, enrolment, DONE, "")
        return
    calendar = days.of(ctx, enrolment.user_id)
    if not calendar.is_working_day(today):
        enrolment.next_on = days.after(ctx, enrolment.user_id, today, 0).isoformat()
        return
    step = plan[enrolment.position]
    contact = ctx.session.get(Contact, enrolment.contact_id)
    if contact is None or contact.deleted_at is not None:
        _end(ctx, enrolment, STOPPED, _("the contact is gone"))
    elif CHANNELS.get(step.kind, "") in enrolling.opted_out(ctx, [contact.id])[contact.id]:
        _end(ctx, enrolment, STOPPED, _("no wish to be contacted"))
    elif step.kind == EMAIL and _sent(ctx, enrolment.user_id, today) >= _cap(ctx, enrolment.cadence_id):
        enrolment.next_on = days.after(ctx, enrolment.user_id, today, 1).isoformat()
    else:
        _touch(ctx, enrolment, step, contact, today)
        _advance(ctx, enrolment, plan, today)


def _cap(ctx: Context, cadence_id: int) -> int:
    return ctx.session.get_one(Cadence, cadence_id).daily_cap


def _sent(ctx: Context, user_id: int | None, today: date) -> int:
    """Return how many mails of all cadences a colleague was given for a day."""
    query = select(func.count(Touch.id)).where(
        Touch.user_id == user_id, Touch.day == today.isoformat(), Touch.kind == EMAIL
    )
    return ctx.session.execute(query).scalar() or 0


def _advance(ctx: Context, enrolment: Enrolment, plan: Any, today: date) -> None:
    enrolment.position += 1
    if enrolment.position < len(plan):
        wait = plan[enrolment.position].days
        enrolment.next_on = days.after(ctx, enrolment.user_id, today, wait).isoformat()
    else:
        _end(ctx, enrolment, DONE, "")


def _end(ctx: Context, enrolment: Enrolment, state: str, why: str) -> None:
    enrolment.state, enrolment.why, enrolment.ended_at = state, why, ctx.now


def _touch(ctx: Context, enrolment: Enrolment, step: CadenceStep, contact: Contact, today: date) -> None:
    """Note that a step was begun, and give who does it a task with the text."""
    touch = Touch(
        enrolment_id=enrolment.id,
        step_id=step.id,
        position=enrolment.position,
        kind=step.kind,
        user_id=enrolment.user_id,
        at=ctx.now,
        day=today.isoformat(),
    )
    ctx.session.add(touch)
    ctx.session.flush()
    texts = written(ctx, step, contact, enrolment.user_id)
    values = {
        "summary": summary(step.kind, contact.formatted_name, texts[0])[:300],
        "description": texts[1],
        "due_on": today.isoformat(),
        "assignee_id": enrolment.user_id,
    }
    if step.kind in WRITTEN:
        values["description"] = (
            f"[{_('Open the text and say that it is sent')}](/sales/touches/{touch.id})\n\n{texts[1]}"
        )
    about = [("contact", contact.id)] + ([("sales.lead", enrolment.lead_id)] if enrolment.lead_id else [])
    touch.task_id = _task(ctx, enrolment.user_id, values, about)


def _task(ctx: Context, user_id: int | None, values: dict[str, Any], about: list[tuple[str, int]]) -> int:
    """Write the task: it is that of who does it, so that the list of his tasks has it."""
    with as_house("a step of a cadence", source="cadence") as house:
        return tasks.create(house, {**values, "owner_id": user_id}, about=about).id


def summary(kind: str, name: str, subject: str) -> str:
    """Return the line of a task: what to do, with whom, about what."""
    words = {
        CALL: _("Call %(name)s", name=name),
        EMAIL: _("E-mail to %(name)s", name=name),
        MESSAGE: _("Message to %(name)s", name=name),
        TASK: name,
    }
    return ": ".join(filter(None, (words.get(kind, name), subject)))


def written(ctx: Context, step: CadenceStep, contact: Contact, user_id: int | None) -> tuple[str, str]:
    """Return subject and text of a step for somebody: {first_name}, {name}, {company} and {me} are filled in."""
    kind = ctx.schema.entity("contact")
    loaded = fields.load_ids(ctx, kind, [ctx.schema.field("contact", "company")], [contact.id])
    me = ctx.session.execute(select(User.name).where(User.id == user_id)).scalar() if user_id else ""
    known = {
        "{first_name}": contact.given_name or contact.formatted_name,
        "{name}": contact.formatted_name,
        "{company}": str(loaded["company"].get(contact.id) or ""),
        "{me}": me or "",
    }
    return filled(step.subject, known), filled(step.body, known)


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled in, once: what is filled in is not looked at again."""
    parts, rest = [], text
    while rest:
        at = min((i for word in known if (i := rest.find(word)) >= 0), default=-1)
        if at < 0:
            break
        word = next(w for w in known if rest.startswith(w, at))
        parts += [rest[:at], known[word]]
        rest = rest[at + len(word) :]
    return "".join([*parts, rest])
