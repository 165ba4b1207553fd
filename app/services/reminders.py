"""Reminders: who is to be reminded of a record, and when. Each is sent once (services/reminders_sending)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import Reminder
from app.services import jobs, records
from app.services.unit import unit

SEND = "reminders.send"
"""The job that sends what has come due."""


@unit
def set(
    ctx: Context, entity: str, record_id: int, at_list: Iterable[datetime], user_ids: Iterable[int]
) -> None:
    """Let people be reminded of a record at these instants, instead of those that were planned for it.

    An instant that has passed is planned no more, one that was sent is not sent again, and what somebody snoozed
    stays. Raises NotVisible for a record that the principal may not see.
    """
    records.get(ctx, entity, record_id)
    wanted = {(user, at) for at in at_list if at > ctx.now for user in user_ids}
    present = {(r.user_id, r.at): r for r in planned(ctx, entity, [record_id], sent=True).get(record_id, ())}
    for key, row in present.items():
        if key not in wanted and row.sent_at is None and not row.snoozed:
            ctx.session.delete(row)
    for user, at in sorted(wanted - present.keys()):
        ctx.session.add(Reminder(entity=entity, record_id=record_id, user_id=user, at=at))
    ctx.session.flush()


@unit
def clear(ctx: Context, entity: str, record_ids: Iterable[int]) -> None:
    """Remind nobody of these records any more, snoozed or not: they are done or gone."""
    waiting = delete(Reminder).where(
        Reminder.entity == entity, Reminder.record_id.in_(list(record_ids)), Reminder.sent_at.is_(None)
    )
    ctx.session.execute(waiting, execution_options={"synchronize_session": False})


@unit
def snooze(ctx: Context, entity: str, record_id: int, until: datetime) -> None:
    """Remind the principal alone of a record again. Raises NotVisible when he may not see it."""
    if ctx.user.id is None:
        raise NotVisible("Nobody asks.")
    records.get(ctx, entity, record_id)
    values = {"entity": entity, "record_id": record_id, "user_id": ctx.user.id, "at": until, "snoozed": True}
    again = {"sent_at": None, "snoozed": True}
    statement = jobs.insert_of(ctx, Reminder).values(values)
    ctx.session.execute(
        statement.on_conflict_do_update(index_elements=["entity", "record_id", "user_id", "at"], set_=again)
    )


def planned(
    ctx: Context, entity: str, record_ids: Sequence[int], *, sent: bool = False
) -> Mapping[int, Sequence[Reminder]]:
    """Return the reminders of records that are still to come (and those sent), earliest first: one query."""
    query = select(Reminder).where(Reminder.entity == entity, Reminder.record_id.in_(record_ids))
    if not sent:
        query = query.where(Reminder.sent_at.is_(None))
    found: dict[int, list[Reminder]] = {}
    for row in ctx.session.execute(query.order_by(Reminder.at, Reminder.id)).scalars():
        found.setdefault(row.record_id, []).append(row)
    return found
