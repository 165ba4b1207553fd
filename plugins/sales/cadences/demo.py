"""Demonstration of cadences: one that is in use."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import User
from app.sdk.services import records

from ..leads.models import Lead
from . import enrolling
from .choices import CADENCE
from .models import Cadence, CadenceStep

STEPS = (
    ("call", 0, "Ask what they need", ""),
    (
        "email",
        2,
        "Your roof",
        "Hello {first_name},\n\nthank you for your interest. May I call you this week?\n\n{me}",
    ),
    ("call", 3, "Second try", ""),
    ("message", 4, "", "Hello {first_name}, shall we talk about your roof? {me}"),
    ("task", 5, "Decide whether to go on", ""),
)


def build(ctx: Context) -> None:
    """Add what is to be shown, once."""
    if ctx.session.execute(select(Cadence.id).limit(1)).first() is not None:
        return
    made = records.create(
        ctx, CADENCE, {"name": "First two weeks", "note": "For new leads.", "active": True, "daily_cap": 20}
    )
    for position, (kind, days, subject, body) in enumerate(STEPS):
        ctx.session.add(
            CadenceStep(
                cadence_id=made.id, position=position, kind=kind, days=days, subject=subject, body=body
            )
        )
    ctx.session.flush()
    user = ctx.session.execute(select(User.id).order_by(User.id.desc()).limit(1)).scalar()
    query = (
        select(Lead.contact_id, Lead.id)
        .where(Lead.status == "nurturing", Lead.contact_id.is_not(None))
        .limit(8)
    )
    people: dict[int, int | None] = {row[0] or 0: row[1] for row in ctx.session.execute(query)}
    if people and user:
        enrolling.enrol(ctx, made.id, people, user_id=user)
