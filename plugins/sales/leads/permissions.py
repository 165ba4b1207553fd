"""Who may see which leads beyond the usual reach, and who may settle how leads are treated."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from app.sdk import Context, Permission, RowRule, _l

from .choices import CLOSED, LEAD
from .models import Lead

RULES = "sales.lead_rules"
"""The right to change rules, settings, reasons and what came in by forms."""


def unclaimed(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Let everybody who sees leads see, and take, those that are nobody's in one of his teams or in none."""
    if verb not in {"view", "edit"} or not ctx.may(f"{LEAD}.{verb}"):
        return false()
    here = [model.team_id.is_(None)]
    if ctx.user.teams:
        here.append(model.team_id.in_(sorted(ctx.user.teams)))
    return and_(model.owner_id.is_(None), or_(*here))


def worked_on(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Let who works on a lead see the contact it is about."""
    if verb != "view" or ctx.user.id is None or not ctx.may("contact.view"):
        return false()
    mine = select(Lead.contact_id).where(
        Lead.owner_id == ctx.user.id,
        Lead.status.not_in(CLOSED),
        Lead.deleted_at.is_(None),
        Lead.contact_id.is_not(None),
    )
    seen: ColumnElement[bool] = model.id.in_(mine)
    return seen


ALL = (
    Permission(name="lead_rules", label=_l("Change how leads are assigned and scored"), roles=("manager",)),
    RowRule(name="unclaimed_leads", on=LEAD, grant=unclaimed, stable=True),
    RowRule(name="contacts_of_leads", on="contact", grant=worked_on, stable=True),
)
