"""Telling what happened: BEFORE subscribers inside the transaction, one event row per record, the rest by the outbox.

Emitted by services, never by ORM listeners.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from app.kernel.context import Context
from app.kernel.contributions import On, Phase
from app.kernel.events import MAX_DEPTH, Event, concerns, matches
from app.models import EventRow
from app.services import guarded, mass, mass_records, outbox, webhooks_planning
from app.services.unit import current
from app.services.values import Dump, dump

MANY = 20
"""So many events of one act are stored by one statement."""


class Stored(NamedTuple):
    """What the outbox needs of an event that was stored together with many."""

    id: int
    topic: str
    entity: str
    record_id: int | None
    after: str


class Bus:
    """`ctx.events`: what plugins use to tell of their own topics."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def emit(
        self,
        topic: str,
        *,
        entity: str = "",
        record_ids: Iterable[int] = (),
        payload: Mapping[str, Any] | None = None,
    ) -> None:
        """Tell that something happened, once per record (or once without one), within the open unit."""
        after = dict(payload or {})
        ids: Sequence[int | None] = list(record_ids) or [None]
        told = [event(self._ctx, topic, entity=entity, record_id=i, after=after) for i in ids]
        before(self._ctx, told)
        after_commit(self._ctx, told)


def event(ctx: Context, topic: str, **what: Any) -> Event:
    """Return the envelope of something that happens now, by the context's principal; `what` are fields of Event."""
    by: dict[str, Any] = {"actor_id": ctx.user.id, "source": ctx.source, "at": ctx.now, "depth": ctx.depth}
    return Event(topic=topic, **by, **what)


def before(ctx: Context, events: Sequence[Event]) -> None:
    """Ask the BEFORE subscribers. Raises Refuse with a sentence when one objects (or a critical one fails)."""
    topics = {e.topic for e in events}
    for on in subscribers(ctx, Phase.BEFORE):
        about = any(matches(on.topic, topic) for topic in topics)
        wanted = [e for e in events if concerns(on, e.topic, e.after)] if about else []
        if wanted:
            guarded.before(on, ctx, wanted)


def after_commit(ctx: Context, events: Sequence[Event], *, dump: Dump = dump) -> None:
    """Store the events in this transaction and let the outbox deliver them once it is committed.

    `dump` may know what their values are in JSON.
    """
    unit = current(ctx.session)
    if unit is None:
        raise RuntimeError("Events are told within a unit; decorate the service function with @unit.")
    operation = unit.memory.get("operation")
    act = operation.id if operation is not None else None
    rows = [_row(e, act, dump) for e in events]
    stored = _stored(ctx, rows)
    ctx.topics.extend(t for t in dict.fromkeys(e.topic for e in events) if t not in ctx.topics)
    if ctx.depth >= MAX_DEPTH:
        ctx.log.warning("events caused by events %d deep: %s is not delivered", ctx.depth, events[0].topic)
        return
    told = unit.memory.setdefault("events", [])
    if stored and not told:
        unit.before_commit.append(lambda: outbox.plan(ctx, unit))
    told.extend(stored)


def subscribers(ctx: Context, phase: Phase) -> Sequence[On]:
    """Return the subscriptions of enabled owners for a phase."""
    return [on for on in ctx.schema.all(On) if on.phase is phase]


def _stored(ctx: Context, rows: Sequence[dict[str, Any]]) -> Sequence[Any]:
    """Store events and return what the outbox needs of them, of those that somebody may want to hear."""
    topics = {row["topic"] for row in rows}
    if not outbox.heard(topics) and not webhooks_planning.heard(ctx, topics):
        mass.put(ctx.session, EventRow, rows)
        return []
    if len(rows) < MANY:
        made = [EventRow(**row) for row in rows]
        ctx.session.add_all(made)
        return made
    ctx.session.flush()
    ids = mass_records.numbers(ctx.session, EventRow, len(rows))
    mass.put_apart(ctx.session, EventRow, [{"id": i, **row} for i, row in zip(ids, rows, strict=True)])
    return [
        Stored(i, row["topic"], row["entity"], row["record_id"], row["after"])
        for i, row in zip(ids, rows, strict=True)
    ]


def _row(e: Event, operation_id: int | None, dump: Dump) -> dict[str, Any]:
    return {
        "topic": e.topic,
        "entity": e.entity,
        "record_id": e.record_id,
        "before": dump(e.before),
        "after": dump(e.after),
        "actor_id": e.actor_id,
        "source": e.source,
        "at": e.at,
        "depth": e.depth,
        "operation_id": e.operation_id or operation_id,
    }
