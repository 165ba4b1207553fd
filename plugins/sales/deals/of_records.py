"""What can be asked about the deals of contacts and companies, each for a whole page in one query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.sdk import Context

from .choices import OPEN, WON
from .models import Deal

COLUMN: Mapping[str, Any] = {"contact": Deal.contact_id, "company": Deal.company_id}

Load = Callable[[Context, Sequence[int]], Mapping[int, Any]]
Sql = Callable[[Any], ColumnElement[Any]]


def _loader(entity: str, what: Any, outcome: str) -> Load:
    column = COLUMN[entity]

    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, Any]:
        query = select(column, what).where(column.in_(ids), Deal.outcome == outcome).group_by(column)
        return {row[0]: row[1] for row in ctx.session.execute(query)}

    return load


def _sql(entity: str, what: Any, outcome: str, nothing: Any) -> Sql:
    column = COLUMN[entity]

    def sql(model: Any) -> ColumnElement[Any]:
        found = select(what).where(column == model.id, Deal.outcome == outcome, Deal.deleted_at.is_(None))
        return func.coalesce(found.scalar_subquery(), nothing)

    return sql


def open_count(entity: str) -> tuple[Load, Sql]:
    """Return loader and expression of the number of open deals."""
    return _loader(entity, func.count(Deal.id), OPEN), _sql(entity, func.count(Deal.id), OPEN, 0)


def open_value(entity: str) -> tuple[Load, Sql]:
    """Return loader and expression of the value of open deals, in the currency of reports."""
    what = func.sum(Deal.amount_base)
    return _loader(entity, what, OPEN), _sql(entity, what, OPEN, Decimal(0))


def last_won(entity: str) -> tuple[Load, Sql]:
    """Return loader and expression of the day on which a deal was last won."""
    what = func.max(Deal.close_on)
    return _loader(entity, what, WON), _sql(entity, what, WON, "")


def latest(ctx: Context, entity: str, record_id: int, limit: int) -> Sequence[Deal]:
    """Return deals of a contact or company: open ones first, then those decided last."""
    query = select(Deal).where(belonging(entity, record_id))
    query = query.order_by(Deal.outcome != OPEN, Deal.close_on.desc(), Deal.id.desc()).limit(limit)
    return ctx.session.execute(query).scalars().all()


def belonging(entity: str, record_id: Any) -> ColumnElement[bool]:
    """Return the condition of the deals of a contact (also those in which it has a part) or a company."""
    if entity != "contact":
        found: ColumnElement[bool] = Deal.company_id == record_id
        return found
    from .models import DealPerson

    parts = select(DealPerson.deal_id).where(DealPerson.contact_id == record_id)
    return or_(Deal.contact_id == record_id, Deal.id.in_(parts))
