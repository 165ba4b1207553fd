"""The outbox: what subscribers are to be told is written in the transaction of the change itself.

A row per (unit, subscription) with the ids of its events. Nobody subscribed, nothing written.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from app.house import house
from app.kernel.context import Context
from app.kernel.contributions import On, Phase
from app.kernel.events import Event, concerns, matches
from app.models import EventRow, JobRow
from app.services import jobs, webhooks_planning
from app.services.values import load

PREFIX = "on:"
"""The names of deliveries in the job table begin with it."""

AT_ONCE = timedelta(seconds=30)
"""The lease under which the process of the change itself may deliver; afterwards the worker does."""

MAX_ATTEMPTS = 11


def subscriptions() -> Mapping[str, On]:
    """Return the AFTER and BACKGROUND subscriptions of all loaded owners by the name of their deliveries."""
    found: dict[str, On] = {}
    for on in house().registry.loaded(On):
        if on.phase is not Phase.BEFORE:
            name, number = _name(on), 1
            while name in found:
                number += 1
                name = f"{_name(on)}#{number}"
            found[name] = on
    return found


def heard(topics: Iterable[str]) -> bool:
    """Tell whether any subscription is about one of some topics, its owner enabled or not."""
    return any(matches(on.topic, topic) for on in subscriptions().values() for topic in topics)


def plan(ctx: Context, unit: Any) -> None:
    """Write a delivery for each subscription that an event of this unit matches, in its transaction.

    Those of AFTER are leased to this process, which delivers them as soon as the unit is committed.
    """
    ctx.session.flush()
    rows = [row for row in unit.memory["events"] if row.id is not None]  # None: rolled back within a plugin
    told = {(topic, frozenset(load(after))) for topic, after in {(row.topic, row.after) for row in rows}}
    webhooks_planning.plan(ctx, rows)
    spans = _spans(row.id for row in rows)
    operation = unit.memory.get("operation")
    now: list[JobRow] = []
    later = False
    for name, on in subscriptions().items():
        if not _enabled(on.owner) or not any(concerns(on, topic, changed) for topic, changed in told):
            continue
        job = _delivery(ctx, name, on, spans, operation.id if operation is not None else None)
        ctx.session.add(job)
        if on.phase is Phase.AFTER and house().worker is not None:
            job.token, job.locked_until, job.attempts = secrets.token_hex(16), ctx.now + AT_ONCE, 1
            now.append(job)
        else:
            later = True
    ctx.session.flush()
    if later:
        jobs.wake_after(ctx)
    if now:
        claims = [jobs.as_claim(job) for job in now]
        unit.after_commit.append(lambda: house().worker.deliver(claims))


def _delivery(ctx: Context, name: str, on: On, spans: list[list[int]], operation_id: int | None) -> JobRow:
    return JobRow(
        name=name,
        owner=on.owner,
        args=json.dumps({"events": spans}),
        run_at=ctx.now,
        priority=4 if on.phase is Phase.AFTER else 5,
        state="ready",
        attempts=0,
        max_attempts=MAX_ATTEMPTS,
        user_id=ctx.user.id,
        depth=ctx.depth + 1,
        caused_by=operation_id,
        created_at=ctx.now,
    )


def read(ctx: Context, args: Mapping[str, Any], on: On) -> Sequence[Event]:
    """Return the events of a delivery that the subscription is about, in the order in which they happened."""
    rows: list[EventRow] = []
    for spans in batched(args["events"], 100):
        within = or_(*(EventRow.id.between(first, last) for first, last in spans))
        rows += ctx.session.execute(select(EventRow).where(within).order_by(EventRow.id)).scalars()
    found = [_event(row) for row in rows if matches(on.topic, row.topic)]
    return [event for event in found if concerns(on, event.topic, event.after)]


def first_event(args: str) -> int:
    """Return the id of the first event that a delivery with these arguments is about."""
    return int(min(first for first, _last in json.loads(args)["events"]))


def batched(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Return a sequence in slices: SQLite refuses expressions of a thousand terms."""
    return (items[at : at + size] for at in range(0, len(items), size))


def _event(row: EventRow) -> Event:
    return Event(
        id=row.id,
        topic=row.topic,
        entity=row.entity,
        record_id=row.record_id,
        before=load(row.before),
        after=load(row.after),
        actor_id=row.actor_id,
        source=row.source,
        at=row.at,
        depth=row.depth,
        operation_id=row.operation_id,
    )


def _spans(ids: Iterable[int]) -> list[list[int]]:
    """Return ids as [first, last] spans without gaps: ids between two of a unit's own are its own."""
    spans: list[list[int]] = []
    for i in sorted(ids):
        if spans and i == spans[-1][1] + 1:
            spans[-1][1] = i
        else:
            spans.append([i, i])
    return spans


def _name(on: On) -> str:
    label = on.name or f"{on.topic}:{getattr(on.run, '__qualname__', type(on.run).__name__)}"
    return f"{PREFIX}{on.owner}:{label}"[:150]


def _enabled(owner: str) -> bool:
    return owner == "core" or house().registry.enabled(owner)
