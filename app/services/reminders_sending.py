"""Sends the reminders that have come due, each once: the row is taken and the people are told in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from babel.dates import format_datetime
from sqlalchemy import delete, select

from app.i18n import _l
from app.kernel.context import Context
from app.models import Reminder, User
from app.services import notifications, people
from app.services.context import zone
from app.services.notifications import Target
from app.services.unit import unit

BATCH = 100
LATE = timedelta(minutes=15)
"""A reminder that comes later than this says so."""


def send_due(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `reminders.send`, every minute: after a downtime it sends what was due meanwhile."""
    while _batch(ctx):
        pass


@unit
def _batch(ctx: Context) -> int:
    query = (
        select(Reminder)
        .where(Reminder.sent_at.is_(None), Reminder.at <= ctx.now)
        .order_by(Reminder.at, Reminder.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    due = ctx.session.execute(query).scalars().all()
    titles = _titles(ctx, {(r.entity, r.record_id) for r in due})
    readers = _readers(ctx, {r.user_id for r in due})
    for one in due:
        one.sent_at = ctx.now
        target = (one.entity, one.record_id)
        if target in titles:
            text = _words(ctx, one, titles[target], readers.get(one.user_id, ("", "")))
            key = f"reminder:{one.id}:{one.at:%Y%m%dT%H%M%S}"
            notifications.send(ctx, [one.user_id], "reminder", text, about=target, key=key)
    return len(due)


def _titles(ctx: Context, targets: set[Target]) -> dict[Target, str]:
    """Return the names of the records that are still there and not finished; of the others nobody is reminded."""
    named = people.names(ctx, targets)
    open_ = {target for entity in {e for e, _i in named} for target in _open(ctx, entity, targets)}
    return {target: found.name for target, found in named.items() if target in open_}


def _open(ctx: Context, entity: str, targets: set[Target]) -> set[Target]:
    model: Any = ctx.schema.entity(entity).model
    query = select(model.id).where(model.id.in_([i for e, i in targets if e == entity]))
    if hasattr(model, "completed_at"):
        query = query.where(model.completed_at.is_(None))
    return {(entity, i) for i in ctx.session.execute(query).scalars()}


def _readers(ctx: Context, ids: set[int]) -> dict[int, tuple[str, str]]:
    rows = ctx.session.execute(select(User.id, User.locale, User.zone).where(User.id.in_(ids)))
    return {row.id: (row.locale, row.zone) for row in rows}


def _words(ctx: Context, one: Reminder, title: str, reader: tuple[str, str]) -> Any:
    if ctx.now - one.at <= LATE:
        return _l("Reminder: %(what)s", what=title)
    locale = reader[0] or str(ctx.settings.get("locale") or "en")
    where = zone(reader[1] or str(ctx.settings.get("zone") or "UTC"))
    when = format_datetime(one.at, "short", tzinfo=where, locale=locale)
    return _l("Reminder, meant for %(when)s and late: %(what)s", when=when, what=title)


def forget(ctx: Context, days: int, limit: int = 1000) -> int:
    """Remove up to `limit` reminders that were sent longer ago; returns how many."""
    old = select(Reminder.id).where(Reminder.sent_at < ctx.now - timedelta(days=days)).limit(limit)
    with ctx.unit():
        ids: Sequence[int] = ctx.session.execute(old).scalars().all()
        gone = delete(Reminder).where(Reminder.id.in_(ids))
        ctx.session.execute(gone, execution_options={"synchronize_session": False})
    return len(ids)
