"""How many leads wait for somebody, and how long the first contact took: each in one bounded query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import bindparam, func, select

from app.sdk import Context
from app.sdk.services import access, people

from .choices import CLOSED, DISQUALIFIED, NEW, QUALIFIED
from .models import Lead
from .queue import CAP

_WAITING = select(Lead.id).where(Lead.owner_id == bindparam("me"), Lead.status == NEW).limit(CAP)
_MINE = select(func.count()).select_from(_WAITING.subquery())
"""Every page asks this, so it is built once."""

DAYS = 90
MOST = 20_000
"""Answered leads that the report looks at, the latest."""


def waiting_for_me(ctx: Context) -> int | None:
    """Return how many new leads wait for the principal, for the badge of the navigation."""
    return access.rows(ctx, _MINE, {"me": ctx.user.id or 0}).scalar() or None


def of_contact(ctx: Context, contact_id: int, limit: int = 6) -> Sequence[Lead]:
    """Return the leads about a contact: open ones first, then the latest."""
    query = select(Lead).where(Lead.contact_id == contact_id)
    query = query.order_by(Lead.status.in_(CLOSED), Lead.created_at.desc(), Lead.id.desc())
    return ctx.session.execute(query.limit(limit)).scalars().all()


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the report: whose or of which source, how many leads, how many answered and won, and how fast."""

    label: str
    key: str
    leads: int
    answered: int
    qualified: int
    disqualified: int
    late: int
    median: float | None
    p90: float | None


def report(ctx: Context, by: str, days: int = DAYS) -> list[Line]:
    """Return how fast leads of the last days were answered, by "owner" or "source", the most leads first."""
    column = Lead.owner_id if by == "owner" else Lead.channel
    query = (
        select(
            column.label("key"),
            Lead.status,
            Lead.response_minutes,
            Lead.first_contact_at,
            Lead.respond_by,
        )
        .where(Lead.created_at >= ctx.now - timedelta(days=days))
        .order_by(Lead.created_at.desc())
        .limit(MOST)
    )
    groups: dict[Any, list[Any]] = {}
    for row in ctx.session.execute(query):
        groups.setdefault(row.key, []).append(row)
    names = people.user_names(ctx, [k for k in groups if k]) if by == "owner" else {}
    lines = [_line(ctx, key, str(names.get(key, key) or ""), rows) for key, rows in groups.items()]
    return sorted(lines, key=lambda line: (-line.leads, line.label))


def _line(ctx: Context, key: Any, label: str, rows: Sequence[Any]) -> Line:
    minutes = sorted(r.response_minutes for r in rows if r.response_minutes is not None)
    late = sum(1 for r in rows if r.respond_by and (r.first_contact_at or ctx.now) > r.respond_by)
    return Line(
        label=label,
        key=str(key or ""),
        leads=len(rows),
        answered=sum(1 for r in rows if r.first_contact_at is not None),
        qualified=sum(1 for r in rows if r.status == QUALIFIED),
        disqualified=sum(1 for r in rows if r.status == DISQUALIFIED),
        late=late,
        median=median(minutes) if minutes else None,
        p90=percentile(minutes, 0.9),
    )


def percentile(ordered: Sequence[int], share: float) -> float | None:
    """Return the value below which a share of ordered values lies, between two of them in proportion (R-7)."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def channels(ctx: Context) -> list[str]:
    """Return the lead sources that are in use, for suggestions."""
    query = select(Lead.channel).where(Lead.channel != "").distinct().order_by(Lead.channel).limit(50)
    return list(ctx.session.execute(query).scalars())
