"""Activity goals: so many calls, meetings, new deals in a week or month, and how far everybody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from app.sdk import Context, Invalid, NotVisible, _
from app.sdk.models import Interaction
from app.sdk.services import access, people, unit

from ..deals.models import Deal
from ..forecast import periods
from .models import Goal
from .quotas import MANAGE

METRICS = ("calls", "meetings", "deals")
UNITS = ("week", "month")
KINDS = {"calls": "call", "meetings": "meeting"}


@dataclass(frozen=True)
class Span:
    """The days of a week (from Monday) or month, both included."""

    start: date
    end: date


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a person is with a goal: `done` of `target`; `url` opens what was counted."""

    user_id: int
    metric: str
    unit: str
    target: int
    done: int
    url: str

    @property
    def percent(self) -> int:
        """How much of it is reached, 100 at most."""
        return min(self.done * 100 // self.target, 100) if self.target else 100


def words() -> dict[str, str]:
    """Return what is counted, in words."""
    return {"calls": _("Calls"), "meetings": _("Meetings"), "deals": _("New deals")}


def span(ctx: Context, unit_: str) -> Span:
    """Return the present week or month of the reader."""
    today = ctx.now.astimezone(ctx.zone).date()
    if unit_ == "week":
        start = today - timedelta(days=today.weekday())
        return Span(start, start + timedelta(days=6))
    month = periods.of_day(today, "month")
    return Span(month.start, month.end)


def listed(ctx: Context) -> Sequence[Goal]:
    """Return all goals."""
    query = select(Goal).order_by(Goal.metric, Goal.unit, Goal.role, Goal.user_id, Goal.id)
    return ctx.session.execute(query).scalars().all()


@unit
def save(ctx: Context, *, user_id: int | None, role: str, metric: str, unit_: str, target: int) -> Goal:
    """Set a goal for a person, or for everybody of a role (of all for ""), in place of the one there was.

    Raises NotAllowed, NotVisible, Invalid.
    """
    access.require(ctx, MANAGE)
    if metric not in METRICS or unit_ not in UNITS:
        raise NotVisible(_("There is no such goal."))
    if not 1 <= target <= 10000:
        raise Invalid({"target": _("Write a number from 1 to 10000.")})
    query = select(Goal).where(
        Goal.user_id.is_(None) if user_id is None else Goal.user_id == user_id,
        Goal.role == role,
        Goal.metric == metric,
        Goal.unit == unit_,
    )
    found = ctx.session.execute(query).scalars().first()
    if found is None:
        found = Goal(user_id=user_id, role=role, metric=metric, unit=unit_, target=target)
        ctx.session.add(found)
    found.target = target
    ctx.session.flush()
    return found


@unit
def remove(ctx: Context, goal_id: int) -> None:
    """Take a goal away. Raises NotAllowed, NotVisible."""
    access.require(ctx, MANAGE)
    found = ctx.session.get(Goal, goal_id)
    if found is None:
        raise NotVisible(_("There is no such goal."))
    ctx.session.delete(found)
    ctx.session.flush()


def progress(ctx: Context, user_ids: Sequence[int]) -> list[Progress]:
    """Return how far people are with the goals that hold for them, as far as the reader sees what they do.

    A goal of one's own holds before that of a role, that of a role before that of all; of several roles the highest.
    """
    goals = listed(ctx)
    if not goals or not user_ids:
        return []
    roles = people.roles_of(ctx, user_ids)
    wanted = {key: target for i in user_ids for key, target in _holding(goals, i, roles[i]).items()}
    counted = {
        (metric, unit_): _count(ctx, metric, span(ctx, unit_), user_ids)
        for metric, unit_ in {(metric, unit_) for _user, metric, unit_ in wanted}
    }
    return [
        Progress(
            user_id=user,
            metric=metric,
            unit=unit_,
            target=target,
            done=counted[metric, unit_].get(user, 0),
            url=address(ctx, metric, unit_, user),
        )
        for (user, metric, unit_), target in sorted(wanted.items(), key=_order)
    ]


def _order(item: tuple[tuple[int, str, str], int]) -> Any:
    (user, metric, unit_), _target = item
    return user, METRICS.index(metric), UNITS.index(unit_)


def _holding(goals: Sequence[Goal], user_id: int, roles: frozenset[str]) -> dict[tuple[int, str, str], int]:
    ranked: dict[tuple[str, str], tuple[int, int]] = {}
    for goal in goals:
        rank = 3 if goal.user_id == user_id else 2 if goal.role and goal.role in roles else 1
        if (goal.user_id not in (None, user_id)) or (rank == 1 and goal.role):
            continue
        key = (goal.metric, goal.unit)
        ranked[key] = max(ranked.get(key, (0, 0)), (rank, goal.target))
    return {(user_id, metric, unit_): target for (metric, unit_), (_rank, target) in ranked.items()}


def _count(ctx: Context, metric: str, of: Span, user_ids: Sequence[int]) -> Mapping[int, int]:
    if metric == "deals":
        query = select(Deal.owner_id, func.count().label("n")).where(
            Deal.opened_on.between(of.start.isoformat(), of.end.isoformat()), Deal.owner_id.in_(user_ids)
        )
        query = query.group_by(Deal.owner_id)
    else:
        query = select(Interaction.owner_id, func.count().label("n")).where(
            Interaction.kind == KINDS[metric],
            Interaction.occurred_at >= _midnight(ctx, of.start),
            Interaction.occurred_at < _midnight(ctx, of.end + timedelta(days=1)),
            Interaction.owner_id.in_(user_ids),
        )
        query = query.group_by(Interaction.owner_id)
    return {row.owner_id: row.n for row in ctx.session.execute(query)}


def address(ctx: Context, metric: str, unit_: str, user_id: int) -> str:
    """Return the list of what was counted."""
    of = span(ctx, unit_)
    days = f"between {of.start.isoformat()} and {of.end.isoformat()}"
    if metric == "deals":
        where = f"owner_id = {user_id} and opened_on {days}"
        return url_for("lists.index", entity="sales.deal", where=where)
    where = f"kind = {KINDS[metric]} and owner_id = {user_id} and occurred_at {days}"
    return url_for("interactions.index", where=where)


def _midnight(ctx: Context, day: date) -> datetime:
    return datetime.combine(day, time(), ctx.zone).astimezone(UTC)
