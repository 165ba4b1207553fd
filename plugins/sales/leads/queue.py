"""The queue of leads: who is to be answered first comes first, then the latest; read a page at a time by index.

Each part of the queue has partial indexes of its own (see `models.Lead`): they hold no lead that is closed, so a page costs
the same however many there have been. Their conditions stand here as they stand there, with the states written out;
"is true" keeps SQLite from looking each state up in the index of states, and sorting what it finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_, select, true

from app.sdk import Context

from .choices import HOT, NURTURING, OPEN
from .models import Lead

CAP = 1000
"""Counting stops here."""

PAGE = 30


def _within(*states: str) -> ColumnElement[bool]:
    return Lead.status.in_([literal_column(f"'{state}'") for state in states]).is_(true())


STANDING = _within(*OPEN)
KEPT = _within(*OPEN, NURTURING)
WAITING = and_(STANDING, Lead.first_contact_at.is_(None), Lead.respond_by.is_not(None))
IS_HOT = and_(STANDING, Lead.grade == literal_column(f"'{HOT}'"))


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the queue: which leads, in which order, and what lies beyond a place in it."""

    where: ColumnElement[bool]
    key: Any
    order: Sequence[Any]
    beyond: Any
    read: Any = str


def _after(key: Any, number: int) -> ColumnElement[bool]:
    return or_(Lead.respond_by > key, and_(Lead.respond_by == key, Lead.id > number))


def _below(key: Any, number: int) -> ColumnElement[bool]:
    return or_(Lead.score < key, and_(Lead.score == key, Lead.id < number))


def _older(_key: Any, number: int) -> ColumnElement[bool]:
    return Lead.id < number


def _instant(text: str) -> datetime:
    return datetime.fromtimestamp(int(text) / 1_000_000, UTC)


PARTS: Mapping[str, Part] = {
    "w": Part(
        where=WAITING,
        key=lambda lead: int(lead.respond_by.timestamp() * 1_000_000),
        order=(Lead.respond_by, Lead.id),
        beyond=_after,
        read=_instant,
    ),
    "r": Part(
        where=and_(KEPT, not_(WAITING)), key=lambda lead: 0, order=(Lead.id.desc(),), beyond=_older, read=int
    ),
    "h": Part(
        where=IS_HOT,
        key=lambda lead: lead.score,
        order=(Lead.score.desc(), Lead.id.desc()),
        beyond=_below,
        read=int,
    ),
}
"""Part → how it is read: those who wait for the first answer, all others, the hot ones. The letters begin a cursor."""


def scopes(ctx: Context) -> dict[str, tuple[str, tuple[ColumnElement[bool], ...]]]:
    """Return the views of the inbox: name → the parts of the queue it goes through, and what narrows them."""
    return {
        "mine": ("wr", (Lead.owner_id == ctx.user.id, STANDING)),
        "free": ("wr", (Lead.owner_id.is_(None), KEPT)),
        "hot": ("h", ()),
        "late": ("w", (Lead.respond_by < ctx.now,)),
        "all": ("wr", (KEPT,)),
    }


def page(ctx: Context, scope: str, after: str = "", limit: int = PAGE) -> tuple[Sequence[Lead], str]:
    """Return leads of a view from a place on, and the place where the next ones begin ("" when there are none)."""
    parts, narrowed = scopes(ctx)[scope]
    place = _place(after) if after and after[0] in parts else None
    found: list[tuple[str, Lead]] = []
    for name in parts[parts.index(after[0]) :] if place else parts:
        part = PARTS[name]
        query = select(Lead).where(part.where, *narrowed)
        if place and name == after[0]:
            query = query.where(part.beyond(*place))
        query = query.order_by(*part.order).limit(limit + 1 - len(found))
        found += [(name, lead) for lead in ctx.session.execute(query).scalars()]
        if len(found) > limit:
            break
    return [lead for _name, lead in found[:limit]], _cursor(*found[limit - 1]) if len(found) > limit else ""


def _cursor(name: str, lead: Lead) -> str:
    return f"{name}{PARTS[name].key(lead)}_{lead.id}"


def _place(after: str) -> tuple[Any, int] | None:
    """Return the key and the id that a cursor names, None for a text that is no cursor."""
    key, _sep, number = after[1:].partition("_")
    try:
        return PARTS[after[0]].read(key), min(int(number), 2**31 - 1)
    except (ValueError, OverflowError, OSError):
        return None


def counts(ctx: Context, *names: str) -> dict[str, int]:
    """Return how many leads there are in views of the inbox (all of them by default), up to CAP: one statement."""
    every = scopes(ctx)
    wanted = names or tuple(every)
    query = select(*(_count(*every[name]).label(name) for name in wanted))
    row = ctx.session.execute(query).one()
    return {name: int(row[at]) for at, name in enumerate(wanted)}


def _count(parts: str, narrowed: Sequence[ColumnElement[bool]]) -> Any:
    where = {"w": (WAITING,), "h": (IS_HOT,)}.get(parts, ())
    inner = select(Lead.id).where(*where, *narrowed).limit(CAP).subquery()
    return select(func.count()).select_from(inner).scalar_subquery()
