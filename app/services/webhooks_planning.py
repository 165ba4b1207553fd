"""What webhooks are to be told, written in the transaction of the change itself: a row for each event and webhook.

Which topics are listened to is kept with the site's settings, so that a change costs nothing while nobody listens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.kernel.context import Context
from app.kernel.events import matches
from app.models import WebhookDelivery, new_uid
from app.services import jobs, mass, settings

OWNER = "webhook"
"""The owner of the settings: the topics, and the sealed secrets."""

TOPICS = "topics"
SEND = "webhooks.send"
"""The job that sends what is due."""

WAITING, DELIVERED, DEAD, SKIPPED = "waiting", "delivered", "dead", "skipped"
SILENT = ".purged"
"""Nobody may see a record any more that was removed for good: its `deleted` was told before."""


def listening(ctx: Context) -> Mapping[int, Sequence[str]]:
    """Return the topics of each active webhook, by its id."""
    epoch: tuple[int, ...] = getattr(ctx, "epoch", ()) or (0, 0, 0, 0)
    found: Mapping[str, str] = settings.of_owner(ctx.session, epoch[2], OWNER, {}).get(TOPICS, {})
    return {int(hook): topics.split() for hook, topics in found.items()}


def heard(ctx: Context, topics: Iterable[str]) -> bool:
    """Tell whether a webhook listens to one of some topics."""
    hooks = listening(ctx)
    return bool(hooks) and any(_listens(patterns, topic) for topic in topics for patterns in hooks.values())


def plan(ctx: Context, rows: Sequence[Any]) -> None:
    """Write what webhooks are to be told of the events of a unit (rows with id, topic, entity, record_id)."""
    hooks = listening(ctx)
    if not hooks:
        return
    told = [
        _delivery(ctx, hook, row)
        for row in rows
        for hook, patterns in hooks.items()
        if row.record_id is not None and _listens(patterns, row.topic)
    ]
    if told:
        mass.put(ctx.session, WebhookDelivery, told)
        jobs.enqueue(ctx, SEND, user_id=None)


def _listens(patterns: Sequence[str], topic: str) -> bool:
    return not topic.endswith(SILENT) and any(matches(pattern, topic) for pattern in patterns)


def _delivery(ctx: Context, hook: int, row: Any) -> dict[str, Any]:
    return {
        "uid": new_uid(),
        "webhook_id": hook,
        "event_id": row.id,
        "topic": row.topic,
        "entity": row.entity,
        "record_id": row.record_id,
        "state": WAITING,
        "attempts": 0,
        "next_at": ctx.now,
        "created_at": ctx.now,
        "error": "",
        "body": "",
    }
