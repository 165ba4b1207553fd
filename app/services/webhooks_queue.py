"""The queue of webhooks: which delivery is next for each, and what becomes of it (DECISIONS 16 and 19).

A webhook has one message under way at a time. An event of a record waits until the earlier one of the same record was
delivered or given up; what failed lets untried ones of other records go first. While an address does not answer, it is
tried by the ladder and not once for each event.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_, update

from app.kernel.context import Context
from app.models import JobRow, Webhook, WebhookDelivery
from app.services import jobs
from app.services.outbox import MAX_ATTEMPTS
from app.services.unit import unit
from app.services.webhooks_planning import DEAD, DELIVERED, SEND, SKIPPED, WAITING

LEASE = timedelta(seconds=60)
LOOKED_AT = 100
"""So many due deliveries are looked at to find one that waits for no other."""

ERROR_LIMIT = 500
MOST_HOOKS = 200


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A delivery that this process may send, and the token that proves it."""

    webhook_id: int
    delivery_id: int
    token: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a try ended: delivered when `error` is ""; `again` is whether to try again, `skipped` whether it was not told."""

    body: str = ""
    status: int | None = None
    error: str = ""
    took_ms: int | None = None
    again: bool = True
    skipped: bool = False


# ---------------------------------------------------------------- what is next


def ready(ctx: Context, *, without: Collection[int], limit: int) -> Sequence[int]:
    """Return webhooks that have something to send now, those that were served long ago first."""
    due = exists().where(
        WebhookDelivery.webhook_id == Webhook.id,
        WebhookDelivery.state == WAITING,
        WebhookDelivery.next_at <= ctx.now,
    )
    query = select(Webhook.id).where(_free(ctx.now), Webhook.id.not_in(without), due)
    found = ctx.session.execute(query.order_by(Webhook.retry_at, Webhook.id).limit(limit))
    return found.scalars().all()


def _free(now: datetime) -> ColumnElement[bool]:
    unlocked = or_(Webhook.locked_until.is_(None), Webhook.locked_until < now)
    return and_(Webhook.active.is_(True), Webhook.retry_at <= now, unlocked)


@unit
def take(ctx: Context, webhook_id: int) -> Claim | None:
    """Take the next delivery of a webhook, None when there is none or another process is faster."""
    query = select(Webhook).where(Webhook.id == webhook_id, _free(ctx.now)).with_for_update()
    hook = ctx.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    found = _head(ctx, webhook_id) if hook is not None else None
    if hook is None or found is None:
        return None
    hook.token, hook.locked_until = secrets.token_hex(16), ctx.now + LEASE
    return Claim(webhook_id=webhook_id, delivery_id=found, token=hook.token)


def _head(ctx: Context, webhook_id: int) -> int | None:
    """Find the first delivery that waits for no earlier one; those that do are put off until that one is tried."""
    mine = (WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state == WAITING)
    columns = (WebhookDelivery.id, WebhookDelivery.entity, WebhookDelivery.record_id)
    query = select(*columns).where(*mine, WebhookDelivery.next_at <= ctx.now)
    order = (WebhookDelivery.next_at, WebhookDelivery.id)
    while batch := ctx.session.execute(query.order_by(*order).limit(LOOKED_AT)).all():
        firsts = _firsts(ctx, mine, {(row.entity, row.record_id) for row in batch if row.record_id})
        for row in batch:
            if firsts.get((row.entity, row.record_id), (row.id,))[0] == row.id:
                return int(row.id)
        late = [(row.id, firsts[row.entity, row.record_id][1]) for row in batch]
        if any(
            until <= ctx.now for _id, until in late
        ):  # its first one is due, beyond those that were looked at
            return int(firsts[batch[0].entity, batch[0].record_id][0])
        for until in {until for _id, until in late}:
            ids = [i for i, at in late if at == until]
            ctx.session.execute(
                update(WebhookDelivery).where(WebhookDelivery.id.in_(ids)).values(next_at=until)
            )
    return None


def _firsts(
    ctx: Context, mine: tuple[ColumnElement[bool], ...], records: Collection[tuple[str, int]]
) -> dict[tuple[str, int], tuple[int, datetime]]:
    """Return the first open delivery of each record, and when it is due."""
    if not records:
        return {}
    of = tuple_(WebhookDelivery.entity, WebhookDelivery.record_id)
    first = (
        select(func.min(WebhookDelivery.id))
        .where(*mine, of.in_(sorted(records)))
        .group_by(WebhookDelivery.entity, WebhookDelivery.record_id)
    )
    query = select(
        WebhookDelivery.id, WebhookDelivery.entity, WebhookDelivery.record_id, WebhookDelivery.next_at
    ).where(WebhookDelivery.id.in_(first))
    return {(row.entity, row.record_id): (row.id, row.next_at) for row in ctx.session.execute(query)}


# ---------------------------------------------------------------- what became of it


@unit
def settle(ctx: Context, claim: Claim, outcome: Outcome) -> Webhook | None:
    """Note how a try ended and let the webhook go on; returns it, None when the lease had been lost."""
    mine = select(Webhook).where(Webhook.id == claim.webhook_id, Webhook.token == claim.token)
    hook = ctx.session.execute(
        mine.with_for_update(), execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    delivery = ctx.session.get(WebhookDelivery, claim.delivery_id, populate_existing=True)
    if hook is None or delivery is None:
        return None
    hook.token, hook.locked_until = None, None
    delivery.body, delivery.status, delivery.took_ms = outcome.body, outcome.status, outcome.took_ms
    delivery.error = outcome.error[:ERROR_LIMIT]
    if outcome.skipped:
        delivery.state, delivery.done_at = SKIPPED, ctx.now
        return hook
    delivery.attempts += 1
    if not outcome.error:
        delivery.state, delivery.done_at = DELIVERED, ctx.now
        hook.failing, hook.failing_since, hook.delivered_at = 0, None, ctx.now
        return hook
    if outcome.again:
        hook.failing, hook.failing_since = hook.failing + 1, hook.failing_since or ctx.now
        hook.retry_at = ctx.now + jobs.wait(hook.failing)
    if not outcome.again or delivery.attempts >= MAX_ATTEMPTS:
        delivery.state, delivery.done_at = DEAD, ctx.now
    delivery.next_at = ctx.now + jobs.wait(delivery.attempts)
    return hook


@unit
def come_back(ctx: Context) -> None:
    """Ask for the sender again when the next delivery of any webhook is due."""
    soonest = func.min(WebhookDelivery.next_at).label("soonest")
    query = (
        select(Webhook.retry_at, Webhook.locked_until, soonest)
        .join(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id)
        .where(Webhook.active.is_(True), WebhookDelivery.state == WAITING)
        .group_by(Webhook.id, Webhook.retry_at, Webhook.locked_until)
        .limit(MOST_HOOKS)
    )
    times = [
        max(row.soonest, row.retry_at, row.locked_until or row.retry_at) for row in ctx.session.execute(query)
    ]
    if not times:
        return
    at = max(min(times), ctx.now)
    planned = select(JobRow.id).where(
        JobRow.name == SEND,
        JobRow.state == "ready",
        JobRow.locked_until.is_(None),
        JobRow.run_at <= at,
    )
    if ctx.session.execute(planned.limit(1)).first() is None:
        jobs.enqueue(ctx, SEND, run_at=at, user_id=None)
