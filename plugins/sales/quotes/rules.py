"""Rights, who sees which quotes, what is told, and what stays as it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from app.sdk import Context, Job, Notice, On, Permission, Phase, RowRule, Topic, _l
from app.sdk.services import access

from ..deals.models import Deal
from . import deciding, guarding
from .content import QUOTE

READING = ("view", "export")


def with_its_deal(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Show the quotes of deals that somebody may see, and let those be changed whose deal he may change."""
    if not ctx.may(f"{QUOTE}.{verb}"):
        return false()
    return and_(model.deal_id.is_not(None), model.deal_id.in_(_deals(ctx, verb)))


def not_without_it(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Hide quotes of deals that somebody may not see."""
    return or_(model.deal_id.is_(None), model.deal_id.in_(_deals(ctx, verb)))


def _deals(ctx: Context, verb: str) -> Any:
    deal = aliased(Deal)
    needed = "view" if verb in READING else "edit"
    return select(deal.id).where(access.criterion(ctx, deal, needed, entity="sales.deal"))


ALL = (
    Permission(name="discounts", label=_l("Give and approve any discount"), roles=("manager",)),
    RowRule(name="quotes_of_deals", on=QUOTE, grant=with_its_deal, restrict=not_without_it, stable=True),
    Topic(name="sales.quote.issued", label=_l("A quote was issued")),
    Topic(name="sales.quote.accepted", label=_l("A quote was accepted")),
    Topic(name="sales.quote.declined", label=_l("A quote was declined")),
    Topic(name="sales.quote.expired", label=_l("A quote has expired")),
    Notice(
        name="quote_decided",
        label=_l("Quotes"),
        hint=_l("When a customer accepts or declines one of your quotes."),
        icon="file-text",
        tone="deal",
    ),
    On(name="quote_made", topic=f"{QUOTE}.created", run=guarding.made, phase=Phase.BEFORE, critical=True),
    On(
        name="quote_changed",
        topic=f"{QUOTE}.updated",
        run=guarding.changed,
        phase=Phase.BEFORE,
        critical=True,
    ),
    On(
        name="quote_removed",
        topic=f"{QUOTE}.deleted",
        run=guarding.removed,
        phase=Phase.BEFORE,
        critical=True,
    ),
    Job(
        name="quotes_expire",
        label=_l("Quotes that have expired"),
        run=deciding.expire,
        schedule="daily 00:10",
    ),
)
