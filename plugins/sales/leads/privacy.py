"""What strangers sent by forms, for who asks what is known of him, and when he is to be forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select

from app.sdk import Context, PrivacyParticipant, _l
from app.sdk.services import fields

from .models import Lead, Submission


def _of(ctx: Context, contact_id: int) -> Any:
    """Return the condition for submissions of a contact: those that became its leads, and those with its addresses."""
    kind = ctx.schema.entity("contact")
    loaded = fields.load_ids(ctx, kind, [ctx.schema.field("contact", "emails")], [contact_id])
    mails = [str(e["value"]).lower() for e in loaded["emails"].get(contact_id) or ()]
    leads = select(Lead.id).where(Lead.contact_id == contact_id)
    return or_(Submission.lead_id.in_(leads), Submission.email.in_(mails))


def export(ctx: Context, contact_id: int) -> Any:
    """Return what was sent: when, what, and what the page told."""
    query = select(Submission).where(_of(ctx, contact_id)).order_by(Submission.id).limit(1000)
    return [
        {"at": s.at.isoformat(), "values": s.values, "told": s.told}
        for s in ctx.session.execute(query).scalars()
    ]


def erase(ctx: Context, contact_id: int) -> None:
    """Remove what was sent."""
    ctx.session.execute(
        delete(Submission).where(_of(ctx, contact_id)), execution_options={"synchronize_session": False}
    )


ALL = (
    PrivacyParticipant(name="submissions", label=_l("What was sent by forms"), export=export, erase=erase),
)
