"""Whose a lead becomes: the first rule in order whose condition holds and which finds somebody decides, and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.filters import ExprError, criterion
from app.sdk.models import User
from app.sdk.protocols import Router
from app.sdk.services import people

from . import routing_ways
from .choices import LEAD
from .models import AssignRule, AssignTurn, Lead

MOST_RULES = 100


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Who gets a lead, by which rule, and why in words."""

    user_id: int
    why: str
    rule: AssignRule | None = None


@dataclass
class Desk:
    """What is known while leads are given away: rules, turns, loads; kept in memory, so that a rehearsal writes nothing."""

    rules: Sequence[Any]
    given: dict[tuple[int, int], int] = field(default_factory=dict)
    loads: dict[int, int] = field(default_factory=dict)
    away: set[int] = field(default_factory=set)
    known: dict[int, str] = field(default_factory=dict)
    matched: dict[int, set[int]] = field(default_factory=dict)

    def took(self, rule: Any, user_id: int) -> None:
        """Note that somebody got a lead."""
        key = (rule.id or 0, user_id)
        self.given[key] = self.given.get(key, 0) + 1
        self.loads[user_id] = self.loads.get(user_id, 0) + 1


def rules(ctx: Context) -> Sequence[AssignRule]:
    """Return the rules that are in force, in order."""
    query = select(AssignRule).where(AssignRule.active.is_(True)).order_by(AssignRule.position, AssignRule.id)
    return ctx.session.execute(query.limit(MOST_RULES)).scalars().all()


def desk(ctx: Context, in_force: Sequence[Any], ids: Sequence[int]) -> Desk:
    """Return what is needed to give some leads away, read with as many statements for many as for one."""
    made = Desk(in_force)
    users = sorted({i for rule in in_force for i in routing_ways.candidates(rule)})
    made.known = {
        row.id: row.name
        for row in ctx.session.execute(
            select(User.id, User.name).where(User.id.in_(users), User.active.is_(True))
        )
    }
    made.away = routing_ways.away(ctx, list(made.known))
    made.loads = routing_ways.loads(ctx, list(made.known))
    turns = select(AssignTurn.rule_id, AssignTurn.user_id, AssignTurn.given)
    made.given = {(r.rule_id, r.user_id): r.given for r in ctx.session.execute(turns.limit(5000))}
    for number, rule in enumerate(in_force):
        made.matched[number] = matching(ctx, rule.condition, ids)
    return made


def matching(ctx: Context, condition: str, ids: Sequence[int]) -> set[int]:
    """Return those of some leads for which a condition holds; one that cannot be read any more holds for none."""
    if not condition.strip():
        return set(ids)
    try:
        query = select(Lead.id).where(Lead.id.in_(ids), criterion(ctx, LEAD, condition))
    except ExprError as error:
        ctx.log.warning("the condition of a rule of leads cannot be read: %s", error)
        return set()
    return set(ctx.session.execute(query).scalars())


def choose(ctx: Context, at: Desk, lead: Lead) -> Chosen | None:
    """Return who gets a lead, or None when no rule finds anybody."""
    for number, rule in enumerate(at.rules):
        if lead.id not in at.matched[number]:
            continue
        found = routing_ways.WAYS[rule.strategy](ctx, at, rule, lead)
        if found is not None:
            at.took(rule, found[0])
            return Chosen(user_id=found[0], why=f"{rule.name}: {found[1]}", rule=rule)
    return None


def assign(ctx: Context, lead: Lead) -> Chosen | None:
    """Give a lead that is being made to whom the rules say, and tell; it stays nobody's when no rule finds anybody."""
    asked = ctx.services.get(Router).route(ctx, LEAD, lead.id)
    if asked is not None:
        chosen: Chosen | None = Chosen(user_id=asked[0], why=asked[1])
    else:
        chosen = choose(ctx, desk(ctx, rules(ctx), [lead.id]), lead)
    if chosen is None:
        return None
    give(ctx, lead, chosen.user_id, chosen.why)
    if chosen.rule is not None:
        _count(ctx, chosen.rule.id, chosen.user_id)
    return chosen


def give(ctx: Context, lead: Lead, user_id: int, why: str) -> None:
    """Set whose a lead is, since when and why, and tell that it was assigned."""
    lead.owner_id, lead.assigned_at, lead.assigned_why = user_id, ctx.now, why[:500]
    lead.team_id = ctx.session.execute(select(User.team_id).where(User.id == user_id)).scalar()
    ctx.events.emit(
        "sales.lead.assigned", entity=LEAD, record_ids=[lead.id], payload={"user": user_id, "why": why[:500]}
    )


def _count(ctx: Context, rule_id: int, user_id: int) -> None:
    query = select(AssignTurn).where(AssignTurn.rule_id == rule_id, AssignTurn.user_id == user_id)
    turn = ctx.session.execute(query.with_for_update()).scalar_one_or_none()
    if turn is None:
        turn = AssignTurn(rule_id=rule_id, user_id=user_id, given=0)
        ctx.session.add(turn)
    turn.given += 1
    turn.last_at = ctx.now
    ctx.session.flush()


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What rules would do with the latest leads: a line for each, and how many everybody would get; 0 is nobody."""

    lines: Sequence[tuple[Lead, Chosen | None]]
    totals: Mapping[int, int]
    names: Mapping[int, str]


def rehearse(ctx: Context, in_force: Sequence[Any], most: int = 100) -> Rehearsed:
    """Tell what rules, saved or not, would do with the latest leads. Nothing is written."""
    query = select(Lead).order_by(Lead.created_at.desc(), Lead.id.desc()).limit(most)
    leads = list(reversed(ctx.session.execute(query).scalars().all()))
    at = desk(ctx, in_force, [lead.id for lead in leads])
    lines = [(lead, choose(ctx, at, lead)) for lead in leads]
    totals: dict[int, int] = {}
    for _lead, chosen in lines:
        user_id = chosen.user_id if chosen else 0
        totals[user_id] = totals.get(user_id, 0) + 1
    names = people.user_names(ctx, [i for i in totals if i])
    return Rehearsed(lines=list(reversed(lines)), totals=totals, names=names)
