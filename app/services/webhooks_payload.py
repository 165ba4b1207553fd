"""What a webhook is told of an event: what its owner may see of it, with UIDs and no numbers of rows (DECISIONS 24)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field
from app.kernel.errors import KithError, NotAllowed, NotVisible
from app.models import EventRow, Webhook, WebhookDelivery
from app.services import access, api_values, filters
from app.services.api_refs import Uids, targets
from app.services.values import load, revive

TEST = "webhook.test"


class Untold(KithError):
    """A webhook is not told of an event; the sentence says why."""


class Untellable(KithError):
    """A webhook cannot be told of an event until somebody puts something right; the sentence says what."""


def body_of(ctx: Context, hook: Webhook, delivery: WebhookDelivery) -> str:
    """Return the body for the principal of a context, who is the webhook's owner.

    Raises Untold when he may not see the record or nothing of the change, or the filter leaves it out; Untellable when
    the event is gone or the filter cannot be used any more.
    """
    if delivery.topic == TEST:
        return envelope(delivery.uid, TEST, delivery.created_at, {"webhook": hook.uid})
    event = ctx.session.get(EventRow, delivery.event_id)
    if event is None:
        raise Untellable(_("The event is not kept any more."))
    kind, record = _record(ctx, event)
    _wanted(ctx, hook, kind, record.id)
    fields = {f.key: f for f in api_values.offered(ctx, kind.key)}
    before, after = load(event.before), load(event.after)
    changed = set(before) | set(after)
    if event.topic == f"{kind.key}.updated" and changed and not changed & set(fields):
        raise Untold(_("Nothing of what changed may be seen by the owner of the webhook."))
    uids = Uids(ctx)
    data = {
        "entity": kind.key,
        "uid": record.uid,
        "source": event.source,
        "before": _shown(fields, before, uids),
        "after": _shown(fields, after, uids),
    }
    return envelope(delivery.uid, event.topic, event.at, data)


def envelope(uid: str, topic: str, at: datetime, data: Mapping[str, Any]) -> str:
    """Return a message as it is sent: its id, type and time, and the data."""
    whole = {"id": uid, "type": topic, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _record(ctx: Context, event: EventRow) -> tuple[Entity, Any]:
    if not ctx.schema.has(event.entity) or not ctx.schema.entity(event.entity).api:
        raise Untold(_("Programs are told nothing of this kind of record."))
    kind = ctx.schema.entity(event.entity)
    try:
        access.require(ctx, f"{kind.key}.view")
        return kind, access.get(ctx, kind.model, event.record_id or 0, trash=True)
    except (NotVisible, NotAllowed) as error:
        raise Untold(_("The owner of the webhook may not see the record, or it is gone.")) from error


def _wanted(ctx: Context, hook: Webhook, kind: Entity, record_id: int) -> None:
    if hook.entity and hook.entity != kind.key:
        raise Untold(_("The webhook is about another kind of record."))
    if not hook.filter:
        return
    try:
        where = filters.criterion(ctx, kind.key, hook.filter)
    except filters.ExprError as error:
        raise Untellable(_("The filter cannot be used any more: %(why)s", why=str(error))) from error
    model: Any = kind.model
    query = select(model.id).where(model.id == record_id, where)
    if ctx.session.execute(query, execution_options={access.WITH_TRASH: True}).first() is None:
        raise Untold(_("The filter leaves this record out."))


def _shown(fields: Mapping[str, Field], values: Mapping[str, Any], uids: Uids) -> dict[str, Any]:
    """Return the values of fields that may be seen, as the API tells them."""
    known = {key: (fields[key], revive(fields[key], value)) for key, value in values.items() if key in fields}
    uids.prefetch(target for of, value in known.values() for target in targets(of, [value]))
    return {key: api_values.encoded(of, [value], uids)[0] for key, (of, value) in known.items()}
