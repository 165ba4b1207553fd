"""The nightly tidying: what has had its time goes, in small transactions that can stop anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app.house import house
from app.kernel.context import Context
from app.models import EventRow, JobRow
from app.services import (
    api_tokens,
    approvals_deciding,
    bulk,
    custom_fields,
    dav_books,
    dav_receipts,
    file_sweep,
    importing,
    last_contact,
    links,
    notifications,
    oauth_grants,
    outbox,
    own_types,
    records,
    reminders_sending,
    sessions,
    throttle,
    webhooks_log,
    webhooks_receiving,
)

BATCH = 500
EVENT_DAYS = 30


def tidy(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `tidy`: empty the trash, forget delivered events, ended sessions, links and throttles."""
    config = house().config
    events = _again(lambda: forget_events(ctx, ctx.now - timedelta(days=EVENT_DAYS)))
    trashed = 0
    for entity in ctx.schema.entities() if config.trash_days else ():
        trashed += empty_trash(ctx, entity.key, ctx.now - timedelta(days=config.trash_days))
    sessions.purge(ctx, config)
    links.purge(ctx)
    throttle.purge(ctx)
    api_tokens.purge(ctx)
    dav_books.purge(ctx)
    dav_receipts.purge(ctx)
    oauth_grants.purge(ctx)
    importing.forget(ctx)
    bulk.forget(ctx)
    _again(lambda: custom_fields.forget(ctx))
    _again(lambda: own_types.forget(ctx))
    files = file_sweep.sweep(ctx)
    _again(lambda: notifications.forget(ctx))
    _again(lambda: approvals_deciding.forget(ctx))
    _again(lambda: reminders_sending.forget(ctx, notifications.DAYS))
    _again(lambda: webhooks_log.forget(ctx))
    _again(lambda: webhooks_receiving.forget(ctx))
    last_contact.arrived(ctx, ctx.now - timedelta(days=2))
    ctx.log.info(
        "tidied up: %d events forgotten, %d records left the trash, %d files removed", events, trashed, files
    )


def forget_events(ctx: Context, before: datetime) -> int:
    """Remove up to a batch of events that are older and that no delivery still needs; returns how many."""
    with ctx.unit():
        needed = _oldest_needed(ctx)
        query = select(EventRow.id).where(EventRow.at < before).order_by(EventRow.id).limit(BATCH)
        if needed is not None:
            query = query.where(EventRow.id < needed)
        ids = ctx.session.execute(query).scalars().all()
        ctx.session.execute(delete(EventRow).where(EventRow.id.in_(ids)))
    return len(ids)


def empty_trash(ctx: Context, entity: str, before: datetime) -> int:
    """Remove for good the records of an entity that were put into the trash earlier; returns how many."""
    model = ctx.schema.entity(entity).model
    old = select(model.id).where(model.deleted_at < before).order_by(model.id).limit(BATCH)
    return _again(lambda: _purge(ctx, entity, old))


def _purge(ctx: Context, entity: str, old: Any) -> int:
    ids: Sequence[int] = ctx.session.execute(old, execution_options={"with_trash": True}).scalars().all()
    return records.purge(ctx, entity, ids) if ids else 0


def _oldest_needed(ctx: Context) -> int | None:
    """The first event of the oldest delivery that is still open, parked or given up."""
    first = select(func.min(JobRow.id)).where(JobRow.name.startswith(outbox.PREFIX)).scalar_subquery()
    text = ctx.session.execute(select(JobRow.args).where(JobRow.id == first)).scalar()
    return outbox.first_event(text) if text else None


def _again(step: Callable[[], int]) -> int:
    total = 0
    while count := step():
        total += count
    return total
