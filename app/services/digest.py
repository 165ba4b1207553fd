"""The daily mail: what is overdue and due, who should hear from us, whose birthday it is. Nothing to say, no mail.

Each person has one a day at most: that it was sent is written in the transaction that queues it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.i18n import speaking
from app.kernel.context import Context
from app.models import Setting, Task, User
from app.services import (
    digest_mail,
    important_dates,
    jobs,
    keep_in_touch,
    mailing,
    notifications,
    notify_channels,
    notify_preferences,
    settings,
    tasks,
)
from app.services.context import zone
from app.services.important_dates import Upcoming
from app.services.keep_in_touch import Due
from app.services.notify_preferences import Preferences
from app.services.unit import unit

SEND = "digest.send"
"""The job that writes one person's digest."""

SENT = "digest_sent"
"""The user's setting that holds the day of the last digest."""

MOST = 15
DATES_DAYS = 3


@dataclass(frozen=True, kw_only=True)
class Day:
    """What there is to say to one person today."""

    late: Sequence[Task]
    due: Sequence[Task]
    cold: Sequence[Due]
    dates: Sequence[Upcoming]

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self.late or self.due or self.cold or self.dates)


def begin(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `digest.begin`, every 15 minutes: ask for the digests whose hour has come."""
    if not notify_channels.mail_ready(ctx):
        return
    people = ctx.session.execute(select(User.id, User.zone).where(User.active.is_(True))).all()
    chosen = notify_preferences.of(ctx, [p.id for p in people])
    sent = _sent(ctx)
    for person in people:
        day = due_day(chosen[person.id], ctx.now, _zone(ctx, person.zone))
        if day and sent.get(person.id, "") < day:
            args = {"user_id": person.id, "day": day}
            jobs.enqueue(ctx, SEND, args, key=f"digest:{person.id}", user_id=None)


def due_day(chosen: Preferences, now: datetime, where: ZoneInfo) -> str:
    """Return the day for which somebody's digest is due now, an empty text when none is."""
    here = now.astimezone(where)
    wanted = chosen.digest and here.weekday() in chosen.digest_days and here.hour >= chosen.digest_hour
    return here.date().isoformat() if wanted else ""


def send(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `digest.send`: write one person's mail, unless it was sent or he wants none any more."""
    user_id, day = int(args["user_id"]), str(args["day"])
    with notifications.receiving(ctx, user_id) as reader:
        if reader is not None:
            _send(reader, user_id, day)


@unit
def _send(reader: Context, user_id: int, day: str) -> None:
    person = reader.session.get_one(User, user_id)
    chosen = notify_preferences.of(reader, [user_id])[user_id]
    now_due = due_day(chosen, reader.now, _zone(reader, person.zone))
    if now_due != day or _sent(reader).get(user_id, "") >= day:
        return
    settings.save(reader, {SENT: day}, user_id=user_id)
    found = of_day(reader)
    if found:
        with speaking(person.locale or str(reader.settings.get("locale") or "en")):
            mailing.queue_mail(reader, digest_mail.compose(reader, person, found))


def of_day(ctx: Context) -> Day:
    """Return what there is to say to the principal today; a few statements, each with its limit."""
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    found = tasks.open_tasks(ctx, until=today, limit=2 * MOST) if ctx.may("task.view") else ()
    may = ctx.may("contact.view")
    return Day(
        late=[t for t in found if t.due_on < today][:MOST],
        due=[t for t in found if t.due_on == today][:MOST],
        cold=keep_in_touch.due(ctx) if may else (),
        dates=important_dates.upcoming(ctx, DATES_DAYS, limit=MOST) if may else (),
    )


def _sent(ctx: Context) -> dict[int, str]:
    query = select(Setting.user_id, Setting.value).where(Setting.owner == "core", Setting.key == SENT)
    return {row.user_id: str(json.loads(row.value)) for row in ctx.session.execute(query)}


def _zone(ctx: Context, name: str) -> ZoneInfo:
    return zone(name or str(ctx.settings.get("zone") or "UTC"))
