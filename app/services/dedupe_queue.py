"""The queue of records that may be the same, as the principal may see and merge both; what people say is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, tuple_

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import DuplicatePair, DuplicateSearch
from app.services import access, dedupe_reading, dedupe_score, dedupe_words
from app.services.dedupe_merging import MOST
from app.services.unit import unit

PAGE = 30
MOST_COUNTED = 1000
"""Pairs that are counted; more are said to be more than that."""

OPEN, DIFFERENT = "open", "different"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two records that may be one: names by which they are shown, how sure it is, and why."""

    id: int
    entity: str
    left: Any
    right: Any
    score: int
    certainty: str
    reasons: Sequence[str]


def page(
    ctx: Context, entity: str, *, state: str = OPEN, after: tuple[int, int] | None = None, limit: int = PAGE
) -> list[Pair]:
    """Return pairs, the surest first; `after` is score and id of the last one of the page before."""
    pair = DuplicatePair
    query = _query(ctx, entity, state).order_by(pair.score.desc(), pair.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(pair.score, pair.id) < tuple_(*after))
    rows = ctx.session.execute(query).scalars().all()
    model = ctx.schema.entity(entity).model
    both = select(model).where(model.id.in_({i for row in rows for i in (row.left_id, row.right_id)}))
    there = {record.id: record for record in ctx.session.execute(both).scalars()}
    return [_pair(row, there[row.left_id], there[row.right_id]) for row in rows]


def count(ctx: Context, entity: str) -> int:
    """Return how many pairs wait, counted up to one more than `MOST_COUNTED`."""
    query = _query(ctx, entity, OPEN).with_only_columns(DuplicatePair.id).limit(MOST_COUNTED + 1)
    return ctx.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def entities(ctx: Context) -> list[str]:
    """Return the entities whose records the principal may merge."""
    return [e for e in dedupe_reading.READERS if ctx.may(f"{e}.merge") and ctx.may(f"{e}.view")]


def of_record(ctx: Context, entity: str, record_id: int, limit: int = MOST - 1) -> list[int]:
    """Return the records that may be the same as one, the surest first."""
    if entity not in dedupe_reading.READERS or not ctx.may(f"{entity}.merge"):
        return []
    pair = DuplicatePair
    query = _query(ctx, entity, OPEN).with_only_columns(pair.left_id, pair.right_id)
    query = query.where(or_(pair.left_id == record_id, pair.right_id == record_id))
    rows = ctx.session.execute(query.order_by(pair.score.desc(), pair.id.desc()).limit(limit))
    return [row.right_id if row.left_id == record_id else row.left_id for row in rows]


def group(ctx: Context, entity: str, ids: Sequence[int]) -> list[int]:
    """Return further records that may be the same as some, directly or through another one; at most `MOST` in all."""
    found, waiting = list(dict.fromkeys(ids)), list(ids)
    while waiting and len(found) < MOST:
        new = [i for i in of_record(ctx, entity, waiting.pop(0)) if i not in found]
        found += new
        waiting += new
    return found[len(ids) : MOST]


def looked(ctx: Context, entity: str) -> DuplicateSearch | None:
    """Return the last search through the records of an entity."""
    return ctx.session.execute(
        select(DuplicateSearch).where(DuplicateSearch.entity == entity)
    ).scalar_one_or_none()


@unit
def say(ctx: Context, entity: str, ids: Sequence[int], state: str) -> None:
    """Remember that records are different (or take that back): each two of them. Raises NotVisible, NotAllowed, Invalid."""
    if entity not in dedupe_reading.READERS or state not in (OPEN, DIFFERENT):
        raise NotVisible(_("There is no such page."))
    wanted = sorted(set(ids))
    if not 2 <= len(wanted) <= MOST:
        raise Invalid({"id": _("Choose from two to %(most)s records.", most=MOST)})
    model = ctx.schema.entity(entity).model
    for record_id in wanted:
        access.get(ctx, model, record_id, "merge")
    pair = DuplicatePair
    profiles = dedupe_reading.some(ctx, entity, wanted)
    for at, one in enumerate(wanted):
        for other in wanted[at + 1 :]:
            query = select(pair).where(pair.entity == entity, pair.left_id == one, pair.right_id == other)
            row = ctx.session.execute(query.with_for_update()).scalar_one_or_none()
            if row is None:
                found = dedupe_score.compare(profiles[one], profiles[other])
                row = pair(entity=entity, left_id=one, right_id=other, score=found.percent)
                row.reasons = " ".join(found.reasons)
                ctx.session.add(row)
            row.state, row.decided_by, row.decided_at = state, ctx.user.id, ctx.now
            row.found_at = ctx.now
    ctx.session.flush()


def _query(ctx: Context, entity: str, state: str) -> Any:
    """Return the select of pairs of which the principal may merge both records."""
    model, pair = ctx.schema.entity(entity).model, DuplicatePair
    able = access.criterion(ctx, model, "merge")

    def within(record_id: Any) -> Any:
        return select(model.id).where(model.id == record_id, able).correlate(pair).exists()

    query = select(pair).where(pair.entity == entity, pair.state == state)
    return query.where(within(pair.left_id), within(pair.right_id))


def _pair(row: DuplicatePair, left: Any, right: Any) -> Pair:
    return Pair(
        id=row.id,
        entity=row.entity,
        left=left,
        right=right,
        score=row.score,
        certainty=dedupe_words.certainty(row.score),
        reasons=dedupe_words.reasons(row.reasons.split()),
    )
