"""How promising leads are: rules give points, points fade, and each says what it is for and since when.

The score and its grade are kept on the lead for lists; the reasons are worked out anew when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.sdk import Context
from app.sdk.filters import ExprError, criterion
from app.sdk.models import Interaction, InteractionLink
from app.sdk.protocols import Point, Scorer
from app.sdk.services import as_house

from . import options
from .choices import COLD, HOT, LEAD, QUALIFIED, WARM
from .models import Lead, ScoreRule

BATCH = 2000
MOST_RULES = 100
FADED = timedelta(days=730)
"""Interactions that are longer ago count no more."""

LEAST = 0.5
"""Points below which a reason is not worth a line."""


def rules(ctx: Context) -> Sequence[ScoreRule]:
    """Return the rules that are in force, in order."""
    query = select(ScoreRule).where(ScoreRule.active.is_(True)).order_by(ScoreRule.position, ScoreRule.id)
    return ctx.session.execute(query.limit(MOST_RULES)).scalars().all()


class RuleScorer:
    """The Scorer of the house: what the rules of the page “Lead score” say."""

    def score(self, ctx: Context, entity: str, ids: Sequence[int]) -> Mapping[int, Sequence[Point]]:
        """Return the points of some leads."""
        return points(ctx, rules(ctx), ids)


def points(ctx: Context, in_force: Sequence[Any], ids: Sequence[int]) -> dict[int, list[Point]]:
    """Return the points that rules, saved or not, give to some leads: a statement per rule, whatever their number."""
    found: dict[int, list[Point]] = {i: [] for i in ids}
    for rule in in_force:
        for lead_id, since in _hits(ctx, rule, ids):
            now = faded(rule.points, rule.half_life, since, ctx.now)
            if abs(now) >= LEAST:
                found[lead_id].append(Point(points=now, reason=rule.name, since=since, full=rule.points))
    return found


def faded(full: float, half_life: int, since: datetime, now: datetime) -> float:
    """Return what is left of points after some time: half of them after each half-life, all without one."""
    if not half_life:
        return float(full)
    days = max(0.0, (now - since).total_seconds() / 86400)
    return float(full * 0.5 ** (days / half_life))


def _hits(ctx: Context, rule: Any, ids: Sequence[int]) -> Iterable[tuple[int, datetime]]:
    """Return (lead, since when) for every time that a rule counts."""
    try:
        query = _of_interactions(ctx, rule) if rule.subject == "interaction" else _of_leads(ctx, rule)
    except ExprError as error:
        ctx.log.warning("the condition of the rule “%s” cannot be read: %s", rule.name, error)
        return ()
    return [(row[0], row[1]) for row in ctx.session.execute(query.where(Lead.id.in_(ids)))]


def _of_leads(ctx: Context, rule: Any) -> Any:
    query = select(Lead.id, Lead.created_at)
    return query.where(criterion(ctx, LEAD, rule.condition)) if rule.condition.strip() else query


def _of_interactions(ctx: Context, rule: Any) -> Any:
    query = (
        select(Lead.id, Interaction.occurred_at)
        .join(
            InteractionLink,
            (InteractionLink.entity == "contact") & (InteractionLink.record_id == Lead.contact_id),
        )
        .join(Interaction, Interaction.id == InteractionLink.interaction_id)
        .where(InteractionLink.occurred_at >= ctx.now - FADED, InteractionLink.occurred_at <= ctx.now)
    )
    return query.where(criterion(ctx, "interaction", rule.condition)) if rule.condition.strip() else query


def total(of: Iterable[Point]) -> int:
    """Return the score that points add up to, never below zero."""
    return max(0, round(sum(p.points for p in of)))


def grade_of(settled: options.Options, score: int) -> str:
    """Return hot, warm or cold."""
    return HOT if score >= settled.lead_hot else WARM if score >= settled.lead_warm else COLD


def scorer(ctx: Context) -> Scorer:
    """Return who scores: the chosen implementation, or the rules when several are there and none is chosen."""
    try:
        found: Scorer = ctx.services.get(Scorer)
    except LookupError:
        return RuleScorer()
    return found


def explain(ctx: Context, lead_id: int) -> list[Point]:
    """Return the reasons of a lead's score as they are now, the weightiest first."""
    with as_house("the reasons of a score") as house:
        found = scorer(house).score(house, LEAD, [lead_id]).get(lead_id, ())
    return sorted(found, key=lambda p: -abs(p.points))


def refresh(ctx: Context, ids: Sequence[int]) -> int:
    """Work out the scores of some leads anew in the open unit, and return how many have changed."""
    with as_house("scores of leads", source=ctx.source) as house:
        scored = scorer(house).score(house, LEAD, ids)
        settled = options.of(house)
        query = select(Lead.id, Lead.score, Lead.grade, Lead.scored_at).where(Lead.id.in_(ids))
        changed = []
        for row in house.session.execute(query).all():
            score = total(scored.get(row.id, ()))
            grade = grade_of(settled, score)
            if (score, grade) != (row.score, row.grade) or row.scored_at is None:
                changed.append({"id": row.id, "score": score, "grade": grade, "scored_at": house.now})
        if changed:
            house.session.execute(update(Lead), changed)
    return len(changed)


def refresh_all(ctx: Context, args: Mapping[str, Any]) -> None:
    """Work out all scores anew, so many at a time: a job. What is qualified stays as it was."""
    last = 0
    while True:
        query = select(Lead.id).where(Lead.id > last, Lead.status != QUALIFIED).order_by(Lead.id).limit(BATCH)
        ids = ctx.session.execute(query).scalars().all()
        if not ids:
            return
        with ctx.unit():
            refresh(ctx, ids)
        last = ids[-1]


def heard(ctx: Context, events: Sequence[Any]) -> None:
    """Score leads anew whose contact, or what was talked about with him, has changed: a subscriber after the change."""
    with as_house("scores of leads", source=ctx.source) as house:
        contacts = {e.record_id for e in events if e.entity == "contact" and e.record_id}
        talks = [e.record_id for e in events if e.entity == "interaction" and e.record_id]
        if talks:
            query = select(InteractionLink.record_id).where(
                InteractionLink.entity == "contact", InteractionLink.interaction_id.in_(talks)
            )
            contacts |= set(house.session.execute(query.limit(500)).scalars())
        touched = {e.record_id for e in events if e.entity == LEAD and e.record_id}
        leads = select(Lead.id).where(Lead.contact_id.in_(contacts) | Lead.id.in_(touched)).limit(BATCH)
        ids = house.session.execute(leads).scalars().all() if contacts or touched else ()
        if ids:
            with house.unit():
                refresh(house, ids)
