"""Changing rules, and what a change would do: tried on leads that are there, without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.sdk import Context, NotVisible, _
from app.sdk.services import access, enqueue, unit

from . import options, routing, scoring
from .models import Lead, LeadReason, ScoreRule
from .permissions import RULES

LOOKED_AT = 1000
SHOWN = 20
RESCORE = "sales.leads_score"


@unit
def save(ctx: Context, model: type[Any], described: Any) -> Any:
    """Store a rule that a form described; scores are worked out anew in the background."""
    access.require(ctx, RULES)
    rule = get(ctx, model, described.id) if described.id else model()
    for name, value in vars(described).items():
        if name != "id":
            setattr(rule, name, value)
    ctx.session.add(rule)
    ctx.session.flush()
    if model is ScoreRule:
        enqueue(ctx, RESCORE, key=RESCORE, user_id=None)
    return rule


@unit
def remove(ctx: Context, model: type[Any], rule_id: int) -> None:
    """Take a rule away."""
    access.require(ctx, RULES)
    ctx.session.delete(get(ctx, model, rule_id))
    if model is ScoreRule:
        enqueue(ctx, RESCORE, key=RESCORE, user_id=None)


def get(ctx: Context, model: type[Any], rule_id: int) -> Any:
    """Return a rule. Raises NotVisible."""
    found = ctx.session.get(model, rule_id)
    if found is None:
        raise NotVisible(_("There is no such rule."))
    return found


def every(ctx: Context, model: type[Any]) -> Sequence[Any]:
    """Return all rules of a sort in order, also those that are not in force."""
    query = select(model).order_by(model.position, model.id).limit(200)
    return ctx.session.execute(query).scalars().all()


def with_draft(in_force: Sequence[Any], draft: Any) -> list[Any]:
    """Return the rules as they would be with a draft among them, in order."""
    others = [rule for rule in in_force if rule.id != draft.id or not draft.id]
    found = [*others, draft] if draft.active else others
    return sorted(found, key=lambda rule: (rule.position, rule.id or 1_000_000))


def rehearse(ctx: Context, draft: Any) -> routing.Rehearsed:
    """Tell to whom the last hundred leads would go with a draft."""
    return routing.rehearse(ctx, with_draft(routing.rules(ctx), draft))


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a draft changes: how many leads of each grade before and after, and the greatest changes."""

    looked_at: int
    before: dict[str, int]
    after: dict[str, int]
    changes: Sequence[tuple[Lead, int, int]]


def preview(ctx: Context, draft: Any) -> Preview:
    """Tell how the latest thousand leads would be scored with a draft, beside how they are with the rules in force."""
    in_force = list(scoring.rules(ctx))
    query = select(Lead).order_by(Lead.id.desc()).limit(LOOKED_AT)
    leads = ctx.session.execute(query).scalars().all()
    ids = [lead.id for lead in leads]
    old, new = (scoring.points(ctx, which, ids) for which in (in_force, with_draft(in_force, draft)))
    settled = options.of(ctx)
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    changes = []
    for lead in leads:
        was, becomes = scoring.total(old[lead.id]), scoring.total(new[lead.id])
        for counted, score in ((before, was), (after, becomes)):
            grade = scoring.grade_of(settled, score)
            counted[grade] = counted.get(grade, 0) + 1
        if was != becomes:
            changes.append((lead, was, becomes))
    changes.sort(key=lambda change: (-abs(change[2] - change[1]), change[0].id))
    return Preview(looked_at=len(leads), before=before, after=after, changes=changes[:SHOWN])


@unit
def save_reasons(ctx: Context, labels: dict[int, str], new: str) -> None:
    """Rename the reasons for giving up; one without a label is offered no more, `new` is added at the end."""
    access.require(ctx, RULES)
    for reason in ctx.session.execute(select(LeadReason)).scalars():
        if reason.id in labels:
            text = labels[reason.id].strip()[:120]
            reason.retired = not text
            reason.label = text or reason.label
    if new.strip():
        ctx.session.add(LeadReason(label=new.strip()[:120], position=1000))
