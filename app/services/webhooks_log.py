"""What was sent to a webhook and what came back: a page of it, sent anew, tried out, forgotten after a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import Webhook, WebhookDelivery, new_uid
from app.services import access, audit, jobs, webhooks
from app.services.unit import unit
from app.services.webhooks_payload import TEST
from app.services.webhooks_planning import DEAD, SEND, WAITING

STATES = (WAITING, "delivered", DEAD, "skipped")
KEPT = timedelta(days=30)
BATCH = 500
COUNTED = 1000
"""No count goes further."""


def page(
    ctx: Context, hook_id: int, *, before: int = access.GREATEST_ID, state: str = "", limit: int = 50
) -> Sequence[WebhookDelivery]:
    """Return deliveries of a webhook with an id below `before`, the latest first. Raises NotAllowed, NotVisible."""
    hook = webhooks.get(ctx, hook_id)
    query = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == hook.id, WebhookDelivery.id < max(1, min(before, access.GREATEST_ID))
    )
    if state in STATES:
        query = query.where(WebhookDelivery.state == state)
    return ctx.session.execute(query.order_by(WebhookDelivery.id.desc()).limit(limit)).scalars().all()


def counts(ctx: Context, hook_ids: Sequence[int]) -> Mapping[tuple[int, str], int]:
    """Return how many deliveries of webhooks wait or are dead, counted no further than COUNTED."""
    found: dict[tuple[int, str], int] = {}
    for hook_id in hook_ids:
        for state in (WAITING, DEAD):
            some = select(WebhookDelivery.id).where(
                WebhookDelivery.webhook_id == hook_id, WebhookDelivery.state == state
            )
            query = select(func.count()).select_from(some.limit(COUNTED).subquery())
            found[hook_id, state] = ctx.session.execute(query).scalar_one()
    return found


def one(ctx: Context, hook_id: int, delivery_id: int) -> WebhookDelivery:
    """Return a delivery of a webhook. Raises NotAllowed, NotVisible."""
    webhooks.get(ctx, hook_id)
    found = None
    if 0 < delivery_id <= access.GREATEST_ID:
        found = ctx.session.get(WebhookDelivery, delivery_id)
    if found is None or found.webhook_id != hook_id:
        raise NotVisible(_("There is no such delivery."))
    return found


@unit
def replay(ctx: Context, hook_id: int, delivery_id: int) -> None:
    """Send a delivery anew, with the same id, whatever became of it. Raises NotAllowed, NotVisible."""
    delivery = one(ctx, hook_id, delivery_id)
    _anew(ctx, hook_id, WebhookDelivery.id == delivery.id)
    audit.note(ctx, "webhook.replay", f"webhook:{hook_id}", delivery=delivery.uid)


@unit
def replay_dead(ctx: Context, hook_id: int) -> int:
    """Send everything anew that was given up; returns how much. Raises NotAllowed, NotVisible."""
    hook = webhooks.get(ctx, hook_id)
    count = _anew(ctx, hook.id, WebhookDelivery.state == DEAD)
    audit.note(ctx, "webhook.replay", f"webhook:{hook.id}", count=count)
    return count


@unit
def send_now(ctx: Context, hook_id: int) -> None:
    """Try at once what waits for its next try. Raises NotAllowed, NotVisible."""
    hook = webhooks.get(ctx, hook_id)
    _anew(ctx, hook.id, WebhookDelivery.state == WAITING)


@unit
def test(ctx: Context, hook_id: int) -> WebhookDelivery:
    """Send a message of the topic `webhook.test`, whether or not the webhook listens to anything."""
    hook = webhooks.get(ctx, hook_id)
    made = WebhookDelivery(
        uid=new_uid(),
        webhook_id=hook.id,
        topic=TEST,
        state=WAITING,
        attempts=0,
        next_at=ctx.now,
        created_at=ctx.now,
    )
    ctx.session.add(made)
    _due(ctx, hook.id)
    return made


@unit
def forget(ctx: Context) -> int:
    """Remove up to a batch of deliveries that are older than a month; returns how many."""
    old = select(WebhookDelivery.id).where(WebhookDelivery.created_at < ctx.now - KEPT).limit(BATCH)
    ids = ctx.session.execute(old).scalars().all()
    ctx.session.execute(delete(WebhookDelivery).where(WebhookDelivery.id.in_(ids)))
    return len(ids)


def _anew(ctx: Context, hook_id: int, which: object) -> int:
    fresh = {"state": WAITING, "attempts": 0, "next_at": ctx.now, "done_at": None}
    query = update(WebhookDelivery).where(WebhookDelivery.webhook_id == hook_id, which)  # type: ignore[arg-type]
    done = ctx.session.execute(query.values(fresh), execution_options={"synchronize_session": "fetch"})
    _due(ctx, hook_id)
    return int(done.rowcount)  # type: ignore[attr-defined]


def _due(ctx: Context, hook_id: int) -> None:
    ctx.session.execute(update(Webhook).where(Webhook.id == hook_id).values(retry_at=ctx.now))
    jobs.enqueue(ctx, SEND, user_id=None)
