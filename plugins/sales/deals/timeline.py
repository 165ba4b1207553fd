"""Deals in the timelines of the people they are with: opened, moved on, won, lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import or_, select

from app.sdk import Context, TimelineEntry, TimelineKind, _l
from app.sdk.models import User
from app.sdk.web import money

from . import options, stages
from .choices import LOST, OPEN, WON
from .fields import DEAL
from .models import Deal, DealPerson, Stage, StageChange

Source = Callable[[Context, Sequence[int], Any, int], Sequence[TimelineEntry]]


def _source(kind: str, *conditions: Any) -> Source:
    def entries(
        ctx: Context, contact_ids: Sequence[int], before: datetime | None, limit: int
    ) -> Sequence[TimelineEntry]:
        """Return moves of the deals of some contacts, newest first."""
        parts = select(DealPerson.deal_id).where(DealPerson.contact_id.in_(contact_ids))
        query = (
            select(StageChange, Deal.name, Stage.name.label("stage"), User.name.label("who"))
            .join(Deal, Deal.id == StageChange.deal_id)
            .join(Stage, Stage.id == StageChange.to_stage_id)
            .outerjoin(User, User.id == StageChange.user_id)
            .where(or_(Deal.contact_id.in_(contact_ids), Deal.id.in_(parts)), *conditions)
        )
        if before is not None:
            query = query.where(StageChange.at <= before)
        query = query.order_by(StageChange.at.desc(), StageChange.id.desc()).limit(limit)
        return [_entry(ctx, f"sales.{kind}", *row) for row in ctx.session.execute(query)]

    return entries


def _entry(
    ctx: Context, kind: str, change: StageChange, name: str, stage: str, who: str | None
) -> TimelineEntry:
    left = stages.find(ctx, change.from_stage_id)
    value = money(change.amount_base, options.currency(ctx)) if change.amount_base else ""
    way = f"{left.name} → {stage}" if left is not None else stage
    lite = kind == "sales.deal_moved"
    return TimelineEntry(
        at=change.at,
        key=f"deal:{change.id}",
        kind=kind,
        title=f"{name}: {way}" if lite else name,
        actor=who or "",
        url=url_for("sales_deals.show", record_id=change.deal_id),
        facts=tuple(fact for fact in (way, value) if fact),
        lite=lite,
    )


FIRST = StageChange.from_stage_id.is_(None)

ALL = tuple(
    TimelineKind(
        name=name,
        label=label,
        icon=icon,
        tone=tone,
        verb=verb,
        source=_source(name, *conditions),
        permission=f"{DEAL}.view",
        order=order,
    )
    for name, label, icon, tone, verb, order, conditions in (
        (
            "deal_opened",
            _l("Deal opened"),
            "square-kanban",
            "deal",
            _l("opened"),
            90,
            (FIRST, Stage.outcome == OPEN),
        ),
        (
            "deal_moved",
            _l("Deal moved"),
            "square-kanban",
            "deal",
            _l("moved"),
            91,
            (~FIRST, Stage.outcome == OPEN),
        ),
        ("deal_won", _l("Deal won"), "trophy", "ok", _l("won"), 92, (Stage.outcome == WON,)),
        ("deal_lost", _l("Deal lost"), "circle-x", "bad", _l("lost"), 93, (Stage.outcome == LOST,)),
    )
)
