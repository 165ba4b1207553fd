"""What came of a cadence: for each step, how many were reached and how many answered; and who is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context
from app.sdk.models import Contact, User

from .choices import GOING
from .models import Cadence, Enrolment, Touch

SHOWN = 100


def of_steps(ctx: Context, cadence_id: int) -> dict[int, tuple[int, int]]:
    """Return step → (reached, answered)."""
    query = (
        select(Touch.step_id, func.count(Touch.id), func.count(Touch.replied_at))
        .join(Enrolment, Enrolment.id == Touch.enrolment_id)
        .where(Enrolment.cadence_id == cadence_id, Touch.step_id.is_not(None))
        .group_by(Touch.step_id)
    )
    return {int(row[0] or 0): (row[1], row[2]) for row in ctx.session.execute(query)}


def of_states(ctx: Context, cadence_id: int) -> dict[str, int]:
    """Return state → how many people of a cadence are in it."""
    query = select(Enrolment.state, func.count(Enrolment.id)).where(Enrolment.cadence_id == cadence_id)
    return {row[0]: row[1] for row in ctx.session.execute(query.group_by(Enrolment.state))}


def people(ctx: Context, cadence_id: int) -> Sequence[Any]:
    """Return who is in a cadence as far as the principal may see them: (enrolment, contact's name, colleague's name)."""
    query = (
        select(Enrolment, Contact.formatted_name, User.name)
        .join(Contact, Contact.id == Enrolment.contact_id)
        .outerjoin(User, User.id == Enrolment.user_id)
        .where(Enrolment.cadence_id == cadence_id)
        .order_by(Enrolment.state.not_in(GOING), Enrolment.next_on, Enrolment.id.desc())
    )
    return ctx.session.execute(query.limit(SHOWN)).all()


def of_contact(ctx: Context, contact_id: int) -> Sequence[Any]:
    """Return the cadences that a contact is in, or was in last: (enrolment, name of the cadence)."""
    query = (
        select(Enrolment, Cadence.name)
        .join(Cadence, Cadence.id == Enrolment.cadence_id)
        .where(Enrolment.contact_id == contact_id)
        .order_by(Enrolment.state.not_in(GOING), Enrolment.id.desc())
    )
    return ctx.session.execute(query.limit(5)).all()
