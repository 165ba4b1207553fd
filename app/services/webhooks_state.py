"""Whether webhooks are on: switched off by hand, by a receiver that wants no more, or after days of failures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.i18n import _l
from app.kernel.context import Context
from app.models import Webhook
from app.services import audit, notifications, notify_channels, settings
from app.services.webhooks_planning import OWNER, TOPICS

OFF_AFTER = timedelta(days=4)
"""A little longer than one delivery is tried: then nothing was delivered for days."""

BY_HAND, GONE, FAILING = "hand", "gone", "failing"
NOTICE = "webhook"


def publish(ctx: Context) -> None:
    """Tell every process which topics are listened to, within the open unit."""
    rows = ctx.session.execute(select(Webhook.id, Webhook.topics).where(Webhook.active.is_(True)))
    settings.save(ctx, {TOPICS: {str(row.id): row.topics for row in rows}}, owner=OWNER)


def switch_on(ctx: Context, hook: Webhook) -> None:
    """Let a webhook be told again, from what still waits on, within the open unit."""
    hook.active, hook.off_reason = True, ""
    hook.failing, hook.failing_since, hook.retry_at = 0, None, ctx.now
    publish(ctx)


def switch_off(ctx: Context, hook: Webhook, reason: str) -> None:
    """Tell a webhook nothing more, within the open unit; what waits is kept until it is switched on or too old."""
    hook.active, hook.off_reason = False, reason
    audit.note(ctx, "webhook.off", f"webhook:{hook.id}", name=hook.name, reason=reason)
    publish(ctx)


def failed(ctx: Context, hook: Webhook, *, gone: bool) -> None:
    """Switch a webhook off whose receiver wants no more or fails for days, and tell its owner; within the open unit."""
    since = hook.failing_since
    if not hook.active or not (gone or (since is not None and ctx.now - since >= OFF_AFTER)):
        return
    switch_off(ctx, hook, GONE if gone else FAILING)
    text: Any = (
        _l("The webhook “%(name)s” was switched off: its receiver wants nothing more.", name=hook.name)
        if gone
        else _l("The webhook “%(name)s” was switched off: nothing was delivered for days.", name=hook.name)
    )
    url = notify_channels.path("admin_webhooks.show", hook_id=hook.id)
    key = f"webhook {hook.id} {ctx.now.isoformat()}"
    notifications.send(ctx, [hook.user_id], NOTICE, text, url=url, key=key)
