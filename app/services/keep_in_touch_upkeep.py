"""Keeps the day by which each contact should hear from us, on the contact's row: lists and Today find it by an index.

Whatever moves it (a talk, another stage, a tag, a rule of its own) notes the contact; it is worked out once, before
the unit commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select, update

from app.kernel.context import Context
from app.models import NEVER, SOMEDAY, Contact, TagLink
from app.services.access import UNSCOPED, WITH_TRASH
from app.services.schedules import site_zone
from app.services.unit import current

KEY = "keep_in_touch"
"""The site's setting that holds the rules of stages and tags."""

REFRESH = "keep_in_touch.refresh"
"""The job that works out everybody's day after the rules changed."""

BATCH = 500
NOTED = "keep in touch"
MOVERS = frozenset({"lifecycle_stage", "tags", "keep_in_touch_days"})
WHOLE: Mapping[str, Any] = {
    UNSCOPED: "when somebody should hear from us is a fact about the record, whoever asks",
    WITH_TRASH: True,
}
COLUMNS = (
    Contact.id,
    Contact.lifecycle_stage,
    Contact.keep_in_touch_days,
    Contact.keep_in_touch_on,
    Contact.last_interaction_at,
    Contact.created_at,
)
"""What a contact's day follows from."""

_STATE = select(*COLUMNS).where(Contact.id.in_(bindparam("ids", expanding=True)))
_SET = update(Contact).where(Contact.id == bindparam("of")).values(keep_in_touch_on=bindparam("due"))


def heard(ctx: Context, events: Sequence[Any]) -> None:
    """A subscriber within the transaction: note contacts whose rule may have changed."""
    ruled = bool(ctx.settings.get(KEY))
    stale(
        ctx,
        [
            e.record_id
            for e in events
            if e.entity == "contact"
            and e.record_id is not None
            and (MOVERS & e.after.keys() or (ruled and e.topic.endswith((".created", ".merged"))))
        ],
    )


def stale(ctx: Context, contact_ids: Iterable[int]) -> None:
    """Note that the day of some contacts is to be worked out again before the open unit commits."""
    ids, held = list(contact_ids), current(ctx.session)
    if not ids or held is None:
        return
    if NOTED not in held.memory:
        held.memory[NOTED] = []
        held.before_commit.append(partial(_settle, ctx, held.memory))
    held.memory[NOTED].extend(ids)


def _settle(ctx: Context, memory: dict[str, Any]) -> None:
    ids = sorted(set(memory.pop(NOTED, ())))
    ctx.session.flush()
    for at in range(0, len(ids), BATCH):
        work_out(ctx, ids[at : at + BATCH])


def work_out(ctx: Context, ids: Sequence[int]) -> int:
    """Set the day of contacts within the open unit; returns how many days changed."""
    return settle(ctx, ctx.session.connection().execute(_STATE, {"ids": ids}).all())


def settle(ctx: Context, found: Sequence[Any]) -> int:
    """Set the day of contacts, given as rows of COLUMNS, within the open unit; returns how many days changed."""
    stored = ctx.settings.get(KEY) or {}
    ids = [row.id for row in found]
    tagged = _tagged(ctx, ids, {int(i): days for i, days in (stored.get("tags") or {}).items()})
    stages = stored.get("stages") or {}
    changed = []
    for row in found:
        days = _days(row.keep_in_touch_days, tagged.get(row.id, ()), stages.get(row.lifecycle_stage))
        due = _on(ctx, row, days)
        if due != row.keep_in_touch_on:
            changed.append({"of": row.id, "due": due})
    if changed:
        ctx.session.connection().execute(_SET, changed)
    return len(changed)


def _days(own: int | None, tagged: Sequence[int], stage: int | None) -> int | None:
    """Return the rule that wins: one's own, else the tags' (never before often), else the stage's."""
    if own is not None:
        return own
    return min(tagged) if tagged else stage


def _on(ctx: Context, contact: Any, days: int | None) -> str:
    if days is None:
        return SOMEDAY
    return (base(ctx, contact) + timedelta(days=days)).isoformat() if days else SOMEDAY


def never(ctx: Context) -> dict[str, list[Any]]:
    """Return the stages and tags whose people are not to be kept in touch with: rules of nought, and the former ones."""
    stored = ctx.settings.get(KEY) or {}
    stages = [name for name, days in (stored.get("stages") or {}).items() if not days]
    tags = [int(i) for i, days in (stored.get("tags") or {}).items() if not days]
    return {"silent": ["former", *stages], "mute": tags}


def base(ctx: Context, contact: Any) -> date:
    """Return the day from which a rule counts: the last contact, else when the contact was written down."""
    last: datetime = contact.last_interaction_at
    return site_day(ctx, last if last > NEVER else contact.created_at)


def site_day(ctx: Context, at: datetime) -> date:
    """Return the day of an instant where the house is: one for everybody, as it is kept."""
    return at.astimezone(site_zone(ctx)).date()


def _tagged(ctx: Context, ids: Sequence[int], rules: Mapping[int, int]) -> dict[int, list[int]]:
    if not rules:
        return {}
    query = select(TagLink.record_id, TagLink.tag_id).where(
        TagLink.entity == "contact", TagLink.record_id.in_(ids), TagLink.tag_id.in_(list(rules))
    )
    found: dict[int, list[int]] = {}
    for record_id, tag_id in ctx.session.execute(query):
        found.setdefault(record_id, []).append(rules[tag_id])
    return found


def refresh(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `keep_in_touch.refresh`: work out the day of every contact, in small transactions."""
    last = 0
    while True:
        query = select(Contact.id).where(Contact.id > last).order_by(Contact.id).limit(BATCH)
        with ctx.unit():
            ids = ctx.session.execute(query, execution_options=WHOLE).scalars().all()
            if not ids:
                return
            work_out(ctx, ids)
        last = ids[-1]
