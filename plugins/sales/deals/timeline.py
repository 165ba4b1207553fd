"""Deals in the timelines of the people they are with: opened, moved on, won, lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Integer, bindparam, or_, select

from app.sdk import Context, TimelineEntry, TimelineKind, _l
from app.sdk.models import Instant, User
from app.sdk.services import access
from app.sdk.web import money

from . import options, stages
from .choices import OPEN
from .fields import DEAL
from .models import Deal, DealPerson, Stage, StageChange


def _moves(*further: Any) -> Any:
    """Return the select of moves of the deals of some contacts, newest first; built once."""
    contacts: Any = bindparam("contacts", expanding=True)
    parts = select(DealPerson.deal_id).where(DealPerson.contact_id.in_(contacts))
    query = (
        select(
            StageChange.id,
            StageChange.deal_id,
            StageChange.from_stage_id,
            StageChange.at,
            StageChange.amount_base,
            Deal.name,
            Stage.name.label("stage"),
            Stage.outcome,
            User.name.label("who"),
        )
        .join(Deal, Deal.id == StageChange.deal_id)
        .join(Stage, Stage.id == StageChange.to_stage_id)
        .outerjoin(User, User.id == StageChange.user_id)
        .where(or_(Deal.contact_id.in_(contacts), Deal.id.in_(parts)), *further)
    )
    return query.order_by(StageChange.at.desc(), StageChange.id.desc()).limit(
        bindparam("most", type_=Integer)
    )


MOVES = _moves()
EARLIER = _moves(StageChange.at <= bindparam("before", type_=Instant))


def entries(
    ctx: Context, contact_ids: Sequence[int], before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return moves of the deals of some contacts, newest first: opened, moved on, won and lost."""
    values = {"contacts": list(contact_ids), "most": limit, "before": before}
    if before is None:
        del values["before"]
    return [_entry(ctx, row) for row in access.rows(ctx, MOVES if before is None else EARLIER, values)]


def _kind(move: Any) -> str:
    if move.outcome == OPEN:
        return "sales.deal_opened" if move.from_stage_id is None else "sales.deal_moved"
    return f"sales.deal_{move.outcome}"


def _entry(ctx: Context, move: Any) -> TimelineEntry:
    kind = _kind(move)
    left = stages.find(ctx, move.from_stage_id)
    value = money(move.amount_base, options.currency(ctx)) if move.amount_base else ""
    way = f"{left.name} → {move.stage}" if left is not None else move.stage
    lite = kind == "sales.deal_moved"
    return TimelineEntry(
        at=move.at,
        key=f"deal:{move.id}",
        kind=kind,
        title=f"{move.name}: {way}" if lite else move.name,
        actor=move.who or "",
        url=url_for("sales_deals.show", record_id=move.deal_id),
        facts=tuple(fact for fact in (way, value) if fact),
        lite=lite,
    )


ALL = tuple(
    TimelineKind(
        name=name,
        label=label,
        icon=icon,
        tone=tone,
        verb=verb,
        source=entries,
        permission=f"{DEAL}.view",
        order=order,
    )
    for name, label, icon, tone, verb, order in (
        ("deal_opened", _l("Deal opened"), "square-kanban", "deal", _l("opened a deal"), 90),
        ("deal_moved", _l("Deal moved"), "square-kanban", "deal", _l("moved a deal"), 91),
        ("deal_won", _l("Deal won"), "trophy", "ok", _l("won a deal"), 92),
        ("deal_lost", _l("Deal lost"), "circle-x", "bad", _l("lost a deal"), 93),
    )
)
